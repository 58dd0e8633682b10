import { type AlertWrite, type StoredAlert } from './alert-book';

/** A time in which no notifier accepted alerts. */
export interface Outage {
  /** The last sign of life before it, epoch ms; alerts were accepted for up to a heartbeat longer. */
  readonly sinceMs: number;
  /** When it was noticed: alerts are accepted again since then, epoch ms. */
  readonly noticedMs: number;
}

/**
 * The write that gives an alert the lifetime it had left when the outage began: nobody could hear its sender meanwhile.
 * Null for an alert that had ended before (or whose end some group has told), or was heard of since. When it was last heard of stays as it is, so that a
 * message on its way during the outage still counts as newer.
 */
export function afterOutage(alert: StoredAlert, { sinceMs, noticedMs }: Outage, nowMs: number): AlertWrite | null {
  if (alert.endsAtMs <= sinceMs || alert.updatedAtMs >= noticedMs || alert.settledIn.length > 0) return null;
  const { fingerprint, endsAtMs, updatedAtMs } = alert;
  const leftMs = endsAtMs - Math.max(sinceMs, updatedAtMs);
  return leftMs <= 0 ? null : { kind: 'touch', fingerprint, expected: alert, endsAtMs: nowMs + leftMs, updatedAtMs };
}
