import { type PostableAlert, realisticAlert } from '../support/alerts';
import { Pool } from 'undici';

/** Bodies of so many different alerts each, ready to send. */
export interface Batches {
  readonly bodies: readonly Buffer[];
  /** Alerts in all of them. */
  readonly alerts: number;
}

export interface AlertRange {
  /** Number of the first alert. Default 0. */
  from?: number;
  count: number;
  batch: number;
  startsAtMs: number;
  endsAtMs: number;
}

/** Builds bodies before anything is measured. */
export function buildBatches({ from = 0, count, batch, ...times }: AlertRange): Batches {
  return batchesOf(
    Array.from({ length: count }, (_, index) => realisticAlert(from + index, times)),
    batch,
  );
}

/** Bodies of these alerts. */
export function batchesOf(alerts: readonly PostableAlert[], batch: number): Batches {
  const bodies: Buffer[] = [];
  for (let start = 0; start < alerts.length; start += batch) {
    bodies.push(Buffer.from(JSON.stringify(alerts.slice(start, start + batch))));
  }
  return { bodies, alerts: alerts.length };
}

/** A silence as posted to `/api/v2/silences`. */
export interface PostableSilence {
  matchers: readonly { name: string; value: string; isRegex: boolean; isEqual: boolean }[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
}

/** One that is active from now on for an hour. */
export function aSilence(matchers: PostableSilence['matchers'], nowMs: number): PostableSilence {
  return {
    matchers,
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + 3_600_000).toISOString(),
    createdBy: 'bench',
    comment: 'measuring',
  };
}

/** What sending took. */
export interface Sent {
  seconds: number;
  /** Per request, ms. */
  latenciesMs: number[];
  /** When each request was begun, epoch ms, in the order of the bodies. */
  begunAtMs: number[];
}

/** Sends over keep-alive connections, a new request as soon as one is answered. */
export class Sender {
  private readonly pool: Pool;

  constructor(
    url: string,
    private readonly connections: number,
  ) {
    this.pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 120_000, bodyTimeout: 120_000 });
  }

  async post({ bodies }: Batches): Promise<Sent> {
    const sent: Sent = { seconds: 0, latenciesMs: [], begunAtMs: [] };
    const startMs = performance.now();
    await this.postEach('/api/v2/alerts', bodies, (index, { begunMs }) => {
      sent.begunAtMs[index] = performance.timeOrigin + begunMs;
      sent.latenciesMs.push(performance.now() - begunMs);
    });
    sent.seconds = (performance.now() - startMs) / 1000;
    return sent;
  }

  /** Creates silences and answers their ids, in the order given. */
  async silence(silences: readonly PostableSilence[]): Promise<string[]> {
    const ids: string[] = [];
    const bodies = silences.map((silence) => Buffer.from(JSON.stringify(silence)));
    await this.postEach('/api/v2/silences', bodies, (index, { text }) => {
      ids[index] = (JSON.parse(text) as { silenceID: string }).silenceID;
    });
    return ids;
  }

  private async postEach(
    path: string,
    bodies: readonly Buffer[],
    answered: (index: number, answer: { begunMs: number; text: string }) => void,
  ): Promise<void> {
    let next = 0;
    const sendOn = async (): Promise<void> => {
      for (let index = next++; index < bodies.length; index = next++) {
        const begunMs = performance.now();
        const { statusCode, body } = await this.pool.request({
          method: 'POST',
          path,
          headers: { 'content-type': 'application/json' },
          body: bodies[index] ?? null,
        });
        const text = await body.text();
        if (statusCode !== 200) throw new Error(`POST ${path}: ${statusCode} ${text}`);
        answered(index, { begunMs, text });
      }
    };
    await Promise.all(Array.from({ length: this.connections }, sendOn));
  }

  /** Reads a path to its end without parsing it. */
  async get(path: string): Promise<{ latencyMs: number; body: Buffer }> {
    const begunMs = performance.now();
    const { statusCode, body } = await this.pool.request({ method: 'GET', path });
    const bytes = Buffer.from(await body.arrayBuffer());
    if (statusCode !== 200) throw new Error(`GET ${path}: ${statusCode} ${bytes.toString()}`);
    return { latencyMs: performance.now() - begunMs, body: bytes };
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
