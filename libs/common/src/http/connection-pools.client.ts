import { type LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { type ProxyConfig } from './http-config';
import { basicCredentialsIn } from './http-credentials.client';
import { type TlsConnect } from './tls-options.client';
import { Pool, ProxyAgent } from './undici.client';

/** Source: prometheus/common: idle connections are kept for 5 minutes, TLS may take 10 s to agree. */
const IDLE_MS = 300_000;
const CONNECT_MS = 10_000;

/** Addresses that come from templates or files may be many; the pool used longest ago goes first. */
const MAX_POOLS = 32;

/**
 * Connections by origin and proxy, all with the same TLS options.
 *
 * HTTP/1.1 only, whatever `enable_http2` allows: when a server shuts an HTTP/2 session down politely, undici fails the
 * requests it still answers, and each of those would be a notification sent twice.
 */
export class ConnectionPools {
  private readonly pools = new Map<string, Dispatcher>();

  constructor(
    private readonly proxy: ProxyConfig,
    readonly tls: TlsConnect,
    /** Default: Node's. Proxies are looked up without it. */
    private readonly lookup?: LookupFunction,
  ) {}

  /** Where to send a request for this address. */
  route(url: URL, proxy: URL | null): Dispatcher {
    const key = `${url.origin} ${proxy?.href ?? ''}`;
    const pool = this.pools.get(key) ?? this.open(url, proxy);
    // The newest use goes to the end.
    this.pools.delete(key);
    this.pools.set(key, pool);
    if (this.pools.size > MAX_POOLS) this.closeOldest();
    return pool;
  }

  /** Ends idle connections now and busy ones when they are done. */
  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  private open(url: URL, proxy: URL | null): Dispatcher {
    const connect = { ...this.tls, timeout: CONNECT_MS };
    const options = {
      // The caller limits the time of a request.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
    };
    if (proxy === null) {
      return new Pool(url.origin, { ...options, connect: { ...connect, ...(this.lookup && { lookup: this.lookup }) } });
    }
    // Plain requests are handed to the proxy with their full address, see `throughProxy`.
    if (url.protocol === 'http:') return new Pool(proxy.origin, { ...options, connect });
    return new ProxyAgent({
      ...options,
      uri: proxy.origin,
      headers: connectHeaders(this.proxy),
      ...(proxyAuthorization(proxy) !== null && { token: proxyAuthorization(proxy) ?? '' }),
      requestTls: connect,
      proxyTls: connect,
    });
  }

  private closeOldest(): void {
    for (const [key, pool] of this.pools) {
      this.pools.delete(key);
      void pool.close();
      return;
    }
  }
}

/** What a proxy is told about who asks, from its address; null when that holds no user. */
export function proxyAuthorization(proxy: URL): string | null {
  const basic = basicCredentialsIn(proxy);
  return basic === null ? null : `Basic ${basic}`;
}

function connectHeaders(proxy: ProxyConfig): Record<string, string[]> {
  const headers = Object.entries(proxy.connectHeader).map(([name, values]) => [
    name,
    values.map((value) => value.reveal()),
  ]);
  return Object.fromEntries(headers) as Record<string, string[]>;
}
