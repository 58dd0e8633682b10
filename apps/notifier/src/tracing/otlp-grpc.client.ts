import { DEFAULT_HTTP_CONFIG } from '@tocsin/common/http/http-config';
import { requestCredentials } from '@tocsin/common/http/http-credentials.client';
import { redact } from '@tocsin/common/http/redact';
import { type TlsConnect, TlsOptions } from '@tocsin/common/http/tls-options.client';
import { reasonOf } from '@tocsin/common/log/log';
import { type Clock } from '@tocsin/common/time/clock';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DEFAULT_TIMEOUT_MS, type ExportOutcome, type OtlpTransport, RETRYABLE_GRPC_CODES } from './otlp-transport';
import { type TracingConfig } from './tracing-config';

const zip = promisify(gzip);

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** Before each message: whether it is compressed (1 byte), its length (4 bytes). */
const FRAME_BYTES = 5;

/**
 * OTLP over gRPC: one unary call, which is a POST over HTTP/2.
 *
 * A gRPC library would bring more packages than all of tracing, among them one with an install script.
 */
export class OtlpGrpcTransport implements OtlpTransport {
  private readonly tls: TlsOptions | null;
  private connection: { readonly session: ClientHttp2Session; readonly tls: TlsConnect | null } | null = null;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly config: TracingConfig,
    private readonly options: { readonly userAgent: string; readonly clock: Clock },
  ) {
    this.tls = config.tls === null || config.insecure ? null : new TlsOptions(config.tls);
  }

  async send(message: Uint8Array, signal: AbortSignal): Promise<ExportOutcome> {
    let secrets: readonly string[] = [];
    try {
      const credentials = await requestCredentials({ ...DEFAULT_HTTP_CONFIG, headers: this.config.headers }, null);
      ({ secrets } = credentials);
      const headers = { ...credentials.plain, ...credentials.secret, ...this.callHeaders() };
      const outcome = await this.call(headers, await this.frame(message), signal);
      return outcome.kind === 'sent' ? outcome : { ...outcome, reason: redact(outcome.reason, secrets) };
    } catch (error) {
      return { kind: 'failed', reason: redact(reasonOf(error), secrets), isRetryable: true };
    }
  }

  close(): Promise<void> {
    this.connection?.session.destroy();
    this.connection = null;
    return Promise.resolve();
  }

  private get timeoutMs(): number {
    return this.config.timeoutMs || DEFAULT_TIMEOUT_MS;
  }

  private callHeaders(): Record<string, string> {
    return {
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      'user-agent': this.options.userAgent,
      te: 'trailers',
      'grpc-timeout': `${this.timeoutMs}m`,
      ...(this.config.gzip && { 'grpc-encoding': 'gzip' }),
    };
  }

  private async frame(message: Uint8Array): Promise<Buffer> {
    const body = this.config.gzip ? await zip(message) : message;
    const frame = Buffer.alloc(FRAME_BYTES + body.length);
    frame.writeUInt8(this.config.gzip ? 1 : 0, 0);
    frame.writeUInt32BE(body.length, 1);
    frame.set(body, FRAME_BYTES);
    return frame;
  }

  private call(headers: Record<string, string | string[]>, body: Buffer, signal: AbortSignal): Promise<ExportOutcome> {
    return new Promise((resolve, reject) => {
      const session = this.session();
      const stream = session.request(headers);
      // Whatever holds up one call, be it the connection, holds up the next: that one starts afresh.
      const giveUp = (why: string): void => {
        stream.destroy(new Error(why));
        session.destroy();
      };
      const aborted = (): void => giveUp('aborted');
      const timer = this.options.clock.setTimer(this.timeoutMs, () => giveUp(`timed out after ${this.timeoutMs} ms`));
      signal.addEventListener('abort', aborted);
      let answer: IncomingHttpHeaders = {};
      stream.on('response', (fields) => (answer = fields));
      stream.on('trailers', (fields) => (answer = { ...answer, ...fields }));
      stream.on('error', reject);
      stream.on('close', () => {
        timer.cancel();
        signal.removeEventListener('abort', aborted);
        resolve(outcomeOf(answer));
      });
      if (signal.aborted) aborted();
      stream.resume();
      stream.end(body);
    });
  }

  /** The open connection, or a new one: also after certificates changed. */
  private session(): ClientHttp2Session {
    const tls = this.tls?.current() ?? null;
    const open = this.connection;
    if (open !== null && open.tls === tls && !open.session.closed && !open.session.destroyed) return open.session;
    open?.session.close();
    const session = connect(`${this.config.insecure ? 'http' : 'https'}://${this.config.endpoint}`, tls ?? {});
    // Without a call under way a failure concerns nobody, and the connection keeps no process alive.
    session.on('error', () => {});
    session.unref();
    this.connection = { session, tls };
    return session;
  }
}

/** Source: gRPC over HTTP/2: the status comes last, or at once where there is nothing else. */
function outcomeOf(answer: IncomingHttpHeaders): ExportOutcome {
  const code = answer['grpc-status'];
  if (code === '0') return { kind: 'sent' };
  if (code === undefined) {
    const status = answer[':status'];
    const reason = status === undefined ? 'the connection was closed' : `no gRPC status, HTTP status ${status}`;
    return { kind: 'failed', reason, isRetryable: true };
  }
  const isRetryable = RETRYABLE_GRPC_CODES.has(Number(code));
  return { kind: 'failed', reason: `gRPC status ${String(code)}: ${messageOf(answer)}`, isRetryable };
}

/** Percent-encoded, if the server keeps to it. */
function messageOf(answer: IncomingHttpHeaders): string {
  const message = String(answer['grpc-message'] ?? '');
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
