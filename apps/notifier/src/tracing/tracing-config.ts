import { type HeaderValues, type TlsConfig } from '@tocsin/common/http/http-config';

/** Where spans are sent, by OTLP. Source: Alertmanager configuration, `tracing`. */
export interface TracingConfig {
  readonly clientType: 'grpc' | 'http';
  /** `host:port`. */
  readonly endpoint: string;
  /** Share of the traces that begin here to be sent, 0 … 1. Default 0. */
  readonly samplingFraction: number;
  /** Without TLS. */
  readonly insecure: boolean;
  readonly tls: TlsConfig | null;
  readonly headers: Readonly<Record<string, HeaderValues>>;
  readonly gzip: boolean;
  /** Limit of one export, ms; 0: the client's own. */
  readonly timeoutMs: number;
}
