import { labelHash } from '@tocsin/common/labels/label-hash';
import { type StoredAlert } from '../alerts/alert-book';
import { deadLetterOf } from '../pipeline/decide-flush';
import {
  type DeliveryIntent,
  type FrozenAlert,
  type NotificationRecord,
  openOf,
  type ReceiverData,
  type Told,
} from '../pipeline/notification-record';
import { endings, notifyVerdict } from '../pipeline/notify-decision';
import { askedWaitMs, type DeliveryOutcome } from './delivery-outcome';

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
  const { onMuted = 'ignore' } = intent;
  const ended = intent.alerts.filter((alert) => alert.endsAtMs !== 0);
  const resolved = onMuted === 'close' ? endings(told, ended) : ended;
  const verdict = notifyVerdict(told, {
    firing: intent.alerts.filter((alert) => alert.endsAtMs === 0),
    resolved,
    sendResolved,
    repeatIntervalMs: intent.group.repeatIntervalMs,
    nowMs: intent.decidedAtMs,
    onMuted,
  });
  if (verdict === 'none') return { kind: 'superseded', next: { ...record, intent: null } };
  if (nowMs >= intent.deadlineMs) return { kind: 'expired', next: givenUp(record, intent, nowMs) };
  const endsNow = new Set(sendResolved ? resolved : []);
  const alerts = intent.alerts.filter((alert) => alert.endsAtMs === 0 || endsNow.has(alert));
  if (alerts.length === 0) {
    // Noted as told, though nobody heard: what was given up before is still missing.
    return { kind: 'superseded', next: { ...afterDelivery(record, intent, nowMs), deadLetter: record.deadLetter } };
  }
  // Only who decided knows that it was a mute, or a reload, that ended them.
  const endedOtherwise = intent.reason.startsWith('muted by') || intent.reason === 'route removed';
  const reason = verdict === 'all alerts resolved' && endedOtherwise ? intent.reason : verdict;
  return { kind: 'send', intent: { ...intent, reason }, alerts };
}

/** The record once the receiver has accepted `intent`, whatever was decided meanwhile. What was given up before it is
 *  no longer missing. */
export function afterDelivery(
  record: NotificationRecord,
  intent: DeliveryIntent,
  nowMs: number,
  receiverData: ReceiverData = receiverDataFor(intent, record.told),
): NotificationRecord {
  const isNewer = record.told === null || record.told.sequence < intent.sequence;
  const told = isNewer ? withData(toldOf(intent, record.told, nowMs), receiverData) : record.told;
  const isCurrent = record.intent?.sequence === intent.sequence;
  const { deadLetter } = record;
  const isMissing = deadLetter !== null && deadLetter.sequence > intent.sequence;
  return { ...record, told, intent: isCurrent ? null : record.intent, deadLetter: isMissing ? deadLetter : null };
}

/** What an attempt for `intent` may know of the notification before. Source: Alertmanager's dedup stage: a first notification
 *  begins anew. */
export function receiverDataFor({ reason }: Pick<DeliveryIntent, 'reason'>, told: Told | null): ReceiverData {
  return (reason === 'first notification' ? undefined : told?.receiverData) ?? {};
}

function withData(told: Told, receiverData: ReceiverData): Told {
  return Object.keys(receiverData).length > 0 ? { ...told, receiverData } : told;
}

/** The record after a failed attempt, and when to try again (null: given up). A replaced intent leaves no trace. */
export function afterFailure(
  record: NotificationRecord,
  intent: DeliveryIntent,
  outcome: Exclude<DeliveryOutcome, { kind: 'delivered' }>,
  nowMs: number,
  jitter: number,
): { next: NotificationRecord; retryAtMs: number | null } {
  const heard = maybeHeard(record, intent, outcome, nowMs);
  if (record.intent?.sequence !== intent.sequence) return { next: heard, retryAtMs: null };
  const failed = { ...record.intent, attempts: record.intent.attempts + 1, lastError: outcome.message };
  if (outcome.kind === 'rejected') return { next: givenUp(heard, failed, nowMs), retryAtMs: null };
  const waitMs = Math.max(backoffMs(failed.attempts, jitter), askedWaitMs(outcome));
  return { next: { ...heard, intent: failed }, retryAtMs: Math.min(nowMs + waitMs, failed.deadlineMs) };
}

