import {
  bool,
  custom,
  type Decoded,
  type Decoder,
  goDuration,
  int,
  list,
  map,
  object,
  optional,
  orEmpty,
  type Report,
  string,
  withDefault,
} from '../config/decode';
import { Secret } from '../config/secret';
import { secret } from '../config/secret.schema';
import { goQuote } from '../labels/go-quote';
import { bcryptHashProblem } from './bcrypt-hash';
import { isGoCipher, isGoCurve, opensslCiphers, opensslCurves, sufficeForHttp2 } from './go-tls-names';
import { tlsVersion } from './tls-config.schema';
import { type ClientAuth, type PemSource, type ServerTlsConfig, type WebConfig } from './web-config';

const text = withDefault(string, '');

/** A text that must be one of those known; `what` is how the message calls it. */
function named(isKnown: (name: string) => boolean, what: string): Decoder<string> {
  return custom(string, (name, report) => (isKnown(name) ? name : report(`unknown ${what}: ${name}`)));
}

const tlsFields = object(
  {
    cert: text,
    key: secret,
    client_ca: text,
    cert_file: text,
    key_file: text,
    client_auth_type: text,
    client_ca_file: text,
    cipher_suites: withDefault(list(named(isGoCipher, 'cipher')), []),
    curve_preferences: withDefault(list(named(isGoCurve, 'curve')), []),
    min_version: withDefault(tlsVersion, 'TLS12' as const),
    max_version: withDefault(tlsVersion, 'TLS13' as const),
    prefer_server_cipher_suites: withDefault(bool, true),
    client_allowed_sans: optional(list(string)),
  },
  'web.TLSConfig',
);

/** The only headers a file may set, with their values where those are fixed. */
const allowedHeaders: ReadonlyMap<string, readonly string[]> = new Map([
  ['Strict-Transport-Security', []],
  ['X-Content-Type-Options', ['nosniff']],
  ['X-Frame-Options', ['deny', 'sameorigin']],
  ['X-XSS-Protection', []],
  ['Content-Security-Policy', []],
]);

const headers = custom(map(string), (set, report) => {
  for (const [name, value] of Object.entries(set)) {
    const problem = headerProblem(name, value);
    if (problem !== null) report(problem, [name]);
  }
  return set;
});

function headerProblem(name: string, value: string): string | null {
  const values = allowedHeaders.get(name);
  if (values === undefined) return `HTTP header ${goQuote(name)} can not be configured`;
  if (values.length === 0 || values.includes(value)) return null;
  const expected = values.map(goQuote).join(' ');
  return `invalid value for ${name}. Expected one of: [${expected}], but got: ${goQuote(value)}`;
}

const users = custom(map(string), (hashes, report) => {
  for (const [user, hash] of Object.entries(hashes)) {
    const problem = bcryptHashProblem(hash);
    if (problem !== null) report(problem, [user]);
  }
  return new Map(Object.entries(hashes).map(([user, hash]) => [user, new Secret(hash)]));
});

const fields = object(
  {
    tls_server_config: orEmpty(
      custom(tlsFields, (raw, report) => (isTlsWanted(raw) ? checkedTls(raw, report) : NO_TLS)),
    ),
    http_server_config: orEmpty(
      object({ http2: withDefault(bool, true), headers: withDefault(headers, {}) }, 'web.HTTPConfig'),
    ),
    rate_limit: orEmpty(
      object({ burst: withDefault(int, 0), interval: withDefault(goDuration, 0) }, 'web.RateLimiterConfig'),
    ),
    basic_auth_users: withDefault(users, new Map<string, Secret>()),
  },
  'web.Config',
);

/** A `--web.config.file`. Source: prometheus/exporter-toolkit `web.Config`. */
export const webConfig: Decoder<WebConfig> = custom(fields, (raw, report) => {
  const { tls_server_config: tls, http_server_config: http, rate_limit: rate } = raw;
  if (http.http2 && !tls.suitsHttp2) report(NO_HTTP2_CIPHER, ['tls_server_config', 'cipher_suites']);
  return {
    tls: tls.config,
    http2: http.http2,
    headers: http.headers,
    rateLimit: rate.interval > 0 ? { burst: rate.burst, intervalMs: rate.interval } : null,
    users: raw.basic_auth_users,
  };
});

type TlsFields = Decoded<typeof tlsFields>;

function isTlsWanted(raw: TlsFields): boolean {
  const { cert, cert_file, key, key_file, client_ca, client_ca_file, client_auth_type } = raw;
  return [cert, cert_file, key.reveal(), key_file, client_ca, client_ca_file, client_auth_type].some(
    (value) => value !== '',
  );
}

const clientAuths: ReadonlyMap<string, ClientAuth> = new Map([
  ['', 'none'],
  ['NoClientCert', 'none'],
  ['RequestClientCert', 'request'],
  ['RequireAnyClientCert', 'require-any'],
  ['RequireClientCert', 'require-any'],
  ['VerifyClientCertIfGiven', 'verify-if-given'],
  ['RequireAndVerifyClientCert', 'require-and-verify'],
]);

interface TlsSection {
  readonly config: ServerTlsConfig | null;
  /** Whether its ciphers leave HTTP/2 one it can use. */
  readonly suitsHttp2: boolean;
}

const NO_TLS: TlsSection = { config: null, suitsHttp2: true };

function checkedTls(raw: TlsFields, report: Report): TlsSection | undefined {
  const cert = pemSource(raw.cert_file, raw.cert);
  const key = pemSource(raw.key_file, raw.key.reveal());
  const clientCa = pemSource(raw.client_ca_file, raw.client_ca);
  const clientAuth = clientAuths.get(raw.client_auth_type);
  if (cert === null) report('missing one of cert or cert_file');
  if (key === null) report('missing one of key or key_file');
  if (clientAuth === undefined) report(`invalid ClientAuth: ${raw.client_auth_type}`, ['client_auth_type']);
  if (clientCa !== null && clientAuth === 'none') {
    report("client CA's have been configured without a Client Auth Policy");
  }
  const ciphers = raw.cipher_suites;
  if (raw.min_version > raw.max_version) report(NO_VERSION, ['max_version']);
  if (cert === null || key === null || clientAuth === undefined) return undefined;
  return {
    config: {
      cert,
      key,
      clientCa,
      clientAuth,
      clientAllowedSans: raw.client_allowed_sans ?? null,
      ciphers: opensslCiphers(ciphers),
      curves: opensslCurves(raw.curve_preferences),
      minVersion: raw.min_version,
      maxVersion: raw.max_version,
      preferServerCiphers: raw.prefer_server_cipher_suites,
    },
    suitsHttp2: ciphers.length === 0 || raw.min_version === 'TLS13' || sufficeForHttp2(ciphers),
  };
}

/** Where both are given the file counts. */
function pemSource(file: string, inline: string): PemSource | null {
  if (file !== '') return { file };
  return inline === '' ? null : { text: inline };
}

const NO_HTTP2_CIPHER =
  'http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)';

/** Alertmanager starts and then fails every handshake. */
const NO_VERSION = 'tls: no supported versions satisfy MinVersion and MaxVersion';
