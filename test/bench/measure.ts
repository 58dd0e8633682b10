import { sleep } from '../support/wait-for';
import { type CpuTime, type Server } from './target';

/** The p-th percentile (0–100) of some numbers, by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** CPU used between two readings. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  return { server: after.server - before.server, redis: after.redis - before.redis };
}

/** A look at a quarter of a second each; two in a row below 4 % of one CPU count as idle. */
const LOOK_MS = 250;
const IDLE_SECONDS = 0.01;
const MOST_LOOKS = 60;

/** Waits until the server has done what it put off (writes, garbage), at most 15 s, so that it is counted too. */
export async function settle(server: Server): Promise<void> {
  let idle = 0;
  for (let look = 0; look < MOST_LOOKS && idle < 2; look++) {
    const before = server.cpu();
    await sleep(LOOK_MS);
    const used = cpuBetween(before, server.cpu());
    idle = used.server + used.redis <= IDLE_SECONDS ? idle + 1 : 0;
  }
}
