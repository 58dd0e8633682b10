import { type HttpClient } from '@tocsin/common/http/http-client.client';
import { type HttpFailure } from '@tocsin/common/http/http-result';

/** Limit for requests that have no other, such as those for credentials, ms. */
const TIMEOUT_MS = 30_000;

/** The request was not answered. */
export class SnsTransportError extends Error {
  constructor(readonly failure: HttpFailure) {
    super(failure.message);
  }
}

/** A request as the SDK hands it over. */
interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** Sends the SDK's requests as an `http_config` says. */
export class SnsHttp {
  readonly metadata = { handlerProtocol: 'http/1.1' };

  constructor(private readonly http: HttpClient) {}

  /** Rejects with an `SnsTransportError`. */
  async handle(
    request: SdkRequest,
    { abortSignal }: { abortSignal?: unknown } = {},
  ): Promise<{ response: SdkResponse }> {
    const { authorization = '', ['x-amz-security-token']: token = '', ...headers } = lowerCase(request.headers);
    const result = await this.http.request(request.method, urlOf(request), {
      headers: { ...headers, ...(authorization && { authorization }), ...(token && { 'x-amz-security-token': token }) },
      ...(isBody(request.body) && { body: request.body }),
      ...(abortSignal instanceof AbortSignal ? { signal: abortSignal } : { timeoutMs: TIMEOUT_MS }),
      secrets: [authorization, token],
    });
    if (result.kind === 'error') throw new SnsTransportError(result);
    const received = Object.entries(result.headers).map(([name, value = '']) => [name, String(value)] as const);
    return {
      response: {
        statusCode: result.status,
        headers: Object.fromEntries(received),
        body: Buffer.from(result.body),
      },
    };
  }

  /** The SDK's own settings have no say here. */
  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): object {
    return {};
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isBody(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

function urlOf({ protocol, hostname, port, path, query = {} }: SdkRequest): string {
  const parameters = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) =>
      item === null ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(item)}`,
    ),
  );
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
  return `${protocol}//${host}${port === undefined ? '' : `:${port}`}${path}${parameters.length > 0 ? '?' : ''}${parameters.join('&')}`;
}
