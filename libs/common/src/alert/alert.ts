import { type Labels } from '../labels/label-set';

/** One alert as its sender last described it. Times are epoch ms; identity is the label set. */
export interface Alert {
  /** Alertmanager's FNV-1a 64 fingerprint of the labels, 16 hex digits. */
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** When the message was true: arrival for HTTP, the slot for our evaluator. */
  readonly updatedAtMs: number;
  readonly generatorURL: string;
  /** True when the sender gave no end, so that `endsAtMs` is our own time-out (`resolve_timeout`). */
  readonly timeout: boolean;
  /** UTC offsets the sender wrote its times in, minutes; the API answers in the same. */
  readonly startsAtOffsetMin: number;
  readonly endsAtOffsetMin: number;
}

/** Source: Alertmanager `Alert.ResolvedAt`: an alert whose end is now counts as resolved. */
export function isResolved(alert: { endsAtMs: number }, nowMs: number): boolean {
  return alert.endsAtMs <= nowMs;
}

/**
 * The end of an alert that was sent at `slotMs` and arrives now. An end up to the slot says that the alert is over; a later
 * one is how long it may stay without news, and time the message waited does not use that up, or our own downtime would
 * end alerts.
 */
export function endOnArrival(endsAtMs: number, slotMs: number, nowMs: number): number {
  const wasFiring = endsAtMs > slotMs;
  return wasFiring && endsAtMs <= nowMs ? nowMs + endsAtMs - slotMs : endsAtMs;
}
