import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../config/decode';
import { parseYaml } from '../config/parse-yaml';
import { DEFAULT_HTTP_CONFIG, type HttpConfig, resolveHttpFiles } from './http-config';
import { httpConfig } from './http-config.schema';

function decode(yaml: string) {
  const parsed = parseYaml(yaml);
  if (!parsed.ok) throw new Error(parsed.findings[0]?.message);
  return decodeDocument(parsed.document, httpConfig);
}

function valid(yaml: string): HttpConfig {
  const decoded = decode(yaml);
  if (!decoded.ok) throw new Error(decoded.findings.map(({ message }) => message).join());
  return decoded.value;
}

describe('httpConfig', () => {
  it('has defaults', () => {
    expect(valid('{}')).toEqual(DEFAULT_HTTP_CONFIG);
    expect(valid('{tls_config: {}, http_headers: {}}')).toEqual(DEFAULT_HTTP_CONFIG);
  });

  it('takes every field', () => {
    const config = valid(`
basic_auth: {username: u, username_file: '', password: p}
tls_config: {ca_file: ca.pem, cert_file: c.pem, key_file: k.pem, server_name: s, insecure_skip_verify: yes, min_version: TLS12, max_version: TLS13}
follow_redirects: false
enable_http2: no
proxy_url: http://u:pw@proxy:3128
no_proxy: localhost
proxy_connect_header: {X-A: [a, b]}
http_headers:
  X-B: {values: [1, two], secrets: [s], files: [f]}
`);
    expect(config).toMatchObject({
      basicAuth: { username: 'u', usernameFile: '', passwordFile: '' },
      tls: {
        caFile: 'ca.pem',
        certFile: 'c.pem',
        keyFile: 'k.pem',
        serverName: 's',
        insecureSkipVerify: true,
        minVersion: 'TLS12',
        maxVersion: 'TLS13',
      },
      followRedirects: false,
      enableHttp2: false,
      proxy: { noProxy: 'localhost', fromEnvironment: false },
      headers: { 'X-B': { values: ['1', 'two'], files: ['f'] } },
    });
    expect(config.basicAuth?.password.reveal()).toBe('p');
    expect(config.proxy.url.reveal()).toBe('http://u:pw@proxy:3128');
    expect(config.proxy.connectHeader['X-A']?.map((value) => value.reveal())).toEqual(['a', 'b']);
    expect(config.headers['X-B']?.secrets.map((value) => value.reveal())).toEqual(['s']);
  });

  it('takes oauth2', () => {
    const config = valid(`
oauth2:
  client_id: id
  client_secret_file: secret
  scopes: [a]
  token_url: https://issuer/token
  endpoint_params: {audience: x}
  tls_config: {ca_file: ca.pem}
  proxy_from_environment: true
`);
    expect(config.oauth2).toMatchObject({
      clientId: 'id',
      clientSecretFile: 'secret',
      scopes: ['a'],
      tokenUrl: 'https://issuer/token',
      endpointParams: { audience: 'x' },
      tls: { caFile: 'ca.pem' },
      proxy: { fromEnvironment: true },
    });
  });

  it.each([
    ['authorization: {credentials: abc}', 'Bearer', 'abc', ''],
    ['authorization: {type: " Key ", credentials_file: f}', 'Key', '', 'f'],
    ['bearer_token: abc', 'Bearer', 'abc', ''],
    ['bearer_token_file: f', 'Bearer', '', 'f'],
  ])('reads %s', (yaml, type, credentials, credentialsFile) => {
    const { authorization } = valid(yaml);
    expect(authorization).toMatchObject({ type, credentialsFile });
    expect(authorization?.credentials.reveal()).toBe(credentials);
  });

  const oauth2 = 'oauth2: {client_id: a, token_url: http://x/}';

  it.each([
    ['{nonsense: 1}', 'field nonsense not found in type config.plain'],
    ['{follow_redirects: perhaps}', 'cannot unmarshal !!str `perhaps` into bool'],
    ['{basic_auth: [a]}', 'cannot unmarshal !!seq into config.BasicAuth'],
    [
      '{basic_auth: {username: a, username_file: b}}',
      'at most one of basic_auth username, username_file & username_ref must be configured',
    ],
    [
      '{basic_auth: {username: a, password: b, password_ref: c}}',
      'at most one of basic_auth password, password_file & password_ref must be configured',
    ],
    ['{basic_auth: {username: a, password_ref: c}}', 'cannot use secret ref without manager'],
    ['{authorization: {credentials_ref: c}}', 'cannot use secret ref without manager'],
    ['{tls_config: {ca_ref: c}}', 'cannot use secret ref without manager'],
    [
      '{authorization: {type: Basic, credentials: a}}',
      'authorization type cannot be set to "basic", use "basic_auth" instead',
    ],
    [
      '{authorization: {credentials: a, credentials_file: b}}',
      'at most one of authorization credentials & credentials_file must be configured',
    ],
    ['{bearer_token: a, bearer_token_file: b}', 'at most one of bearer_token & bearer_token_file must be configured'],
    [
      '{bearer_token: a, basic_auth: {username: b}}',
      'at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured',
    ],
    [
      '{bearer_token: a, authorization: {credentials: b}}',
      'authorization is not compatible with bearer_token & bearer_token_file',
    ],
    [
      '{basic_auth: {username: a}, authorization: {credentials: b}}',
      'at most one of basic_auth, oauth2 & authorization must be configured',
    ],
    [`{basic_auth: {username: a}, ${oauth2}}`, 'at most one of basic_auth, oauth2 & authorization must be configured'],
    ['{oauth2: {token_url: http://x/}}', 'oauth2 client_id must be configured'],
    ['{oauth2: {client_id: a}}', 'oauth2 token_url must be configured'],
    ['{oauth2: {client_id: a, token_url: x}}', 'oauth2 token_url must be an http or https address'],
    [
      '{oauth2: {client_id: a, token_url: http://x/, client_secret: b, client_secret_file: c}}',
      'at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured',
    ],
    [
      '{oauth2: {client_id: a, token_url: http://x/, grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer"}}',
      'oauth2 with signed tokens (RFC 7523) is not supported yet by this version of Tocsin',
    ],
    [
      '{oauth2: {client_id: a, token_url: http://x/, signature_algorithm: HS256}}',
      'valid signature algorithms are RS256, RS384 and RS512',
    ],
    ['{tls_config: {ca: a, ca_file: b}}', 'at most one of ca, ca_file & ca_ref must be configured'],
    ['{tls_config: {cert: a, cert_file: b, key: c}}', 'at most one of cert, cert_file & cert_ref must be configured'],
    ['{tls_config: {cert: a, key: b, key_file: c}}', 'at most one of key and key_file must be configured'],
    [
      '{tls_config: {cert: a}}',
      'exactly one of key or key_file must be configured when a client certificate is configured',
    ],
    [
      '{tls_config: {key_file: a}}',
      'exactly one of cert or cert_file must be configured when a client key is configured',
    ],
    ['{tls_config: {min_version: TLS9}}', 'unknown TLS version: TLS9'],
    [
      '{proxy_from_environment: true, proxy_url: http://x/}',
      'if proxy_from_environment is configured, proxy_url must not be configured',
    ],
    [
      '{proxy_from_environment: true, no_proxy: x}',
      'if proxy_from_environment is configured, no_proxy must not be configured',
    ],
    ['{no_proxy: x}', 'if no_proxy is configured, proxy_url must also be configured'],
    [
      '{proxy_connect_header: {a: [b]}}',
      'if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured',
    ],
    ['{proxy_url: "socks5://x/"}', 'a SOCKS5 proxy is not supported yet by this version of Tocsin'],
    ['{proxy_url: "ftp://x/"}', 'unsupported proxy scheme "ftp"'],
    ['{proxy_url: "http://u:canary@:99999"}', 'cannot parse proxy_url'],
    ['{http_headers: {content-type: {values: [a]}}}', 'setting header "Content-Type" is not allowed'],
    ['{http_headers: {WWW-authenticate: {}}}', 'setting header "Www-Authenticate" is not allowed'],
  ])('refuses %s', (yaml, message) => {
    const decoded = decode(yaml);
    expect(decoded.ok ? [] : decoded.findings.map((finding) => finding.message)).toContain(message);
  });

  it('reports all mistakes of a section at once', () => {
    const decoded = decode('{bearer_token: a, bearer_token_file: b, no_proxy: x, http_headers: {Host: {}}}');
    expect(decoded).toMatchObject({ ok: false, findings: { length: 3 } });
  });
});

