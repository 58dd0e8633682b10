import { type StoredAlert } from '../alerts/alert-book';
import { deadLetterOf } from '../pipeline/decide-flush';
import { type DeliveryIntent, type FrozenAlert, type NotificationRecord } from '../pipeline/notification-record';
import { notifyVerdict } from '../pipeline/notify-decision';
import { type DeliveryOutcome } from './delivery-outcome';

/** What a deliverer that holds the lease has to do with a record. */
export type DeliveryStep =
  | { kind: 'nothing' }
  /** Nothing is sent; the record is to be written as `next`. */
  | { kind: 'withdrawn' | 'superseded' | 'expired'; next: NotificationRecord }
  | { kind: 'send'; intent: DeliveryIntent; alerts: readonly FrozenAlert[] };

/** The next step of a delivery. An intent is asked again whether it is still news: an attempt for an older one may have
 *  been accepted since it was decided. */
export function deliveryStep(record: NotificationRecord, sendResolved: boolean, nowMs: number): DeliveryStep {
  const { intent, told } = record;
  if (intent === null) {
    return record.withdrawn ? { kind: 'withdrawn', next: { ...record, withdrawn: false } } : { kind: 'nothing' };
  }
  const verdict = notifyVerdict(told, {
    ...outcomeOf(intent),
    sendResolved,
    repeatIntervalMs: intent.group.repeatIntervalMs,
    nowMs: intent.decidedAtMs,
  });
  if (verdict === 'none') return { kind: 'superseded', next: { ...record, intent: null } };
  if (nowMs >= intent.deadlineMs) return { kind: 'expired', next: givenUp(record, intent, nowMs) };
  const alerts = sendResolved ? intent.alerts : intent.alerts.filter((alert) => alert.endsAtMs === 0);
  if (alerts.length === 0) return { kind: 'superseded', next: afterDelivery(record, intent, nowMs) };
  return { kind: 'send', intent: { ...intent, reason: verdict }, alerts };
}

/** The record once the receiver has accepted `intent`, whatever was decided meanwhile. */
export function afterDelivery(record: NotificationRecord, intent: DeliveryIntent, nowMs: number): NotificationRecord {
  const isNewer = record.told === null || record.told.sequence < intent.sequence;
  const told = isNewer ? { sequence: intent.sequence, atMs: nowMs, ...outcomeOf(intent) } : record.told;
  const isCurrent = record.intent?.sequence === intent.sequence;
  return { ...record, told, intent: isCurrent ? null : record.intent };
}

/** The record after a failed attempt, and when to try again (null: given up). A replaced intent leaves no trace. */
export function afterFailure(
  record: NotificationRecord,
  intent: DeliveryIntent,
  outcome: Exclude<DeliveryOutcome, { kind: 'delivered' }>,
  nowMs: number,
  jitter: number,
): { next: NotificationRecord; retryAtMs: number | null } {
  if (record.intent?.sequence !== intent.sequence) return { next: record, retryAtMs: null };
  const failed = { ...record.intent, attempts: record.intent.attempts + 1, lastError: outcome.message };
  if (outcome.kind === 'rejected') return { next: givenUp(record, failed, nowMs), retryAtMs: null };
  const waitMs = Math.max(backoffMs(failed.attempts, jitter), outcome.retryAfterMs ?? 0);
  return { next: { ...record, intent: failed }, retryAtMs: Math.min(nowMs + waitMs, failed.deadlineMs) };
}

/** Wait before attempt `attempts + 1`: 500 ms, growing by half, at most 60 s, ±50 %. `jitter` is in [0, 1).
 *  Source: Alertmanager's exponential back-off. */
export function backoffMs(attempts: number, jitter: number): number {
  const base = Math.min(500 * 1.5 ** (attempts - 1), 60_000);
  return Math.round(base * (0.5 + jitter));
}

/** The resolved alerts of an accepted intent, as `settle` writes need them, and whether nothing else was in the group. */
export function settledByDelivery(intent: DeliveryIntent): {
  alerts: readonly Pick<StoredAlert, 'fingerprint' | 'version'>[];
  groupIsEmpty: boolean;
} {
  const alerts = intent.alerts.filter((alert) => alert.endsAtMs !== 0);
  return { alerts, groupIsEmpty: alerts.length === intent.alerts.length };
}

function givenUp(record: NotificationRecord, intent: DeliveryIntent, nowMs: number): NotificationRecord {
  return { ...record, intent: null, deadLetter: deadLetterOf(intent, nowMs) };
}

function outcomeOf(intent: DeliveryIntent): { firing: string[]; resolved: string[] } {
  const firing: string[] = [];
  const resolved: string[] = [];
  for (const { fingerprint, endsAtMs } of intent.alerts) (endsAtMs === 0 ? firing : resolved).push(fingerprint);
  return { firing, resolved };
}
