import { type Clock, type Timer } from '../time/clock';
import { type HttpFailure } from './http-result';

/**
 * Ends a request when its time is up or its caller aborts, whichever comes first.
 *
 * A signal of its own would do the same at several times the cost, and every notification has one of these.
 */
export class RequestLimit {
  private why: HttpFailure | null = null;
  private isSent = false;
  private readonly timer: Timer | null;
  private resolve: ((failure: HttpFailure) => void) | null = null;
  /** What to stop; a request is in one step at a time. */
  private stop: (() => void) | null = null;

  constructor(
    clock: Clock,
    timeoutMs: number | undefined,
    private readonly caller: AbortSignal | undefined,
  ) {
    this.timer =
      timeoutMs === undefined
        ? null
        : clock.setTimer(timeoutMs, () => this.end('timeout', `timed out after ${timeoutMs} ms`));
    caller?.addEventListener('abort', this.aborted);
    if (caller?.aborted) this.aborted();
  }

  /** Why the request is over, null while it may go on. */
  get reached(): HttpFailure | null {
    return this.why;
  }

  /** What to call when the limit is reached during this step; null when the step is done. */
  onReached(stop: (() => void) | null): void {
    this.stop = stop;
  }

  /** From here on the server may get the request. */
  sending(): void {
    this.isSent = true;
  }

  /** The outcome of the work, or of the limit if that comes first; `work` never rejects. */
  race<T>(work: Promise<T>): Promise<T | HttpFailure> {
    if (this.why) return Promise.resolve(this.why);
    return new Promise((resolve) => {
      this.resolve = resolve;
      void work.then(resolve);
    });
  }

  clear(): void {
    this.timer?.cancel();
    this.caller?.removeEventListener('abort', this.aborted);
  }

  private readonly aborted = (): void => {
    const reason: unknown = this.caller?.reason;
    if (reason instanceof Error && reason.name === 'TimeoutError') this.end('timeout', 'timed out');
    else this.end('aborted', 'aborted');
  };

  private end(code: HttpFailure['code'], message: string): void {
    if (this.why) return;
    this.why = { kind: 'error', code, message, isSent: this.isSent };
    this.stop?.();
    this.resolve?.(this.why);
  }
}
