import { bool, custom, type Decoder, object, optional, string, withDefault } from '../config/decode';
import { secret } from '../config/secret.schema';
import { NO_TLS_CONFIG, type TlsConfig, type TlsVersion } from './http-config';

const text = withDefault(string, '');

const versions: readonly string[] = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] satisfies TlsVersion[];

/** A version of TLS by its name in Go. */
export const tlsVersion: Decoder<TlsVersion> = custom(string, (value, report) =>
  versions.includes(value) ? (value as TlsVersion) : report(`unknown TLS version: ${value}`),
);

const fields = object(
  {
    ca: text,
    ca_file: text,
    ca_ref: text,
    cert: text,
    cert_file: text,
    cert_ref: text,
    key: secret,
    key_file: text,
    key_ref: text,
    server_name: text,
    insecure_skip_verify: withDefault(bool, false),
    min_version: optional(tlsVersion),
    max_version: optional(tlsVersion),
  },
  'config.plain',
);

/** A `tls_config` section; absent, it asks for nothing special. Source: prometheus/common `config.TLSConfig`. */
export const tlsConfig: Decoder<TlsConfig> = withDefault(
  custom(fields, (raw, report): TlsConfig | undefined => {
    const key = raw.key.reveal();
    const hasCert = raw.cert !== '' || raw.cert_file !== '' || raw.cert_ref !== '';
    const hasKey = key !== '' || raw.key_file !== '' || raw.key_ref !== '';
    const rules: readonly (readonly [broken: boolean, message: string])[] = [
      [several(raw.ca, raw.ca_file, raw.ca_ref), 'at most one of ca, ca_file & ca_ref must be configured'],
      [several(raw.cert, raw.cert_file, raw.cert_ref), 'at most one of cert, cert_file & cert_ref must be configured'],
      [several(key, raw.key_file, raw.key_ref), 'at most one of key and key_file must be configured'],
      [hasCert && !hasKey, 'exactly one of key or key_file must be configured when a client certificate is configured'],
      [hasKey && !hasCert, 'exactly one of cert or cert_file must be configured when a client key is configured'],
      [raw.ca_ref + raw.cert_ref + raw.key_ref !== '', NO_SECRET_MANAGER],
    ];
    const broken = rules.filter(([isBroken]) => isBroken);
    for (const [, message] of broken) report(message);
    if (broken.length > 0) return undefined;
    return {
      ca: raw.ca,
      caFile: raw.ca_file,
      cert: raw.cert,
      certFile: raw.cert_file,
      key: raw.key,
      keyFile: raw.key_file,
      serverName: raw.server_name,
      insecureSkipVerify: raw.insecure_skip_verify,
      minVersion: raw.min_version ?? null,
      maxVersion: raw.max_version ?? null,
    };
  }),
  NO_TLS_CONFIG,
);

/** What Alertmanager says of every `…_ref` field, since it installs nothing that could look them up. */
export const NO_SECRET_MANAGER = 'cannot use secret ref without manager';

/** Whether more than one of these is set. */
export function several(...values: readonly string[]): boolean {
  return values.filter((value) => value !== '').length > 1;
}
