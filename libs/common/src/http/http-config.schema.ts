import {
  bool,
  custom,
  type Decoded,
  type Decoder,
  list,
  map,
  object,
  optional,
  string,
  withDefault,
} from '../config/decode';
import { notSupportedYet } from '../config/not-supported';
import { Secret } from '../config/secret';
import { secret } from '../config/secret.schema';
import { goQuote } from '../labels/go-quote';
import { type Authorization, type HttpConfig, type OAuth2, type ProxyConfig } from './http-config';
import { NO_SECRET_MANAGER, several, tlsConfig } from './tls-config.schema';
import { checkHttpUrl } from './url.schema';

const text = withDefault(string, '');
const texts = withDefault(list(text), []);
const secrets = withDefault(list(secret), []);

const basicAuth = object(
  {
    username: text,
    username_file: text,
    username_ref: text,
    password: secret,
    password_file: text,
    password_ref: text,
  },
  'config.BasicAuth',
);

const authorization = object(
  { type: text, credentials: secret, credentials_file: text, credentials_ref: text },
  'config.Authorization',
);

const proxyUrl: Decoder<Secret> = withDefault(
  custom(string, (value, report) => {
    const checked = checkProxyUrl(value);
    return checked === null ? new Secret(value) : report(checked);
  }),
  new Secret(''),
);

const proxyFields = {
  proxy_url: proxyUrl,
  no_proxy: text,
  proxy_from_environment: withDefault(bool, false),
  proxy_connect_header: withDefault(map(secrets), {}),
};

/** Fields of the grant that signs a token of its own (RFC 7523). */
const signedGrantFields = {
  client_certificate_key_id: text,
  client_certificate_key: secret,
  client_certificate_key_file: text,
  client_certificate_key_ref: text,
  signature_algorithm: text,
  iss: text,
  audience: text,
  claims: withDefault(map(text), {}),
};

const oauth2 = object(
  {
    client_id: text,
    client_secret: secret,
    client_secret_file: text,
    client_secret_ref: text,
    grant_type: text,
    ...signedGrantFields,
    scopes: texts,
    token_url: text,
    endpoint_params: withDefault(map(text), {}),
    tls_config: tlsConfig,
    ...proxyFields,
  },
  'config.plain',
);

const header = withDefault(object({ values: texts, secrets, files: texts }, 'config.Header'), {
  values: [],
  secrets: [],
  files: [],
});

/** Further headers by name; absent, there are none. */
export const httpHeaders = withDefault(map(header), {});

const fields = object(
  {
    basic_auth: optional(basicAuth),
    authorization: optional(authorization),
    oauth2: optional(oauth2),
    bearer_token: secret,
    bearer_token_file: text,
    tls_config: tlsConfig,
    follow_redirects: withDefault(bool, true),
    enable_http2: withDefault(bool, true),
    ...proxyFields,
    http_headers: httpHeaders,
  },
  'config.plain',
);

type Fields = Decoded<typeof fields>;

/** An `http_config` section. Source: prometheus/common `config.HTTPClientConfig`. */
export const httpConfig: Decoder<HttpConfig> = custom(fields, (raw, report) => {
  const problems = [
    ...authProblems(raw),
    ...(raw.oauth2 ? oauth2Problems(raw.oauth2) : []),
    ...proxyProblems(raw),
    ...headerProblems(raw),
  ];
  for (const problem of problems) report(problem);
  return problems.length > 0 ? undefined : toHttpConfig(raw);
});

/** Each rule with whether it is broken. */
type Rules = readonly (readonly [broken: boolean, message: string])[];

