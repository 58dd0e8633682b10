import { postAlerts } from '../alertmanager-api';
import { sleep } from '../wait-for';
import { type WebhookBody, type WebhookSink } from '../webhook-sink';
import { type Bundle } from './bundle';
import { type PlannedAlert, RELOAD_AT_MS, type Step, UNIT_MS, UNITS } from './script';

/** A server that scripts can be played to. */
export interface Player {
  readonly url: string;
  /** Loads the configuration of the second turn. */
  reload(): Promise<void>;
}

/** What a script's receivers heard, by receiver and group: one line a notification, in order. */
export type Log = ReadonlyMap<string, readonly string[]>;

/** Waits after the last step, for the flushes that follow from it. */
const AFTER_MS = 3 * UNIT_MS;

/** Plays all scripts in real time; `startMs` is when they begin, epoch ms. */
export async function play(bundle: Bundle, player: Player, startMs: number): Promise<void> {
  const silences = new Map<string, string>();
  const at = async (atMs: number, act: () => Promise<void>): Promise<void> => {
    await sleep(Math.max(0, startMs + atMs - Date.now()));
    await act();
  };
  const running = bundle.scripts.map(async ({ steps }) => {
    for (const step of steps) await at(step.atMs, () => take(step, player.url, startMs, silences));
  });
  if (bundle.reloads) running.push(at(RELOAD_AT_MS, () => player.reload()));
  await Promise.all(running);
  await at(UNITS * UNIT_MS + AFTER_MS, async () => {});
}

async function take(step: Step, url: string, startMs: number, silences: Map<string, string>): Promise<void> {
  switch (step.kind) {
    case 'post':
      return postAlerts(
        url,
        step.alerts.map((alert) => postable(alert, startMs)),
      );
    case 'silence': {
      const { key, matchers, atMs, endsAtMs } = step;
      const body = {
        matchers,
        startsAt: iso(startMs + atMs - 200),
        endsAt: iso(startMs + endsAtMs),
        createdBy: 'script',
        comment: key,
      };
      const answer = await fetch(`${url}/api/v2/silences`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`POST silences: ${answer.status} ${await answer.text()}`);
      silences.set(key, ((await answer.json()) as { silenceID: string }).silenceID);
      return;
    }
    case 'expire': {
      const answer = await fetch(`${url}/api/v2/silence/${silences.get(step.key)}`, { method: 'DELETE' });
      if (!answer.ok) throw new Error(`DELETE silence: ${answer.status} ${await answer.text()}`);
    }
  }
}

function postable({ labels, annotations, startsAtMs, endsAtMs }: PlannedAlert, startMs: number) {
  return {
    labels,
    annotations,
    ...(startsAtMs !== null && { startsAt: iso(startMs + startsAtMs) }),
    ...(endsAtMs !== null && { endsAt: iso(startMs + endsAtMs) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The logs of all scripts, by script id. */
export function logsOf(bundle: Bundle, sink: WebhookSink): ReadonlyMap<string, Log> {
  const logs = new Map<string, Map<string, string[]>>(bundle.scripts.map(({ id }) => [id, new Map()]));
  for (const { body } of sink.arrivals) {
    const [id = ''] = body.receiver.split('-');
    const key = `${body.receiver} ${body.groupKey}`;
    const log = logs.get(id) ?? new Map<string, string[]>();
    log.set(key, [...(log.get(key) ?? []), line(body)]);
    logs.set(id, log);
  }
  return logs;
}

/** Status, then the alerts in the order they were sent. */
function line({ status, alerts }: WebhookBody): string {
  const named = alerts.map(
    ({ status: own, labels }) =>
      `${labels['alertname']}${labels['severity']?.[0]}${labels['instance']}${own === 'firing' ? '!' : '.'}`,
  );
  return `${status} ${named.join(' ')}`;
}

/** How two logs differ, for people; null: they do not. */
export function difference(peer: Log, ours: Log): string | null {
  const lines: string[] = [];
  for (const key of new Set([...peer.keys(), ...ours.keys()])) {
    const [theirs, own] = [peer.get(key) ?? [], ours.get(key) ?? []];
    if (theirs.join('\n') === own.join('\n')) continue;
    lines.push(`${key}\n  Alertmanager: ${theirs.join(' | ')}\n  Tocsin:       ${own.join(' | ')}`);
  }
  return lines.length === 0 ? null : lines.join('\n');
}
