import { type Secret } from '../config/secret';
import {
  type Authorization,
  type BasicAuth,
  type HttpConfig,
  type OAuth2,
  type ProxyConfig,
  type TlsConfig,
} from './http-config';

/** A section as it is shown: unset fields left out, secrets hidden, keys in the order of Alertmanager. */
export type ConfigView = { readonly [key: string]: unknown };

/** Source: Alertmanager, `config.original` of the status API. */
export function httpConfigView(config: HttpConfig): ConfigView {
  return {
    ...(config.basicAuth && { basic_auth: basicAuthView(config.basicAuth) }),
    ...(config.authorization && { authorization: authorizationView(config.authorization) }),
    ...(config.oauth2 && { oauth2: oauth2View(config.oauth2) }),
    ...tlsField(config.tls),
    follow_redirects: config.followRedirects,
    enable_http2: config.enableHttp2,
    ...proxyView(config.proxy),
    ...(Object.keys(config.headers).length > 0 && { http_headers: headersView(config.headers) }),
  };
}

/** Empty when nothing is set. */
export function tlsConfigView(tls: TlsConfig): ConfigView {
  return set({
    ca: tls.ca,
    ca_file: tls.caFile,
    cert: tls.cert,
    cert_file: tls.certFile,
    key: tls.key.toString(),
    key_file: tls.keyFile,
    server_name: tls.serverName,
    insecure_skip_verify: tls.insecureSkipVerify,
    min_version: tls.minVersion,
    max_version: tls.maxVersion,
  });
}

function tlsField(tls: TlsConfig): ConfigView {
  const view = tlsConfigView(tls);
  return Object.keys(view).length > 0 ? { tls_config: { ...view, insecure_skip_verify: tls.insecureSkipVerify } } : {};
}

function basicAuthView({ username, usernameFile, password, passwordFile }: BasicAuth): ConfigView {
  return set({ username, username_file: usernameFile, password: password.toString(), password_file: passwordFile });
}

function authorizationView({ type, credentials, credentialsFile }: Authorization): ConfigView {
  return set({ type, credentials: credentials.toString(), credentials_file: credentialsFile });
}

function oauth2View(oauth2: OAuth2): ConfigView {
  return {
    client_id: oauth2.clientId,
    ...set({ client_secret: oauth2.clientSecret.toString(), client_secret_file: oauth2.clientSecretFile }),
    ...(oauth2.scopes.length > 0 && { scopes: oauth2.scopes }),
    token_url: oauth2.tokenUrl,
    ...(Object.keys(oauth2.endpointParams).length > 0 && { endpoint_params: oauth2.endpointParams }),
    ...tlsField(oauth2.tls),
    ...proxyView(oauth2.proxy),
  };
}

function proxyView({ url, noProxy, fromEnvironment, connectHeader }: ProxyConfig): ConfigView {
  const headers = Object.entries(connectHeader).map(([name, values]) => [name, shown(values)]);
  return {
    ...set({
      proxy_url: url.reveal().replace(/(?<=^[^/]*\/\/[^/@]*:)[^/@]*(?=@)/, 'xxxxx'),
      no_proxy: noProxy,
      proxy_from_environment: fromEnvironment,
    }),
    ...(headers.length > 0 && { proxy_connect_header: Object.fromEntries(headers) as ConfigView }),
  };
}

/** Headers by name. */
export function headersView(headers: HttpConfig['headers']): ConfigView {
  const views = Object.entries(headers).map(([name, { values, secrets, files }]) => [
    name,
    {
      ...(values.length > 0 && { values }),
      ...(secrets.length > 0 && { secrets: shown(secrets) }),
      ...(files.length > 0 && { files }),
    },
  ]);
  return Object.fromEntries(views) as ConfigView;
}

function shown(secrets: readonly Secret[]): string[] {
  return secrets.map((secret) => secret.toString());
}

/** Only the fields that say something. */
function set(fields: Record<string, string | boolean | null>): ConfigView {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== '' && value !== false && value !== null),
  );
}
