import { realisticAlert } from '../support/alerts';
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
  const bodies: Buffer[] = [];
  for (let start = from; start < from + count; start += batch) {
    const size = Math.min(batch, from + count - start);
    const alerts = Array.from({ length: size }, (_, index) => realisticAlert(start + index, times));
    bodies.push(Buffer.from(JSON.stringify(alerts)));
  }
  return { bodies, alerts: count };
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
    let next = 0;
    const sendOn = async (): Promise<void> => {
      for (let index = next++; index < bodies.length; index = next++) {
        const begunMs = performance.now();
        sent.begunAtMs[index] = performance.timeOrigin + begunMs;
        const { statusCode, body } = await this.pool.request({
          method: 'POST',
          path: '/api/v2/alerts',
          headers: { 'content-type': 'application/json' },
          body: bodies[index] ?? null,
        });
        const text = await body.text();
        if (statusCode !== 200) throw new Error(`POST /api/v2/alerts: ${statusCode} ${text}`);
        sent.latenciesMs.push(performance.now() - begunMs);
      }
    };
    await Promise.all(Array.from({ length: this.connections }, sendOn));
    sent.seconds = (performance.now() - startMs) / 1000;
    return sent;
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
