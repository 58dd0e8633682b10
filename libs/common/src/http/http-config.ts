import { isAbsolute, join } from 'node:path';
import { Secret } from '../config/secret';

/** How a client speaks HTTP: an `http_config` section. Absent texts and files are ''. */
export interface HttpConfig {
  readonly basicAuth: BasicAuth | null;
  readonly authorization: Authorization | null;
  readonly oauth2: OAuth2 | null;
  readonly tls: TlsConfig;
  readonly followRedirects: boolean;
  /** Accepted and shown; connections are HTTP/1.1 for now, see `ConnectionPools`. */
  readonly enableHttp2: boolean;
  readonly proxy: ProxyConfig;
  /** Further request headers by name. */
  readonly headers: Readonly<Record<string, HeaderValues>>;
}

export interface BasicAuth {
  readonly username: string;
  readonly usernameFile: string;
  readonly password: Secret;
  readonly passwordFile: string;
}

export interface Authorization {
  /** Default `Bearer`. */
  readonly type: string;
  readonly credentials: Secret;
  readonly credentialsFile: string;
}

/** OAuth 2.0 client credentials. */
export interface OAuth2 {
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly clientSecretFile: string;
  readonly scopes: readonly string[];
  readonly tokenUrl: string;
  readonly endpointParams: Readonly<Record<string, string>>;
  readonly tls: TlsConfig;
  readonly proxy: ProxyConfig;
}

export interface TlsConfig {
  readonly ca: string;
  readonly caFile: string;
  readonly cert: string;
  readonly certFile: string;
  readonly key: Secret;
  readonly keyFile: string;
  readonly serverName: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion: TlsVersion | null;
  readonly maxVersion: TlsVersion | null;
}

export type TlsVersion = 'TLS10' | 'TLS11' | 'TLS12' | 'TLS13';

export interface ProxyConfig {
  /** May hold a password; '' for none. */
  readonly url: Secret;
  readonly noProxy: string;
  readonly fromEnvironment: boolean;
  /** Headers of the CONNECT request. */
  readonly connectHeader: Readonly<Record<string, readonly Secret[]>>;
}

export interface HeaderValues {
  readonly values: readonly string[];
  readonly secrets: readonly Secret[];
  readonly files: readonly string[];
}

const noSecret = new Secret('');

export const NO_TLS_CONFIG: TlsConfig = Object.freeze({
  ca: '',
  caFile: '',
  cert: '',
  certFile: '',
  key: noSecret,
  keyFile: '',
  serverName: '',
  insecureSkipVerify: false,
  minVersion: null,
  maxVersion: null,
});

export const NO_PROXY_CONFIG: ProxyConfig = Object.freeze({
  url: noSecret,
  noProxy: '',
  fromEnvironment: false,
  connectHeader: {},
});

export const DEFAULT_HTTP_CONFIG: HttpConfig = Object.freeze({
  basicAuth: null,
  authorization: null,
  oauth2: null,
  tls: NO_TLS_CONFIG,
  followRedirects: true,
  enableHttp2: true,
  proxy: NO_PROXY_CONFIG,
  headers: {},
});

/** The same with relative file names taken from this folder, the one of the configuration file. */
export function resolveHttpFiles(config: HttpConfig, folder: string): HttpConfig {
  const { basicAuth, authorization, oauth2 } = config;
  const at = (file: string): string => resolveFile(file, folder);
  const headers = Object.entries(config.headers).map(([name, header]) => [
    name,
    { ...header, files: header.files.map(at) },
  ]);
  return {
    ...config,
    basicAuth: basicAuth && {
      ...basicAuth,
      usernameFile: at(basicAuth.usernameFile),
      passwordFile: at(basicAuth.passwordFile),
    },
    authorization: authorization && { ...authorization, credentialsFile: at(authorization.credentialsFile) },
    oauth2: oauth2 && {
      ...oauth2,
      clientSecretFile: at(oauth2.clientSecretFile),
      tls: resolveTlsFiles(oauth2.tls, folder),
    },
    tls: resolveTlsFiles(config.tls, folder),
    headers: Object.fromEntries(headers) as HttpConfig['headers'],
  };
}

/** A file name as seen from a folder; '' stays ''. */
export function resolveFile(file: string, folder: string): string {
  return file === '' || isAbsolute(file) ? file : join(folder, file);
}

function resolveTlsFiles(tls: TlsConfig, folder: string): TlsConfig {
  const at = (file: string): string => resolveFile(file, folder);
  return { ...tls, caFile: at(tls.caFile), certFile: at(tls.certFile), keyFile: at(tls.keyFile) };
}