function broken(rules: Rules): string[] {
  return rules.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

function authProblems(raw: Fields): string[] {
  const token = raw.bearer_token.reveal();
  const hasToken = token !== '' || raw.bearer_token_file !== '';
  const sections = [raw.basic_auth, raw.authorization, raw.oauth2].filter((section) => section !== undefined);
  return [
    ...broken([
      [several(token, raw.bearer_token_file), 'at most one of bearer_token & bearer_token_file must be configured'],
      [
        hasToken && (raw.basic_auth !== undefined || raw.oauth2 !== undefined),
        'at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured',
      ],
    ]),
    ...(raw.basic_auth ? basicAuthProblems(raw.basic_auth) : []),
    ...(raw.authorization ? authorizationProblems(raw.authorization, hasToken) : []),
    ...broken([[sections.length > 1, 'at most one of basic_auth, oauth2 & authorization must be configured']]),
  ];
}

function basicAuthProblems(raw: Decoded<typeof basicAuth>): string[] {
  return broken([
    [
      several(raw.username, raw.username_file, raw.username_ref),
      'at most one of basic_auth username, username_file & username_ref must be configured',
    ],
    [
      several(raw.password.reveal(), raw.password_file, raw.password_ref),
      'at most one of basic_auth password, password_file & password_ref must be configured',
    ],
    [raw.username_ref + raw.password_ref !== '', NO_SECRET_MANAGER],
  ]);
}

function authorizationProblems(raw: Decoded<typeof authorization>, hasToken: boolean): string[] {
  return broken([
    [hasToken, 'authorization is not compatible with bearer_token & bearer_token_file'],
    [
      several(raw.credentials.reveal(), raw.credentials_file, raw.credentials_ref),
      'at most one of authorization credentials & credentials_file must be configured',
    ],
    [
      raw.type.trim().toLowerCase() === 'basic',
      'authorization type cannot be set to "basic", use "basic_auth" instead',
    ],
    [raw.credentials_ref !== '', NO_SECRET_MANAGER],
  ]);
}

const SIGNED_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

function oauth2Problems(raw: Decoded<typeof oauth2>): string[] {
  const key = raw.client_certificate_key.reveal();
  const signing = [
    raw.client_certificate_key_id,
    key,
    raw.client_certificate_key_file,
    raw.client_certificate_key_ref,
    raw.signature_algorithm,
  ];
  return [
    ...broken([
      [raw.client_id === '', 'oauth2 client_id must be configured'],
      [raw.token_url === '', 'oauth2 token_url must be configured'],
      [
        several(raw.client_secret.reveal(), raw.client_secret_file, raw.client_secret_ref),
        'at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured',
      ],
      [
        several(key, raw.client_certificate_key_file, raw.client_certificate_key_ref),
        'at most one of oauth2 client_certificate_key, client_certificate_key_file & client_certificate_key_ref must be configured',
      ],
      [
        !['', 'RS256', 'RS384', 'RS512'].includes(raw.signature_algorithm),
        'valid signature algorithms are RS256, RS384 and RS512',
      ],
      [raw.client_secret_ref !== '', NO_SECRET_MANAGER],
      [raw.token_url !== '' && !checkHttpUrl(raw.token_url).ok, 'oauth2 token_url must be an http or https address'],
      [
        raw.grant_type === SIGNED_GRANT || signing.some((value) => value !== ''),
        notSupportedYet('oauth2 with signed tokens (RFC 7523)'),
      ],
    ]),
    ...proxyProblems(raw),
  ];
}

function proxyProblems(raw: Pick<Fields, keyof typeof proxyFields>): string[] {
  const hasUrl = raw.proxy_url.reveal() !== '';
  const fromEnvironment = raw.proxy_from_environment;
  return broken([
    [
      Object.keys(raw.proxy_connect_header).length > 0 && !fromEnvironment && !hasUrl,
      'if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured',
    ],
    [fromEnvironment && hasUrl, 'if proxy_from_environment is configured, proxy_url must not be configured'],
    [
      fromEnvironment && raw.no_proxy !== '',
      'if proxy_from_environment is configured, no_proxy must not be configured',
    ],
    [
      !fromEnvironment && !hasUrl && raw.no_proxy !== '',
      'if no_proxy is configured, proxy_url must also be configured',
    ],
  ]);
}

function checkProxyUrl(text: string): string | null {
  if (text === '') return null;
  // The address stays out of the messages: it may hold a password.
  if (!URL.canParse(text)) return 'cannot parse proxy_url';
  const { protocol } = new URL(text);
  if (protocol === 'http:' || protocol === 'https:') return null;
  if (protocol.startsWith('socks5')) return notSupportedYet('a SOCKS5 proxy');
  return `unsupported proxy scheme ${goQuote(protocol.slice(0, -1))}`;
}

/** Headers the client or the receiver type sets. */
const reservedHeaders: ReadonlySet<string> = new Set([
  'Authorization',
  'Host',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'User-Agent',
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Www-Authenticate',
  'Accept-Encoding',
  'X-Prometheus-Remote-Write-Version',
  'X-Prometheus-Remote-Read-Version',
  'X-Prometheus-Scrape-Timeout-Seconds',
  'X-Amz-Date',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
]);

function headerProblems(raw: Fields): string[] {
  return Object.keys(raw.http_headers)
    .map(canonicalHeader)
    .filter((name) => reservedHeaders.has(name))
    .map((name) => `setting header ${goQuote(name)} is not allowed`);
}

/** `content-type` as `Content-Type`. */
function canonicalHeader(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

function toHttpConfig(raw: Fields): HttpConfig {
  const { basic_auth: basic, oauth2: oauth } = raw;
  return {
    basicAuth: basic
      ? {
          username: basic.username,
          usernameFile: basic.username_file,
          password: basic.password,
          passwordFile: basic.password_file,
        }
      : null,
    authorization: toAuthorization(raw),
    oauth2: oauth ? toOAuth2(oauth) : null,
    tls: raw.tls_config,
    followRedirects: raw.follow_redirects,
    enableHttp2: raw.enable_http2,
    proxy: toProxyConfig(raw),
    headers: raw.http_headers,
  };
}

/** `bearer_token` and its file are an older way to write `authorization`. */
function toAuthorization(raw: Fields): Authorization | null {
  const auth = raw.authorization;
  if (auth) {
    const type = auth.type.trim() || 'Bearer';
    return { type, credentials: auth.credentials, credentialsFile: auth.credentials_file };
  }
  if (raw.bearer_token.reveal() === '' && raw.bearer_token_file === '') return null;
  return { type: 'Bearer', credentials: raw.bearer_token, credentialsFile: raw.bearer_token_file };
}

function toOAuth2(raw: Decoded<typeof oauth2>): OAuth2 {
  return {
    clientId: raw.client_id,
    clientSecret: raw.client_secret,
    clientSecretFile: raw.client_secret_file,
    scopes: raw.scopes,
    tokenUrl: raw.token_url,
    endpointParams: raw.endpoint_params,
    tls: raw.tls_config,
    proxy: toProxyConfig(raw),
  };
}

function toProxyConfig(raw: Pick<Fields, keyof typeof proxyFields>): ProxyConfig {
  return {
    url: raw.proxy_url,
    noProxy: raw.no_proxy,
    fromEnvironment: raw.proxy_from_environment,
    connectHeader: raw.proxy_connect_header,
  };
}
