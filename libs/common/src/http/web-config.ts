import { type Secret } from '../config/secret';
import { type TlsVersion } from './http-config';

/** What a `--web.config.file` decides. Source: prometheus/exporter-toolkit. */
export interface WebConfig {
  /** Null: plain HTTP. */
  readonly tls: ServerTlsConfig | null;
  /** Whether TLS connections may speak HTTP/2. Default true. */
  readonly http2: boolean;
  /** Added to every answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: no limit. */
  readonly rateLimit: RateLimit | null;
  /** bcrypt hashes by user; empty: nobody has to log in. */
  readonly users: ReadonlyMap<string, Secret>;
}

/** A token bucket: one request an interval on average, `burst` at once. */
export interface RateLimit {
  readonly intervalMs: number;
  readonly burst: number;
}

/** A certificate or key: in the file itself, or in one of its own. */
export type PemSource = { readonly text: string } | { readonly file: string };

/** What a client must show of itself. Source: Go `tls.ClientAuthType`. */
export type ClientAuth = 'none' | 'request' | 'require-any' | 'verify-if-given' | 'require-and-verify';

/** `tls_server_config`. */
export interface ServerTlsConfig {
  readonly cert: PemSource;
  readonly key: PemSource;
  /** Null: the authorities the runtime knows. */
  readonly clientCa: PemSource | null;
  readonly clientAuth: ClientAuth;
  /** Names of which a client's certificate must have one; null: any will do. */
  readonly clientAllowedSans: readonly string[] | null;
  /** In OpenSSL's names, those of TLS 1.3 included; null: the runtime's. */
  readonly ciphers: string | null;
  /** In OpenSSL's names; null: the runtime's. */
  readonly curves: string | null;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  readonly preferServerCiphers: boolean;
}
