import {
  bool,
  custom,
  type Decoder,
  duration,
  float,
  named,
  object,
  optional,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { httpHeaders } from '@tocsin/common/http/http-config.schema';
import { tlsConfig } from '@tocsin/common/http/tls-config.schema';
import { type TracingConfig } from './tracing-config';

const clientType: Decoder<'grpc' | 'http'> = custom(named(string, 'tracing.plain'), (type, report) =>
  type === 'grpc' || type === 'http'
    ? type
    : report(`expected tracing client type to be to be http or grpc, but got ${type}`),
);

const endpoint = custom(
  withDefault(string, ''),
  (text, report) => (text === '' ? report('tracing endpoint must be set') : text),
  'parent',
);

const compression = custom(
  withDefault(string, ''),
  (type, report) =>
    type === '' || type === 'gzip' ? type : report(`invalid compression type ${type} provided, valid options: gzip`),
  'parent',
);

// In the order in which Alertmanager checks them.
const fields = object(
  {
    client_type: withDefault(clientType, 'grpc' as const),
    endpoint,
    compression,
    sampling_fraction: withDefault(float, 0),
    insecure: withDefault(bool, false),
    tls_config: optional(tlsConfig),
    headers: httpHeaders,
    timeout: withDefault(duration, 0),
  },
  'tracing.plain',
);

/** The `tracing` section; absent or null, there is no tracing. */
export const tracing: Decoder<TracingConfig | undefined> = optional(
  custom(fields, (raw): TracingConfig => ({
    clientType: raw.client_type,
    endpoint: raw.endpoint,
    samplingFraction: raw.sampling_fraction,
    insecure: raw.insecure,
    tls: raw.tls_config ?? null,
    headers: raw.headers,
    gzip: raw.compression === 'gzip',
    timeoutMs: raw.timeout,
  })),
);
