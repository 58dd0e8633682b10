import { type Clock, type Timer } from './clock';

interface SimulatedTimer {
  dueMs: number;
  order: number;
  run: () => void;
}

/** Time that moves only when it is told to. */
export class SimulatedClock implements Clock {
  private readonly timers: SimulatedTimer[] = [];
  private created = 0;

  constructor(private currentMs: number) {}

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

  /** Jumps to an instant; fires nothing. */
  set(ms: number): void {
    this.currentMs = ms;
  }

  /** Fires the timer that is due first, up to an instant to which time then moves; false when there is none. */
  fireNext(untilMs: number): boolean {
    const timer = this.nextDue(untilMs);
    if (timer === undefined) return false;
    this.remove(timer);
    this.currentMs = Math.max(this.currentMs, timer.dueMs);
    timer.run();
    return true;
  }

  private nextDue(untilMs: number): SimulatedTimer | undefined {
    let next: SimulatedTimer | undefined;
    for (const timer of this.timers) {
      if (timer.dueMs > untilMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  }

  private remove(timer: SimulatedTimer): void {
    const at = this.timers.indexOf(timer);
    if (at !== -1) this.timers.splice(at, 1);
  }
}
