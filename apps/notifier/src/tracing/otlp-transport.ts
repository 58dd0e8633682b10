/** How one export ended. */
export type ExportOutcome =
  | { readonly kind: 'sent' }
  /** `isRetryable`: the same may well be accepted later. */
  | { readonly kind: 'failed'; readonly reason: string; readonly isRetryable: boolean };

/** Carries batches of spans to a collector. Never rejects. */
export interface OtlpTransport {
  send(message: Uint8Array, signal: AbortSignal): Promise<ExportOutcome>;
  close(): Promise<void>;
}

/** Limit of one export, ms. Source: OTLP exporter specification. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** Source: OTLP specification, OTLP/HTTP, retryable response codes. */
export const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Source: OTLP specification, OTLP/gRPC, retryable status codes: cancelled, deadline exceeded, resource exhausted,
 *  aborted, out of range, unavailable, data loss. */
export const RETRYABLE_GRPC_CODES: ReadonlySet<number> = new Set([1, 4, 8, 10, 11, 14, 15]);
