import { type Alert, isResolved } from '@tocsin/common/alert/alert';
import { mergeAlert } from '@tocsin/common/alert/merge-alerts';
import { labelSetsEqual } from '@tocsin/common/labels/label-set';
import { type AlertView, type AlertWrite, type StoredAlert } from './alert-book';

/**
 * The writes that bring the book up to date with these alerts; several of one fingerprint count in order.
 *
 * An alert that is known already, as when a sender posts to every notifier, needs no write, and an unchanged refresh
 * only a `touch`: this is by far the most frequent case.
 */
export function planWrites(alerts: AlertView, incoming: readonly Alert[], nowMs: number): AlertWrite[] {
  const merged = new Map<string, Merged>();
  for (const alert of incoming) {
    const known = merged.get(alert.fingerprint);
    if (known !== undefined) {
      known.alert = mergeAlert(known.alert, alert, nowMs);
      known.begunMs = Math.max(known.begunMs, alert.startsAtMs);
    } else {
      const stored = alerts.get(alert.fingerprint);
      const { startsAtMs: begunMs } = alert;
      merged.set(alert.fingerprint, { stored, alert: mergeAlert(stored, alert, nowMs), begunMs });
    }
  }
  const writes: AlertWrite[] = [];
  for (const known of merged.values()) {
    const write = planWrite(known, nowMs);
    if (write !== null) writes.push(write);
  }
  return writes;
}

interface Merged {
  readonly stored: StoredAlert | undefined;
  alert: Alert;
  /** The latest start that was sent; merging keeps the earliest. */
  begunMs: number;
}

/** A post that says nothing new within this time of the last one is the same post, sent to another notifier, ms. */
const SAME_POST_MS = 10_000;

function planWrite({ stored, alert: merged, begunMs }: Merged, nowMs: number): AlertWrite | null {
  if (stored === undefined) return { kind: 'store', expected: null, alert: merged };
  if (stored === merged) return null;
  // A firing alert that some group is done with was taken for ended by a flush at the same moment: it joins again.
  const isLost = stored.settledIn.length > 0 && !isResolved(merged, nowMs);
  if (isLost || !isRefresh(stored, merged, nowMs)) return { kind: 'store', expected: stored, alert: merged };
  const { fingerprint, endsAtMs, updatedAtMs } = merged;
  // What began after the last post ended in between: another notifier may know, and only a write finds out.
  const isSamePost = begunMs <= stored.updatedAtMs && updatedAtMs < stored.updatedAtMs + SAME_POST_MS;
  const shorterMs = stored.endsAtMs - endsAtMs;
  if (isSamePost && shorterMs >= 0 && shorterMs < SAME_POST_MS) return null;
  return { kind: 'touch', fingerprint, expected: stored, endsAtMs, updatedAtMs };
}

/** Nothing but times changed, and the alert did not begin or cease to fire. Labels are equal by their fingerprint; the
 *  UTC offsets the times were written in are no reason to store an alert again. */
function isRefresh(stored: StoredAlert, merged: Alert, nowMs: number): boolean {
  return (
    stored.startsAtMs === merged.startsAtMs &&
    stored.timeout === merged.timeout &&
    stored.generatorURL === merged.generatorURL &&
    isResolved(stored, nowMs) === isResolved(merged, nowMs) &&
    (stored.annotations === merged.annotations || labelSetsEqual(stored.annotations, merged.annotations))
  );
}
