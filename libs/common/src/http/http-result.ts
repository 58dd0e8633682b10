/** How a request ended; no text in it holds credentials or the secret parts of the address. */
export type HttpResult = HttpResponse | HttpFailure;

export interface HttpResponse {
  readonly kind: 'response';
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Whether the body went on beyond the limit. */
  readonly truncated: boolean;
}

export interface HttpFailure {
  readonly kind: 'error';
  /** `credentials`: a password file that cannot be read, a token that was refused; `refused`: nothing may be sent there, see
   *  `EgressPolicy`. */
  readonly code: 'timeout' | 'aborted' | 'network' | 'tls' | 'credentials' | 'refused';
  readonly message: string;
  /** Whether sending had begun: the server may have got the request. */
  readonly isSent: boolean;
}

/** A response header; the first where it was sent several times. */
export function headerOf(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
