import { type Clock, type Timer } from '../time/clock';

/** Time that moves only when a test says so. */
export class FakeClock implements Clock {
  private readonly timers: FakeTimer[] = [];
  private created = 0;

  /** Starts on 2026-01-01T00:00:00Z unless told otherwise. */
  constructor(private currentMs: number = Date.UTC(2026, 0, 1)) {}

  nowMs(): number {
    return this.currentMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const timer = { dueMs: this.currentMs + Math.max(0, delayMs), order: this.created++, run };
    this.timers.push(timer);
    return { cancel: () => this.remove(timer) };
  }

  /** Timers that have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.timers.length;
  }

  /** Moves time on, firing what becomes due in order, each at its own instant, with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.currentMs + ms;
    await settle();
    for (let timer = this.nextDue(targetMs); timer; timer = this.nextDue(targetMs)) {
      this.remove(timer);
      this.currentMs = Math.max(this.currentMs, timer.dueMs);
      timer.run();
      await settle();
    }
    this.currentMs = targetMs;
  }

  /** Jumps to an instant as if the process had been stopped: what became due meanwhile fires at the next `advance`. */
  set(ms: number): void {
    this.currentMs = ms;
  }

  private nextDue(untilMs: number): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.timers) {
      if (timer.dueMs > untilMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  }

  private remove(timer: FakeTimer): void {
    const at = this.timers.indexOf(timer);
    if (at !== -1) this.timers.splice(at, 1);
  }
}

interface FakeTimer {
  dueMs: number;
  order: number;
  run: () => void;
}

/** Rounds of the event loop in which promises and immediates that follow from a timer may run. */
const ROUNDS = 4;

/** Lets everything that needs no time happen. */
export async function settle(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await new Promise((resolve) => setImmediate(resolve));
}
