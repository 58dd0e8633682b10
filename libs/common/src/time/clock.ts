/** Where time comes from. Only the shell holds one; the core takes `nowMs`. */
export interface Clock {
  /** Epoch ms, whole, never less than an earlier answer. */
  nowMs(): number;
  /** Calls `run` once, `delayMs` from now (at once, but not synchronously, when it is not positive). */
  setTimer(delayMs: number, run: () => void): Timer;
}

export interface Timer {
  /** Idempotent, and harmless after the timer fired. */
  cancel(): void;
}

/** Waits; ends early, without an error, when the signal is aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimer(ms, end);
    signal?.addEventListener('abort', end);
  });
}

/** Timers look at the clock at least this often, ms, so that a suspended machine is not late by all of its sleep. */
const LONGEST_TIMER_MS = 60_000;

/**
 * The machine's clock, made monotonic: wall time as of the start plus monotonic time since, so that a clock set back
 * neither reverses nor freezes time. Where the wall clock is ahead it is followed at once: after a suspension, and so that
 * what a sender on this machine calls now is never in our future.
 */
export class MachineClock implements Clock {
  private offsetMs: number;

  constructor(
    private readonly wallMs: () => number = Date.now,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.offsetMs = wallMs() - monotonicMs();
  }

  nowMs(): number {
    const oursMs = this.monotonicMs() + this.offsetMs;
    const aheadMs = this.wallMs() - oursMs;
    if (aheadMs <= 0) return Math.floor(oursMs);
    this.offsetMs += aheadMs;
    return Math.floor(oursMs + aheadMs);
  }

  setTimer(delayMs: number, run: () => void): Timer {
    const dueMs = this.nowMs() + delayMs;
    let handle: NodeJS.Timeout;
    const wait = (ms: number): void => {
      handle = setTimeout(check, Math.min(ms, LONGEST_TIMER_MS));
    };
    const check = (): void => {
      const restMs = dueMs - this.nowMs();
      if (restMs > 0) wait(restMs);
      else run();
    };
    wait(delayMs);
    return { cancel: () => clearTimeout(handle) };
  }
}

/** The one real clock of a process. */
export const machineClock: Clock = new MachineClock();
