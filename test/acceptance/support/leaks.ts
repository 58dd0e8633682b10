import { type ClockedNotifier } from './clocked-notifier';

/** Every secret of these tests has this word in it. */
const CANARY = /canary/gi;

/** It in hexadecimal, and in base64 behind 0, 1 and 2 bytes, as far as what stands around it does not matter. */
const ENCODED: readonly string[] = ['43414e415259', 'Q0FOQVJZ', 'NBTkFSW', 'DQU5BUll'];

const MOST = 3;

/** The surroundings of everything that must not be there. */
export function leaks(where: string, text: string): string[] {
  const plain = [...text.matchAll(CANARY)].map(({ index }) => index);
  const encoded = ENCODED.map((part) => text.indexOf(part)).filter((at) => at >= 0);
  return [...plain, ...encoded].slice(0, MOST).map((at) => `${where}: …${text.slice(Math.max(0, at - 60), at + 40)}…`);
}

const PATHS: readonly string[] = [
  ...['status', 'receivers', 'alerts', 'alerts/groups', 'silences', 'openapi.json'].map((name) => `/api/v2/${name}`),
  ...['config', 'config/lint', 'cluster', 'dead-letters', 'timeline?limit=1000'].map(
    (name) => `/api/tocsin/v1/${name}`,
  ),
  ...['/metrics', '/-/healthy', '/-/ready'],
];

/** What a notifier leaks by its API, about an alert too. */
export async function apiLeaks(notifier: ClockedNotifier, alertname: string): Promise<string[]> {
  const posted = (body: unknown): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const look = async (path: string, init: RequestInit = {}): Promise<string[]> => {
    const response = await fetch(`${notifier.url}${path}`, init);
    const text = await response.text();
    if (text === '') throw new Error(`${path} says nothing`);
    return leaks(path, `${JSON.stringify([...response.headers])}\n${text}`);
  };
  const found: string[] = [];
  for (const path of PATHS) found.push(...(await look(path)));
  found.push(...(await look('/api/tocsin/v1/explain', posted({ labels: { alertname } }))));
  found.push(...(await look('/api/tocsin/v1/simulate', posted({ alerts: [{ labels: { alertname } }] }))));
  return found;
}

const TABLES = ['due-log-groups', 'due-log-deliveries', 'notification-log', 'timeline', 'silences'];

/** What its state holds, line by line. */
export function stateLines(notifier: ClockedNotifier): string[] {
  const entries = TABLES.flatMap((table) => [...notifier.store.textTable(table).entries()]);
  return entries.flatMap(({ value }) => value.split('\n'));
}
