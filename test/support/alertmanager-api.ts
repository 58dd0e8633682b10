import { type PostableAlert } from './alerts';

export interface GettableAlert {
  labels: Record<string, string>;
  fingerprint: string;
  startsAt: string;
  endsAt: string;
  status: { state: string };
}

/** Posts alerts as Prometheus does; throws unless they were accepted. */
export async function postAlerts(url: string, alerts: readonly PostableAlert[]): Promise<void> {
  const response = await postBody(url, JSON.stringify(alerts));
  const text = await response.text();
  if (!response.ok) throw new Error(`POST alerts: ${response.status} ${text}`);
}

/** Posts any bytes to `/api/v2/alerts` as JSON. */
export function postBody(url: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${url}/api/v2/alerts`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

export async function getAlerts(url: string, query = ''): Promise<GettableAlert[]> {
  const response = await fetch(`${url}/api/v2/alerts${query}`);
  if (!response.ok) throw new Error(`GET alerts: ${response.status} ${await response.text()}`);
  return (await response.json()) as GettableAlert[];
}

/** The value of one series of `/metrics`, written as it is exposed: `name{label="value"}`; null when absent. */
export async function metric(url: string, series: string): Promise<number | null> {
  const response = await fetch(`${url}/metrics`);
  const line = (await response.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}
