import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../config/decode';
import { parseYaml } from '../config/parse-yaml';
import { type WebConfig } from './web-config';
import { webConfig } from './web-config.schema';

function decode(yaml: string) {
  const parsed = parseYaml(yaml);
  if (!parsed.ok) throw new Error(parsed.findings[0]?.message);
  return decodeDocument(parsed.document, webConfig);
}

function valid(yaml: string): WebConfig {
  const decoded = decode(yaml);
  if (!decoded.ok) throw new Error(decoded.findings.map(({ message }) => message).join());
  return decoded.value;
}

const HASH = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

describe('webConfig', () => {
  it.each(['', '{}', 'tls_server_config: {}', 'rate_limit: {interval: 0}'])('asks for nothing in %j', (yaml) => {
    expect(valid(yaml)).toEqual({ tls: null, http2: true, headers: {}, rateLimit: null, users: new Map() });
  });

  it('takes every field', () => {
    const config = valid(`
tls_server_config:
  cert_file: c.pem
  key_file: k.pem
  client_ca: PEM
  client_auth_type: VerifyClientCertIfGiven
  client_allowed_sans: [a, b]
  cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
  curve_preferences: [X25519, CurveP256, CurveP384, CurveP521]
  min_version: TLS11
  max_version: TLS12
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    X-Content-Type-Options: nosniff
    X-XSS-Protection: 1; mode=block
    Content-Security-Policy: default-src 'self'
    Strict-Transport-Security: max-age=1
rate_limit: {burst: 3, interval: 1.5s}
basic_auth_users: {alice: ${HASH}}
`);
    expect(config).toMatchObject({
      tls: {
        cert: { file: 'c.pem' },
        key: { file: 'k.pem' },
        clientCa: { text: 'PEM' },
        clientAuth: 'verify-if-given',
        clientAllowedSans: ['a', 'b'],
        ciphers:
          'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:ECDHE-RSA-AES128-GCM-SHA256',
        curves: 'X25519:P-256:P-384:P-521',
        minVersion: 'TLS11',
        maxVersion: 'TLS12',
        preferServerCiphers: false,
      },
      http2: false,
      rateLimit: { burst: 3, intervalMs: 1_500 },
    });
    expect(Object.keys(config.headers)).toHaveLength(5);
    expect(config.users.get('alice')?.reveal()).toBe(HASH);
    expect(JSON.stringify([...config.users])).not.toContain(HASH);
  });

  it('has the defaults of TLS', () => {
    expect(valid('tls_server_config: {cert: C, key: K}').tls).toEqual({
      cert: { text: 'C' },
      key: { text: 'K' },
      clientCa: null,
      clientAuth: 'none',
      clientAllowedSans: null,
      ciphers: null,
      curves: null,
      minVersion: 'TLS12',
      maxVersion: 'TLS13',
      preferServerCiphers: true,
    });
  });

  it.each([
    ['', 'none'],
    ['NoClientCert', 'none'],
    ['RequestClientCert', 'request'],
    ['RequireClientCert', 'require-any'],
    ['RequireAnyClientCert', 'require-any'],
    ['RequireAndVerifyClientCert', 'require-and-verify'],
  ])('knows client_auth_type %j', (type, clientAuth) => {
    expect(valid(`tls_server_config: {cert: C, key: K, client_auth_type: '${type}'}`).tls).toMatchObject({
      clientAuth,
    });
  });

  const tls = (fields: string) => `tls_server_config: {cert: C, key: K, ${fields}}`;
  it.each([
    ['hello: world', ['field hello not found in type web.Config']],
    ['tls_server_config: {ca: x}', ['field ca not found in type web.TLSConfig']],
    ['http_server_config: {http3: true}', ['field http3 not found in type web.HTTPConfig']],
    ['rate_limit: {rate: 1}', ['field rate not found in type web.RateLimiterConfig']],
    ['tls_server_config: {cert: C}', ['missing one of key or key_file']],
    ['tls_server_config: {key: K}', ['missing one of cert or cert_file']],
    [
      'tls_server_config: {client_auth_type: NoClientCert}',
      ['missing one of cert or cert_file', 'missing one of key or key_file'],
    ],
    [tls('client_auth_type: Maybe'), ['invalid ClientAuth: Maybe']],
    [tls('client_ca: X'), ["client CA's have been configured without a Client Auth Policy"]],
    [tls('cipher_suites: [TLS_X]'), ['unknown cipher: TLS_X']],
    [tls('curve_preferences: [CurveP1]'), ['unknown curve: CurveP1']],
    [tls('min_version: TLS111'), ['unknown TLS version: TLS111']],
    [tls('min_version: TLS13, max_version: TLS12'), ['tls: no supported versions satisfy MinVersion and MaxVersion']],
    [
      tls('cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]'),
      [
        expect.stringMatching(
          /^http2: TLSConfig.CipherSuites is missing an HTTP\/2-required AES_128_GCM_SHA256 cipher/,
        ),
      ],
    ],
    ['http_server_config: {headers: {X-Y: z}}', ['HTTP header "X-Y" can not be configured']],
    [
      'http_server_config: {headers: {X-Frame-Options: foo}}',
      ['invalid value for X-Frame-Options. Expected one of: ["deny" "sameorigin"], but got: "foo"'],
    ],
    [
      'basic_auth_users: {a: secret, b: ""}',
      Array(2).fill('crypto/bcrypt: hashedSecret too short to be a bcrypted password'),
    ],
  ])('refuses %s', (yaml, messages) => {
    const decoded = decode(yaml);
    expect(decoded.ok ? [] : decoded.findings.map(({ message }) => message)).toEqual(messages);
  });

  it('takes ciphers HTTP/2 cannot use where there is none', () => {
    const cbc = tls('cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA]');
    expect(decode(`${cbc}\nhttp_server_config: {http2: false}`).ok).toBe(true);
    expect(decode(cbc.replace('{cert', '{min_version: TLS13, cert')).ok).toBe(true);
  });

  it('tells the place of every mistake, and no secret', () => {
    const decoded = decode(`tls_server_config:\n  key: hidden\nfoo: 1\nbasic_auth_users:\n  bob: plain\n`);
    expect(decoded).toMatchObject({
      findings: [
        { line: 2, column: 3, message: 'missing one of cert or cert_file' },
        { line: 3, column: 1 },
        { line: 5, column: 8 },
      ],
    });
    expect(JSON.stringify(decoded)).not.toMatch(/hidden|plain/);
  });
});
