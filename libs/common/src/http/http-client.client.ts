import { isIP } from 'node:net';
import type { Dispatcher } from 'undici';
import { type Clock } from '../time/clock';
import { ConnectionPools, proxyAuthorization } from './connection-pools.client';
import { EgressRefused, lookupWithin } from './egress-lookup.client';
import { type EgressPolicy } from './egress-policy';
import { exchange, failure } from './exchange.client';
import { DEFAULT_HTTP_CONFIG, type HttpConfig } from './http-config';
import {
  basicCredentialsIn,
  type Headers,
  type RequestCredentials,
  requestCredentials,
} from './http-credentials.client';
import { headerOf, type HttpResponse, type HttpResult } from './http-result';
import { type ClientSpans } from './http-spans';
import { OAuth2Token, type PostForm } from './oauth2-token.client';
import { type Environment, proxyFor } from './proxy-choice.client';
import { redact } from './redact';
import { RequestLimit } from './request-limit.client';
import { secretsSentTo, secretsSentToProxy } from './sent-secrets.client';
import { type TlsConnect, TlsOptions } from './tls-options.client';

export interface HttpClientOptions {
  readonly userAgent: string;
  readonly clock: Clock;
  /** For `proxy_from_environment`. */
  readonly environment: Environment;
  /** Traces the requests. Default: nobody does. */
  readonly spans?: ClientSpans;
  /** Where requests may go. Default: anywhere. */
  readonly egress?: EgressPolicy;
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** Limit for everything, redirects and tokens included; without it only `signal` ends a request. */
  readonly timeoutMs?: number;
  /** Most bytes of the response body to read. Default 64 KiB. */
  readonly maxBodyBytes?: number;
  /** What is secret in headers and body, and may not be seen where the server repeats it. */
  readonly secrets?: readonly string[];
  /** Takes secrets also out of the body of a success, since what it says may be shown. Default: a success is data. */
  readonly hidesSuccess?: boolean;
}

const MAX_BODY_BYTES = 64 * 1024;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 10;
/** Limit for getting an OAuth 2.0 token, ms; several requests may be waiting for the same one. */
const TOKEN_TIMEOUT_MS = 30_000;

