import { type Secret } from '@tocsin/common/config/secret';
import { HttpClient, type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { DEFAULT_HTTP_CONFIG, type HttpConfig } from '@tocsin/common/http/http-config';
import { type HttpResult } from '@tocsin/common/http/http-result';
import { type Datasource, type QueryResult } from './datasource';
import { excerpt, parseErrorResponse, parseQueryResponse } from './prometheus-response.schema';

export interface PrometheusOptions {
  /** Base address; the query API is below it. Its query parameters go with every request. */
  readonly url: string;
  /** Limit of one query, ms. Default 30 000. */
  readonly timeoutMs: number;
  readonly basicAuth: { readonly username: string; readonly password: Secret } | null;
  readonly bearerToken: Secret | null;
  /** Longest answer that is read, bytes. Default 256 MiB. */
  readonly maxResponseBytes?: number;
}

const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** Instant queries to the API of Prometheus. */
export class PrometheusClient implements Datasource {
  private readonly http: HttpClient;
  private readonly queryUrl: string;
  /** How messages call the datasource: its address without credentials and parameters. */
  private readonly shownUrl: string;

  constructor(
    private readonly options: PrometheusOptions,
    http: HttpClientOptions,
  ) {
    const url = new URL(options.url);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
    url.hash = '';
    this.queryUrl = url.href;
    this.shownUrl = shownUrl(options.url);
    this.http = new HttpClient(httpConfigOf(options), http);
  }

  async query(expr: string, atMs: number, signal: AbortSignal): Promise<QueryResult> {
    const { timeoutMs, maxResponseBytes = MAX_RESPONSE_BYTES } = this.options;
    const body = `query=${encodeURIComponent(expr)}&time=${atMs / 1000}&timeout=${timeoutMs}ms`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
    const request = { body, headers, signal, timeoutMs, maxBodyBytes: maxResponseBytes };
    const result = await this.http.post(this.queryUrl, request);
    const problem = this.problemOf(result, maxResponseBytes);
    if (problem !== null) return { kind: 'failed', reason: problem };
    return parseQueryResponse(result.kind === 'response' ? result.body : '');
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  private problemOf(result: HttpResult, maxResponseBytes: number): string | null {
    if (result.kind === 'error') {
      const message = result.message.replace(/^POST "<redacted>": /, '');
      return result.code === 'network' || result.code === 'tls'
        ? `unreachable datasource ${this.shownUrl}: ${message}`
        : `datasource ${this.shownUrl}: ${message}`;
    }
    if (result.truncated) return `answer of datasource ${this.shownUrl} is longer than ${maxResponseBytes} bytes`;
    if (result.status >= 200 && result.status < 300) return null;
    const said = parseErrorResponse(result.body);
    // The query was understood: what is wrong is with the expression, not with the datasource.
    if (said !== null) return said;
    const more = result.body === '' ? '' : `: ${excerpt(result.body)}`;
    return `bad response status ${result.status} of datasource ${this.shownUrl}${more}`;
  }
}

/** An address as messages may show it: without credentials and parameters. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

function httpConfigOf({ basicAuth, bearerToken }: PrometheusOptions): HttpConfig {
  return {
    ...DEFAULT_HTTP_CONFIG,
    basicAuth: basicAuth && { ...basicAuth, usernameFile: '', passwordFile: '' },
    authorization: bearerToken && { type: 'Bearer', credentials: bearerToken, credentialsFile: '' },
  };
}
