import { isResolved } from '@tocsin/common/alert/alert';
import { type StoredAlert } from '../alerts/alert-book';
import { type RecordChange } from './notification-log';
import {
  type DeliveryIntent,
  type FrozenAlert,
  NO_RECORD,
  type NotificationRecord,
  type NotifiedGroup,
} from './notification-record';
import { type NotifyVerdict, notifyVerdict } from './notify-decision';

/** Everything one flush of one group is decided from. */
export interface FlushContext {
  readonly nowMs: number;
  /** In flush order. */
  readonly members: readonly StoredAlert[];
  /** The integrations of the group's receiver. */
  readonly integrations: readonly { readonly key: string; readonly sendResolved: boolean }[];
  readonly records: ReadonlyMap<string, NotificationRecord>;
  readonly group: NotifiedGroup;
  readonly groupIntervalMs: number;
}

export interface FlushDecision {
  /** Why each integration is notified or not, in the order of the integrations. */
  readonly verdicts: readonly NotifyVerdict[];
  readonly changes: readonly RecordChange[];
  /** Integrations whose delivery has work. */
  readonly deliveries: readonly string[];
  /** Resolved members nobody needs any more. */
  readonly settled: readonly StoredAlert[];
  /** Nothing is left in the group once those are settled. */
  readonly empty: boolean;
}

/** Attempts end with the flush's budget, as in Alertmanager: the group interval, at least this long, ms. */
const MIN_DELIVERY_BUDGET_MS = 10_000;

/** Decides what each integration of a group is told now, and why. Replaces every older intent. */
export function decideFlush(context: FlushContext): FlushDecision {
  const { nowMs, members } = context;
  const resolved = members.filter((alert) => isResolved(alert, nowMs));
  const firing = members.filter((alert) => !isResolved(alert, nowMs));
  const question = {
    firing: firing.map((alert) => alert.fingerprint),
    resolved: resolved.map((alert) => alert.fingerprint),
    repeatIntervalMs: context.group.repeatIntervalMs,
    nowMs,
  };
  const frozen = once(() => members.map((alert) => freeze(alert, nowMs)));

  const verdicts: NotifyVerdict[] = [];
  const changes: RecordChange[] = [];
  const deliveries: string[] = [];
  let pending = false;
  for (const { key, sendResolved } of context.integrations) {
    const record = context.records.get(key) ?? NO_RECORD;
    const verdict = notifyVerdict(record.told, { ...question, sendResolved });
    verdicts.push(verdict);
    const next = nextRecord(record, verdict, {
      nothingToSend: firing.length === 0 && !sendResolved,
      question,
      deadlineMs: nowMs + Math.max(context.groupIntervalMs, MIN_DELIVERY_BUDGET_MS),
      alerts: frozen,
      group: context.group,
    });
    if (next !== record) {
      changes.push({ integration: key, expectedRevision: record.revision, record: next });
      if (next.intent !== null || next.withdrawn) deliveries.push(key);
    }
    pending ||= next.intent !== null || next.withdrawn;
  }
  const settled = pending ? [] : resolved;
  return { verdicts, changes, deliveries, settled, empty: settled.length === members.length };
}

interface Notice {
  readonly nothingToSend: boolean;
  readonly question: { firing: readonly string[]; resolved: readonly string[]; nowMs: number };
  readonly deadlineMs: number;
  readonly alerts: () => readonly FrozenAlert[];
  readonly group: NotifiedGroup;
}

function nextRecord(record: NotificationRecord, verdict: NotifyVerdict, notice: Notice): NotificationRecord {
  if (verdict === 'none') {
    return record.intent === null ? record : { ...withoutIntent(record, notice.question.nowMs), withdrawn: true };
  }
  const { firing, resolved, nowMs } = notice.question;
  const sequence = record.sequence === 0 ? nowMs : record.sequence + 1;
  if (notice.nothingToSend) {
    const told = { sequence, atMs: nowMs, firing, resolved };
    return { ...withoutIntent(record, nowMs), sequence, told, withdrawn: record.intent !== null || record.withdrawn };
  }
  const intent: DeliveryIntent = {
    sequence,
    reason: verdict,
    decidedAtMs: nowMs,
    deadlineMs: notice.deadlineMs,
    attempts: 0,
    lastError: null,
    alerts: notice.alerts(),
    group: notice.group,
  };
  return { ...withoutIntent(record, nowMs), sequence, intent, withdrawn: false };
}

/** An intent that failed and is replaced was given up: it becomes the dead letter. */
function withoutIntent(record: NotificationRecord, nowMs: number): NotificationRecord {
  const { intent } = record;
  if (intent === null || intent.attempts === 0) return { ...record, intent: null };
  return { ...record, intent: null, deadLetter: deadLetterOf(intent, nowMs) };
}

/** What is kept of an intent that was given up. */
export function deadLetterOf(intent: DeliveryIntent, nowMs: number): NonNullable<NotificationRecord['deadLetter']> {
  const { sequence, reason, attempts, lastError } = intent;
  return { sequence, reason, atMs: nowMs, attempts, error: lastError ?? 'never attempted' };
}

function freeze(alert: StoredAlert, nowMs: number): FrozenAlert {
  const { fingerprint, labels, annotations, startsAtMs, startsAtOffsetMin, endsAtOffsetMin, generatorURL, version } =
    alert;
  const endsAtMs = isResolved(alert, nowMs) ? alert.endsAtMs : 0;
  return {
    fingerprint,
    labels,
    annotations,
    startsAtMs,
    startsAtOffsetMin,
    endsAtMs,
    endsAtOffsetMin,
    generatorURL,
    version,
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
