import { type HttpResult } from './http-result';

/** Traces the requests that a server answers. */
export interface ServerSpans {
  /** Null: nobody wants to know about this one. */
  begin(request: TracedRequest): ServerSpan | null;
}

/** A request that comes in. */
export interface TracedRequest {
  readonly method: string;
  /** Pattern of its path with the route prefix; '' where there is none. */
  readonly route: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** One request that is being answered. */
export interface ServerSpan {
  /** Calls what answers it, so that whatever that starts belongs to the request. */
  run(work: () => void): void;
  /** `status` is null when the client went away before it had its answer. */
  end(status: number | null): void;
}

/** Traces the requests that a client sends. */
export interface ClientSpans {
  /** Has the request sent, with further headers. */
  around(
    request: { readonly method: string; readonly host: string },
    send: (headers: Readonly<Record<string, string>>) => Promise<HttpResult>,
  ): Promise<HttpResult>;
}
