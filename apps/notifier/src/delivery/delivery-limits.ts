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

/** Alertmanager ends the attempts of a flush with its group interval, but gives them at least this long, ms. */
const LEAST_BUDGET_MS = 10_000;

/** What `delivery:` sets; the rest is inherited. */
export type DeliverySettings = { readonly [Limit in keyof DeliveryLimits]?: DeliveryLimits[Limit] };

/** The limits of an integration: its own, else the global ones, else the defaults, each by itself. */
export function mergeLimits(global: DeliverySettings, own: DeliverySettings): DeliveryLimits {
  return { ...DEFAULT_LIMITS, ...global, ...own };
}

/** What one of so many notifiers may use: the rate is the installation's, the other limits are each notifier's. */
export function limitsOfOne(limits: DeliveryLimits, sharers: number): DeliveryLimits {
  if (limits.rate === null || sharers <= 1) return limits;
  const { perSecond, burst } = limits.rate;
  return { ...limits, rate: { perSecond: perSecond / sharers, burst: Math.max(1, burst / sharers) } };
}

/** When a notification decided now is given up, epoch ms. */
export function deliveryDeadlineMs(nowMs: number, groupIntervalMs: number, limits: DeliveryLimits): number {
  return nowMs + (limits.retryForMs ?? Math.max(groupIntervalMs, LEAST_BUDGET_MS));
}

/** What happens when everything a receiver was told of as firing becomes muted: nothing, as in Alertmanager, or a
 *  message that closes it. Source: `on_muted` of a route or integration (ours). Default ignore. */
export type OnMuted = 'ignore' | 'close';
