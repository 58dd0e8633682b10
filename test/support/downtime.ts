/** One `kill -9` and the start after it, epoch ms. */
export interface Crash {
  killedAtMs: number;
  /** When the process was ready again; Infinity until then. */
  readyAtMs: number;
}

/** How long a claim of a dead process may hold work back from others: its lease and a look at the queue. */
const LEASE_MS = 4_500;

/** A claim that a crash cut off was made this long before we expected it, at most. */
const CLAIM_MS = 3_500;

/** When processes were killed, and what lateness that excuses. */
export class Downtime {
  readonly crashes: Crash[] = [];

  /** @param serviceStops whether nobody works while the killed process is away; then no lease outlives it either */
  constructor(private readonly serviceStops: boolean) {}

  /** How much later than `dueMs` something that came at `atMs` may be because of crashes, ms. */
  excuses(dueMs: number, atMs: number): number {
    let excusedMs = 0;
    for (const { killedAtMs, readyAtMs } of this.crashes) {
      if (this.serviceStops) excusedMs += Math.max(0, Math.min(readyAtMs, atMs) - Math.max(killedAtMs, dueMs));
      else if (killedAtMs > dueMs - CLAIM_MS && killedAtMs < atMs) excusedMs += LEASE_MS;
    }
    return excusedMs;
  }

  /** Whether a notification that arrived and was answered then may not have been recorded by its sender. */
  wasInFlight(atMs: number, answeredAtMs: number | null, recordMs: number): boolean {
    return this.crashes.some(({ killedAtMs }) => {
      // What the killed process had already written to the network arrives a little after its death.
      const sentBeforeDeath = atMs <= killedAtMs + recordMs;
      return sentBeforeDeath && (answeredAtMs === null || answeredAtMs + recordMs >= killedAtMs);
    });
  }
}
