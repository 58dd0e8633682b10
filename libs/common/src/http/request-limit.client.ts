import { type Clock, type Timer } from '../time/clock';
import { type HttpFailure } from './http-result';

/** Ends a request when its time is up or its caller aborts, whichever comes first. */
export class RequestLimit {
  private readonly controller = new AbortController();
  private readonly timer: Timer | null;
  private reached: HttpFailure | null = null;
  private resolve: ((failure: HttpFailure) => void) | null = null;

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

  /** For the steps of the request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The outcome of the work, or of the limit if that comes first; `work` never rejects. */
  race<T>(work: Promise<T>): Promise<T | HttpFailure> {
    return new Promise((resolve) => {
      if (this.reached) resolve(this.reached);
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
    if (this.reached) return;
    this.reached = { kind: 'error', code, message };
    this.controller.abort();
    this.resolve?.(this.reached);
  }
}
