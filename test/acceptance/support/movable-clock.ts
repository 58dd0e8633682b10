import { type Clock, machineClock, type Timer } from '@tocsin/common/time/clock';

/** The machine's clock plus what the test adds: time passes by itself and can be moved on without waiting. */
export class MovableClock implements Clock {
  private addedMs = 0;
  private readonly timers = new Set<{ recheck: () => void }>();

  nowMs(): number {
    return machineClock.nowMs() + this.addedMs;
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const dueMs = this.nowMs() + delayMs;
    let handle: NodeJS.Timeout;
    const wait = (): void => {
      handle = setTimeout(check, Math.max(0, dueMs - this.nowMs()));
    };
    const check = (): void => {
      if (dueMs > this.nowMs()) return wait();
      this.timers.delete(timer);
      run();
    };
    const timer = {
      recheck: () => {
        clearTimeout(handle);
        wait();
      },
    };
    this.timers.add(timer);
    wait();
    return {
      cancel: () => {
        clearTimeout(handle);
        this.timers.delete(timer);
      },
    };
  }

  /** Moves time on; timers that are due then fire in this turn of the event loop or the next. */
  move(ms: number): void {
    this.addedMs += ms;
    for (const timer of this.timers) timer.recheck();
  }
}
