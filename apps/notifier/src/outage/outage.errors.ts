import { ProblemError } from '@tocsin/common/http/http.errors';

/** Neither the shared state nor what replaces it can be worked on at the moment; asking again soon may help. */
export class StateUnavailableError extends ProblemError {
  constructor(why: string, options?: { cause?: unknown }) {
    super({ kind: 'unavailable', message: why });
    this.message = why;
    if (options?.cause !== undefined) this.cause = options.cause;
  }
}
