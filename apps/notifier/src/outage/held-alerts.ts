import { type Alert } from '@tocsin/common/alert/alert';
import { afterOutage } from '../alerts/after-outage';
import { type StoredAlert } from '../alerts/alert-book';

/** The end of an alert that nobody may end but its sender, epoch ms: its sender may be heard elsewhere meanwhile. */
export const HELD_END_MS = Date.UTC(2200, 0, 1);

/** What an alert's end was before it was held. */
export type End = Pick<Alert, 'endsAtMs' | 'timeout'>;

/**
 * The alert as a notifier that is cut off works with it. What had not ended when others were last heard does not time
 * out; the first message about it ends that, because any end that is given later than an own time-out counts.
 */
export function hold(alert: StoredAlert, sinceMs: number, nowMs: number): Alert {
  const ends = afterOutage(alert, { sinceMs, noticedMs: nowMs + 1 }, nowMs) !== null;
  return ends ? { ...alert, endsAtMs: HELD_END_MS, timeout: true } : alert;
}

/** The alert as others may know it: one that is still held gets back the end it had. */
export function release(alert: StoredAlert, before: End | undefined): StoredAlert {
  return alert.endsAtMs === HELD_END_MS && before !== undefined
    ? { ...alert, endsAtMs: before.endsAtMs, timeout: before.timeout }
    : alert;
}