/** Speaks HTTP as an `http_config` says. */
export class HttpClient {
  private readonly tls: TlsOptions;
  private readonly token: OAuth2Token | null = null;
  private readonly tokenClient: HttpClient | null = null;
  private pools: ConnectionPools;
  private underWay = 0;
  private whenIdle: (() => void) | null = null;
  /** The last address, since a receiver has the same one for all it is told. */
  private parsed: { readonly text: string; readonly url: URL | null } = { text: '', url: null };

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    private readonly config: HttpConfig,
    private readonly options: HttpClientOptions,
  ) {
    this.tls = new TlsOptions(config.tls);
    this.pools = this.openPools(this.tls.current());
    if (config.oauth2) {
      const { tls, proxy } = config.oauth2;
      const client = new HttpClient({ ...DEFAULT_HTTP_CONFIG, tls, proxy }, options);
      const post: PostForm = (url, headers, body) => client.post(url, { headers, body, timeoutMs: TOKEN_TIMEOUT_MS });
      this.token = new OAuth2Token(config.oauth2, post, options.clock);
      this.tokenClient = client;
    }
  }

  post(url: string, request: HttpRequest): Promise<HttpResult> {
    return this.request('POST', url, request);
  }

  /** Never rejects for what the network or the server does. */
  async request(method: string, url: string, request: HttpRequest): Promise<HttpResult> {
    const limit = new RequestLimit(this.options.clock, request.timeoutMs, request.signal);
    this.underWay++;
    try {
      const { spans } = this.options;
      const result = spans
        ? await spans.around({ method, host: this.urlOf(url)?.host ?? '' }, (headers) => {
            const traced = { ...request, headers: { ...request.headers, ...headers } };
            return limit.race(this.perform(method, url, traced, limit));
          })
        : await limit.race(this.perform(method, url, request, limit));
      if (result.kind === 'response') return result;
      return { ...result, message: `${method} "<redacted>": ${result.message}` };
    } finally {
      limit.clear();
      this.underWay--;
      if (this.underWay === 0) this.whenIdle?.();
    }
  }

  /** Ends all connections once no request is under way. */
  async close(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.whenIdle = resolve));
    await Promise.all([this.pools.close(), this.tokenClient?.close()]);
  }

  private async perform(method: string, text: string, request: HttpRequest, limit: RequestLimit): Promise<HttpResult> {
    const url = this.urlOf(text);
    if (url === null) return failure(new Error('not a valid address'));
    const urls = [url];
    let secrets: readonly string[] = [];
    const run = async (): Promise<HttpResult> => {
      const { token } = this;
      const credentials = await requestCredentials(this.config, token && (() => token.get()));
      ({ secrets } = credentials);
      return this.follow({ method, url, body: request.body ?? null }, request, credentials, limit, urls);
    };
    const result = await run().catch(failure);
    return hide(result, request, () => [
      ...urls.flatMap((sentTo) => this.secretsFor(sentTo)),
      ...secrets,
      ...(request.secrets ?? []),
    ]);
  }

  private secretsFor(url: URL): string[] {
    return [...secretsSentTo(url), ...secretsSentToProxy(this.config.proxy, url, this.options.environment)];
  }

  private async follow(
    first: Hop,
    request: HttpRequest,
    credentials: RequestCredentials,
    limit: RequestLimit,
    /** Where it led, for those who hide it. */
    urls: URL[],
  ): Promise<HttpResult> {
    let hop = first;
    for (let redirects = 0; ; redirects++) {
      const trusted = isTrusted(hop.url, first.url);
      const response = await this.send(hop, headersFor(hop, request, credentials, trusted), request, limit);
      if (response.kind === 'error') return response;
      if (response.status === 401) this.token?.forget();
      if (!this.config.followRedirects || redirects === MAX_REDIRECTS) return response;
      const next = redirectOf(hop, response);
      if (next === null) return response;
      hop = next;
      urls.push(hop.url);
    }
  }

  private send(
    { method, url, body }: Hop,
    own: Headers,
    request: HttpRequest,
    limit: RequestLimit,
  ): Promise<HttpResult> {
    const proxy = proxyFor(this.config.proxy, url, this.options.environment);
    // What needs no look-up, or has it made by a proxy, is asked about here.
    const isLookedUp = proxy === null && isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0;
    const refusal = isLookedUp ? null : (this.options.egress?.refusal(url.hostname, null) ?? null);
    if (refusal !== null) return Promise.resolve(failure(new EgressRefused(refusal)));
    const headers: Headers = { 'user-agent': this.options.userAgent, ...own };
    let path = url.pathname + url.search;
    if (proxy !== null && url.protocol === 'http:') {
      path = url.origin + path;
      headers['host'] = url.host;
      const authorization = proxyAuthorization(proxy);
      if (authorization !== null) headers['proxy-authorization'] = authorization;
    }
    const maxBodyBytes = request.maxBodyBytes ?? MAX_BODY_BYTES;
    return exchange(this.poolFor(url, proxy), { origin: url.origin, path, method, headers, body, maxBodyBytes }, limit);
  }

  private urlOf(text: string): URL | null {
    if (this.parsed.text !== text) this.parsed = { text, url: URL.canParse(text) ? new URL(text) : null };
    return this.parsed.url;
  }

  private openPools(tls: TlsConnect): ConnectionPools {
    const { egress } = this.options;
    return new ConnectionPools(this.config.proxy, tls, egress && lookupWithin(egress));
  }

  private poolFor(url: URL, proxy: URL | null): Dispatcher {
    const tls = this.tls.current();
    if (tls !== this.pools.tls) {
      void this.pools.close();
      this.pools = this.openPools(tls);
    }
    return this.pools.route(url, proxy);
  }
}

/** One request of a chain of redirects. */
interface Hop {
  readonly method: string;
  readonly url: URL;
  readonly body: string | Uint8Array | null;
}

/** Whether credentials meant for the first host may be sent: to that host, and never unencrypted after encrypted. */
function isTrusted(url: URL, first: URL): boolean {
  return url.host === first.host && (url.protocol === first.protocol || url.protocol === 'https:');
}

function headersFor(hop: Hop, request: HttpRequest, credentials: RequestCredentials, trusted: boolean): Headers {
  const headers: Headers = { ...credentials.plain };
  const basic = basicCredentialsIn(hop.url);
  if (basic !== null) headers['authorization'] = `Basic ${basic}`;
  if (trusted) Object.assign(headers, credentials.secret);
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const isSecret = name === 'authorization' || name === 'cookie';
    const describesBody = name.startsWith('content-');
    if ((trusted || !isSecret) && (hop.body !== null || !describesBody)) headers[name] = value;
  }
  return headers;
}

/** Where a response leads, null when it is final. Source: Go `net/http`: 307 and 308 repeat the request, the others
 *  turn it into a GET without a body. */
function redirectOf(hop: Hop, response: HttpResponse): Hop | null {
  const location = headerOf(response, 'location');
  if (!REDIRECTS.has(response.status) || !location || !URL.canParse(location, hop.url.href)) return null;
  const url = new URL(location, hop.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  if (response.status >= 307) return { ...hop, url };
  return { method: hop.method === 'HEAD' ? 'HEAD' : 'GET', url, body: null };
}

/** Failures are shown to people: without secrets. */
function hide(result: HttpResult, { hidesSuccess }: HttpRequest, secrets: () => readonly string[]): HttpResult {
  if (result.kind === 'error') return { ...result, message: redact(result.message, secrets()) };
  return result.status < 300 && hidesSuccess !== true ? result : { ...result, body: redact(result.body, secrets()) };
}