it('resolveHttpFiles takes relative names from the folder of the configuration file', () => {
  const files = valid(`
authorization: {credentials_file: token}
tls_config: {ca_file: ../ca.pem, cert_file: /abs/c.pem, key_file: k.pem}
http_headers: {X-A: {files: [h]}}
`);
  expect(resolveHttpFiles(files, '/etc/am')).toMatchObject({
    authorization: { credentialsFile: '/etc/am/token' },
    tls: { caFile: '/etc/ca.pem', certFile: '/abs/c.pem', keyFile: '/etc/am/k.pem' },
    headers: { 'X-A': { files: ['/etc/am/h'] } },
  });
  const basic = resolveHttpFiles(valid('basic_auth: {username_file: u, password_file: p}'), '/etc/am');
  expect(basic).toMatchObject({ basicAuth: { usernameFile: '/etc/am/u', passwordFile: '/etc/am/p' } });
  const oauth2 = 'oauth2: {client_id: a, token_url: http://x/, client_secret_file: s, tls_config: {ca_file: c}}';
  expect(resolveHttpFiles(valid(oauth2), '/etc/am')).toMatchObject({
    oauth2: { clientSecretFile: '/etc/am/s', tls: { caFile: '/etc/am/c' } },
  });
  expect(resolveHttpFiles(DEFAULT_HTTP_CONFIG, '/etc/am')).toEqual(DEFAULT_HTTP_CONFIG);
});
