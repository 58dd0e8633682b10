import type { Dispatcher } from 'undici';
import { EgressRefused } from './egress-lookup.client';
import { CredentialError } from './http-credentials.client';
import { type HttpFailure, type HttpResult } from './http-result';
import { type RequestLimit } from './request-limit.client';

export interface Exchange {
  /** Of the server that answers in the end, also behind a proxy. */
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string | string[]>;
  readonly body: string | Uint8Array | null;
  /** Most bytes of the response body to read. */
  readonly maxBodyBytes: number;
}

/** One request and its response. When the limit is reached, it ends at once and the connection is given up. */
export function exchange(dispatcher: Dispatcher, what: Exchange, limit: RequestLimit): Promise<HttpResult> {
  return new Promise((resolve) => {
    if (limit.reached) return resolve(limit.reached);
    const { maxBodyBytes, ...request } = what;
    const handler = new Handler(maxBodyBytes, resolve, limit);
    try {
      dispatcher.dispatch(request as Dispatcher.DispatchOptions, handler);
    } catch (error) {
      handler.end(failure(error));
    }
  });
}

class Handler implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private ended = false;
  private status = 0;
  private headers: HttpHeaders = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly maxBodyBytes: number,
    private readonly resolve: (result: HttpResult) => void,
    private readonly limit: RequestLimit,
  ) {
    limit.onReached(() => this.giveUp());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.limit.sending();
    // It may have been waiting for a connection when it was given up.
    if (this.ended) controller.abort(new Error('given up'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > this.maxBodyBytes) this.respond(true);
  }

  onResponseEnd(): void {
    this.respond(false);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.end({ ...failure(error), isSent: this.controller !== null });
  }

  end(result: HttpResult): void {
    if (this.ended) return;
    this.ended = true;
    this.limit.onReached(null);
    this.resolve(result);
  }

  private respond(truncated: boolean): void {
    const { status, headers } = this;
    const body = Buffer.concat(this.chunks).subarray(0, this.maxBodyBytes).toString();
    this.end({ kind: 'response', status, headers, body, truncated });
    if (truncated) this.controller?.abort(new Error('response is too long'));
  }

  private giveUp(): void {
    if (this.limit.reached) this.end(this.limit.reached);
    this.controller?.abort(new Error('given up'));
  }
}

type HttpHeaders = Record<string, string | string[] | undefined>;

/** What undici, Node and we throw before anything is sent, as an outcome. */
export function failure(error: unknown): HttpFailure {
  const unsent = { kind: 'error', isSent: false } as const;
  if (error instanceof CredentialError) return { ...unsent, code: 'credentials', message: error.message };
  const cause = firstCause(error);
  const code = 'code' in cause ? String(cause.code) : '';
  const message = cause.message || code || 'unknown error';
  if (cause instanceof EgressRefused) return { ...unsent, code: 'refused', message };
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return { ...unsent, code: 'timeout', message };
  return { ...unsent, code: tlsCode.test(code) ? 'tls' : 'network', message };
}

const tlsCode = /^(?:ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|EPROTO$)|SELF_SIGNED|CRL_|CERTIFICATE/;

/** A host with several addresses fails with one error for each. */
function firstCause(error: unknown): Error {
  if (error instanceof AggregateError && error.errors.length > 0) return firstCause(error.errors[0]);
  return error instanceof Error ? error : new Error(String(error));
}
