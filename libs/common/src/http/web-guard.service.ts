import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Log } from '../log/log';
import { type Clock } from '../time/clock';
import { BasicAuth } from './basic-auth.client';
import { fullBucket, takeToken, type TokenBucket } from './token-bucket';
import { type RateLimit } from './web-config';
import { type LoadedWebConfig, WebConfigFile } from './web-config.loader';

/** Stands before everything a server answers: what its `--web.config.file` asks of connections and requests. */
export class WebGuard {
  private readonly auth = new BasicAuth();
  private limit: RateLimit | null = null;
  private bucket: TokenBucket | null = null;
  /** Whether connections are secured: decided once, so that no edit of the file makes them go in the open. */
  readonly isSecure: boolean;

  constructor(
    private readonly file: WebConfigFile,
    private readonly clock: Pick<Clock, 'nowMs'>,
  ) {
    const { tls } = file.current();
    this.isSecure = tls.ok && tls.value !== null;
  }

  /** How connections are secured from now on. */
  tls(): LoadedWebConfig['tls'] {
    return this.file.current().tls;
  }

  /** Answers a request that is refused; hands on the others. */
  admit(request: IncomingMessage, response: ServerResponse, proceed: RequestListener): void {
    const { config } = this.file.current();
    if (!config.ok) return refuse(response, 500, 'Internal Server Error');
    const { rateLimit, headers, users } = config.value;
    if (rateLimit !== null && !this.hasToken(rateLimit)) return refuse(response, 429, 'Too Many Requests');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (users.size === 0) return void proceed(request, response);
    void this.auth.admits(request.headers.authorization, users).then((isAdmitted) => {
      if (response.destroyed) return;
      if (isAdmitted) return void proceed(request, response);
      response.setHeader('WWW-Authenticate', 'Basic');
      refuse(response, 401, 'Unauthorized');
    });
  }

  async close(): Promise<void> {
    await this.auth.close();
  }

  /** Another limit in the file begins with a full bucket. */
  private hasToken(limit: RateLimit): boolean {
    const nowMs = this.clock.nowMs();
    const isSame = this.limit?.burst === limit.burst && this.limit.intervalMs === limit.intervalMs;
    const bucket = isSame && this.bucket !== null ? this.bucket : fullBucket(limit, nowMs);
    const { allowed, next } = takeToken(bucket, limit, nowMs);
    this.limit = limit;
    this.bucket = next;
    return allowed;
  }
}

/** The guard a `--web.config.file` asks for; null where there is none. Throws, with every mistake and its place, when the
 *  file cannot be used. */
export function openWebGuard(path: string | null, clock: Pick<Clock, 'nowMs'>, log: Log): WebGuard | null {
  return path === null ? null : new WebGuard(new WebConfigFile(path, log), clock);
}

/** As Go's `http.Error` answers. */
function refuse(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(`${text}\n`);
}
