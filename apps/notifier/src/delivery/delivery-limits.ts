/** How hard an integration may be used. Source: `delivery:` of an integration or of `global` (ours). */
export interface DeliveryLimits {
  /** Attempts under way at most. */
  readonly maxInFlight: number;
  /** Attempts a second on average, and at once; null: no limit. */
  readonly rate: { readonly perSecond: number; readonly burst: number } | null;
  /** After this many failures in a row attempts pause; null: never. */
  readonly circuit: { readonly failures: number; readonly pauseMs: number } | null;
  /** Limit of one attempt, ms. */
  readonly attemptTimeoutMs: number;
  /** How long a notification is tried, ms; null: as Alertmanager, the group interval, at least 10 s. */
  readonly retryForMs: number | null;
}

export const DEFAULT_LIMITS: DeliveryLimits = {
  maxInFlight: 128,
  rate: null,
  circuit: { failures: 10, pauseMs: 15_000 },
  attemptTimeoutMs: 30_000,
  retryForMs: null,
};

/** What happens when everything a receiver was told of as firing becomes muted: nothing, as in Alertmanager, or a
 *  message that closes it. Source: `on_muted` of a route or integration (ours). Default ignore. */
export type OnMuted = 'ignore' | 'close';
