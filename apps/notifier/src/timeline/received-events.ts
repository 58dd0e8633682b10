import { type Alert, isResolved } from '@tocsin/common/alert/alert';
import { type AlertWrite } from '../alerts/alert-book';
import { type TimelineEvent } from './timeline-event';

/** What happened to an alert that was received: it started to fire, ended, or says something else than before. */
type Change = 'started' | 'resolved' | 'changed';

/** Alerts named in a message. */
const NAMED = 3;

/** The events of a batch that was written to the alert book: one for each kind of change. Refreshes are none, and neither
 *  is what was refused: it is planned again. */
export function receivedEvents(
  writes: readonly AlertWrite[],
  refused: readonly string[],
  nowMs: number,
): TimelineEvent[] {
  const changed: Record<Change, Alert[]> = { started: [], resolved: [], changed: [] };
  const isRefused = refused.length === 0 ? () => false : (fingerprint: string) => refused.includes(fingerprint);
  for (const write of writes) {
    if (write.kind !== 'store' || isRefused(write.alert.fingerprint)) continue;
    changed[changeOf(write, nowMs)].push(write.alert);
  }
  return (['started', 'resolved', 'changed'] as const).flatMap((change) => {
    const alerts = changed[change];
    return alerts.length === 0 ? [] : [eventOf(change, alerts, nowMs)];
  });
}

function changeOf({ expected, alert }: Extract<AlertWrite, { kind: 'store' }>, nowMs: number): Change {
  const wasFiring = expected !== null && !isResolved(expected, nowMs);
  const isFiring = !isResolved(alert, nowMs);
  if (wasFiring === isFiring) return 'changed';
  return isFiring ? 'started' : 'resolved';
}

function eventOf(change: Change, alerts: readonly Alert[], nowMs: number): TimelineEvent {
  const names = alerts.slice(0, NAMED).map(({ labels }) => labels['alertname'] ?? 'without a name');
  const more = alerts.length > NAMED ? ` and ${alerts.length - NAMED} more` : '';
  return {
    atMs: nowMs,
    kind: 'received',
    fingerprints: alerts.map(({ fingerprint }) => fingerprint),
    message: `${change}: ${names.join(', ')}${more}`,
    detail: { change },
  };
}
