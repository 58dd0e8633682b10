import { SimulatedClock } from '../time/simulated-clock';

/** Time that moves only when a test says so. */
export class FakeClock extends SimulatedClock {
  /** Starts on 2026-01-01T00:00:00Z unless told otherwise. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    super(startMs);
  }

  /** Moves time on, firing what becomes due in order, each at its own instant, with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.nowMs() + ms;
    await settle();
    while (this.fireNext(targetMs)) await settle();
    this.set(targetMs);
  }
}

/** Rounds of the event loop in which promises and immediates that follow from a timer may run. */
const ROUNDS = 4;

/** Lets everything that needs no time happen. */
export async function settle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await new Promise((resolve) => setImmediate(resolve));
}