/** With `on_muted: close`, the record after an attempt without an answer: the receiver may have heard it. What it may
 *  believe to fire counts as open, so that its end is told; what it may believe to be over is told anew if it fires. */
export function maybeHeard(
  record: NotificationRecord,
  intent: DeliveryIntent,
  { mayBeHeard }: Exclude<DeliveryOutcome, { kind: 'delivered' }>,
  nowMs: number,
): NotificationRecord {
  if (mayBeHeard !== true || intent.onMuted !== 'close') return record;
  const { firing, resolved } = outcomeOf(intent);
  const told = record.told ?? { sequence: 0, atMs: nowMs, firing: [], resolved: [] };
  const open = [...new Set([...openOf(told), ...firing])];
  const stillFiring = told.firing.filter((fingerprint) => !resolved.includes(fingerprint));
  if (open.length === openOf(told).length && stillFiring.length === told.firing.length) return record;
  return { ...record, told: { ...told, firing: stillFiring, open } };
}

/** How far what must not wait goes ahead of what is due anyway, ms: further than anything has been due. */
const AHEAD_MS = 7 * 24 * 3_600_000;

/** When the delivery of a record that a flush has written is due: what its integration's limits let through goes in the
 *  order of due times. A withdrawn intent costs no attempt and its group waits for it; a first notification comes
 *  before everything that was tried already. */
export function deliveryDueMs({ intent, deadLetter }: NotificationRecord, nowMs: number): number {
  if (intent === null) return nowMs - 2 * AHEAD_MS;
  const isNew = intent.reason === 'first notification' && deadLetter === null;
  return isNew ? nowMs - AHEAD_MS : nowMs;
}

/** Wait before attempt `attempts + 1`: 500 ms, growing by half, at most 60 s, ±50 %. `jitter` is in [0, 1).
 *  Source: Alertmanager's exponential back-off. */
export function backoffMs(attempts: number, jitter: number): number {
  const base = Math.min(500 * 1.5 ** (attempts - 1), 60_000);
  return Math.round(base * (0.5 + jitter));
}

/** Alerts that leave the group with an accepted intent, as `settle` writes need them, and whether none is left then. */
export function settledByDelivery({ alerts, untold }: DeliveryIntent): {
  alerts: readonly Pick<StoredAlert, 'fingerprint' | 'version'>[];
  groupIsEmpty: boolean;
} {
  const ended = alerts.filter((alert) => alert.endsAtMs !== 0 && alert.muted !== true);
  const groupIsEmpty = ended.length === alerts.length && untold?.firing !== true;
  return { alerts: untold === undefined ? ended : [...ended, ...untold.ended], groupIsEmpty };
}

function givenUp(record: NotificationRecord, intent: DeliveryIntent, nowMs: number): NotificationRecord {
  return { ...record, intent: null, deadLetter: deadLetterOf(record, intent, nowMs) };
}

function toldOf(intent: DeliveryIntent, before: Told | null, nowMs: number): Told {
  const { firing, resolved } = outcomeOf(intent);
  const told = { sequence: intent.sequence, atMs: nowMs, firing, resolved };
  if (intent.onMuted !== 'close') return told;
  const open = new Set([...openOf(before), ...firing]);
  const ended = intent.alerts.filter((alert) => alert.endsAtMs !== 0);
  for (const { fingerprint } of ended) open.delete(fingerprint);
  if (before?.hashing === undefined) return { ...told, open: [...open] };
  for (const { labels } of ended) open.delete(labelHash(labels));
  return { ...told, open: [...open], hashing: before.hashing };
}

function outcomeOf(intent: DeliveryIntent): { firing: string[]; resolved: string[] } {
  const firing: string[] = [];
  const resolved: string[] = [];
  for (const { fingerprint, endsAtMs } of intent.alerts) (endsAtMs === 0 ? firing : resolved).push(fingerprint);
  return { firing, resolved };
}
