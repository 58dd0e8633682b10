import { HttpClient, type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { DEFAULT_HTTP_CONFIG, NO_PROXY_CONFIG, NO_TLS_CONFIG } from '@tocsin/common/http/http-config';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DEFAULT_TIMEOUT_MS, type ExportOutcome, type OtlpTransport, RETRYABLE_STATUSES } from './otlp-transport';
import { type TracingConfig } from './tracing-config';

const zip = promisify(gzip);

/** OTLP over HTTP, protobuf. */
export class OtlpHttpTransport implements OtlpTransport {
  private readonly http: HttpClient;
  private readonly url: string;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly config: TracingConfig,
    options: Omit<HttpClientOptions, 'spans'>,
  ) {
    this.url = `${config.insecure ? 'http' : 'https'}://${config.endpoint}/v1/traces`;
    const { tls, headers } = config;
    const proxy = { ...NO_PROXY_CONFIG, fromEnvironment: true };
    this.http = new HttpClient({ ...DEFAULT_HTTP_CONFIG, tls: tls ?? NO_TLS_CONFIG, headers, proxy }, options);
  }

  async send(message: Uint8Array, signal: AbortSignal): Promise<ExportOutcome> {
    const { gzip: isZipped, timeoutMs } = this.config;
    const headers = {
      'content-type': 'application/x-protobuf',
      ...(isZipped && { 'content-encoding': 'gzip' }),
    };
    const result = await this.http.post(this.url, {
      headers,
      body: isZipped ? await zip(message) : message,
      timeoutMs: timeoutMs || DEFAULT_TIMEOUT_MS,
      signal,
    });
    if (result.kind === 'error') return { kind: 'failed', reason: result.message, isRetryable: true };
    const { status } = result;
    if (status >= 200 && status < 300) return { kind: 'sent' };
    return { kind: 'failed', reason: `status ${status}`, isRetryable: RETRYABLE_STATUSES.has(status) };
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
