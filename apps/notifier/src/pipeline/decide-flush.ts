import { isResolved } from '@tocsin/common/alert/alert';
import { type StoredAlert } from '../alerts/alert-book';
import { deliveryDeadlineMs, type DeliveryLimits, type OnMuted } from '../delivery/delivery-limits';
import { muteText } from './mute-alerts';
import { type MutedBy } from './muting';
import { type RecordChange } from './notification-log';
import {
  type DeliveryIntent,
  type FrozenAlert,
  NO_RECORD,
  type NotificationRecord,
  type NotifiedGroup,
  type NotifyReason,
  type Untold,
} from './notification-record';
import { endings, type NotifyQuestion, type NotifyVerdict, notifyVerdict } from './notify-decision';

/** Everything one flush of one group is decided from. */
export interface FlushContext {
  readonly nowMs: number;
  /** In flush order. */
  readonly members: readonly StoredAlert[];
  /** By fingerprint; alerts that are heard are not in it. */
  readonly muted: ReadonlyMap<string, MutedBy>;
  /** The integrations of the group's receiver. */
  readonly integrations: readonly NotifiedIntegration[];
  readonly records: ReadonlyMap<string, NotificationRecord>;
  readonly group: NotifiedGroup;
  readonly groupIntervalMs: number;
}

export interface NotifiedIntegration {
  readonly key: string;
  readonly sendResolved: boolean;
  /** Its own setting or the route's. */
  readonly onMuted: OnMuted;
  readonly limits: DeliveryLimits;
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

/** Decides what each integration of a group is told now, and why. Replaces every older intent. */
export function decideFlush(context: FlushContext): FlushDecision {
  const members = sortOut(context);
  const verdicts: NotifyVerdict[] = [];
  const changes: RecordChange[] = [];
  const unchanged: RecordChange[] = [];
  const deliveries: string[] = [];
  let pending = false;
  for (const integration of context.integrations) {
    const { key } = integration;
    const record = context.records.get(key) ?? NO_RECORD;
    const notice = noticeFor(integration, record, members, context);
    verdicts.push(notice.verdict);
    const next = nextRecord(record, notice, integration, context);
    const isChanged = next !== record;
    (isChanged ? changes : unchanged).push({ integration: key, expectedRevision: record.revision, record: next });
    if (isChanged && (next.intent !== null || next.withdrawn)) deliveries.push(key);
    pending ||= next.intent !== null || next.withdrawn;
  }
  const settled = pending ? [] : context.members.filter((alert) => isResolved(alert, context.nowMs));
  // Alerts leave unheard only where nobody else, of a configuration with other lanes, decides to tell of them meanwhile:
  // of two such writes one is refused.
  if (settled.length > 0) changes.push(...unchanged);
  return { verdicts, changes, deliveries, settled, empty: settled.length === context.members.length };
}

/** Members by what they are to the receivers, each in flush order. */
interface SortedMembers {
  readonly firing: readonly StoredAlert[];
  readonly resolved: readonly StoredAlert[];
  readonly mutedFiring: readonly StoredAlert[];
  readonly mutedResolved: readonly StoredAlert[];
  /** Frozen as they are, by fingerprint; made once for all integrations. */
  readonly frozen: (alert: StoredAlert) => FrozenAlert;
}

function sortOut({ members, muted, nowMs }: FlushContext): SortedMembers {
  const sorted = {
    firing: [] as StoredAlert[],
    resolved: [] as StoredAlert[],
    mutedFiring: [] as StoredAlert[],
    mutedResolved: [] as StoredAlert[],
  };
  for (const alert of members) {
    const isOver = isResolved(alert, nowMs);
    if (muted.has(alert.fingerprint)) (isOver ? sorted.mutedResolved : sorted.mutedFiring).push(alert);
    else (isOver ? sorted.resolved : sorted.firing).push(alert);
  }
  const made = new Map<string, FrozenAlert>();
  const frozen = (alert: StoredAlert): FrozenAlert => {
    let copy = made.get(alert.fingerprint);
    if (copy === undefined) made.set(alert.fingerprint, (copy = freeze(alert, isResolved(alert, nowMs))));
    return copy;
  };
  return { ...sorted, frozen };
}

/** What an integration would be told, and whether it must. */
interface Notice {
  readonly verdict: NotifyVerdict;
  readonly firing: readonly StoredAlert[];
  readonly resolved: readonly StoredAlert[];
  readonly alerts: () => readonly FrozenAlert[];
  readonly untold: Untold | undefined;
}

function noticeFor(
  { sendResolved, onMuted }: NotifiedIntegration,
  record: NotificationRecord,
  members: SortedMembers,
  context: FlushContext,
): Notice {
  const { firing } = members;
  const question = {
    firing,
    sendResolved,
    repeatIntervalMs: context.group.repeatIntervalMs,
    nowMs: context.nowMs,
    onMuted,
  };
  return onMuted === 'close'
    ? closingNotice(question, record, members, context)
    : plainNotice(question, record, members, context);
}

type OpenQuestion = Omit<NotifyQuestion, 'resolved' | 'firing'> & Pick<Notice, 'firing'>;

/** As Alertmanager does it: what is muted is not there, and when nothing is left, nothing is asked. */
function plainNotice(
  question: OpenQuestion,
  record: NotificationRecord,
  members: SortedMembers,
  context: FlushContext,
): Notice {
  const { firing, resolved, mutedFiring, mutedResolved } = members;
  const isMuted = context.muted.size > 0 && firing.length + resolved.length === 0;
  const heard = context.members.filter((alert) => !context.muted.has(alert.fingerprint));
  return {
    verdict: isMuted ? 'muted' : notifyVerdict(record.told, { ...question, resolved }),
    firing,
    resolved,
    alerts: () => heard.map(members.frozen),
    untold:
      context.muted.size === 0
        ? undefined
        : {
            firing: mutedFiring.length > 0,
            ended: mutedResolved.map(({ fingerprint, version }) => ({ fingerprint, version })),
          },
  };
}

/** `on_muted: close`: ends are told of alerts the receiver believes to fire, muted or not; and once nothing is heard to
 *  fire, what is muted is told as ended, too. */
function closingNotice(
  question: OpenQuestion,
  { told }: NotificationRecord,
  members: SortedMembers,
  context: FlushContext,
): Notice {
  const { firing } = members;
  const closed = firing.length > 0 ? [] : endings(told, members.mutedFiring);
  const isOver = new Set([...endings(told, [...members.resolved, ...members.mutedResolved]), ...closed]);
  const resolved = context.members.filter((alert) => isOver.has(alert));
  const asked = notifyVerdict(told, { ...question, resolved });
  const [muted] = closed;
  const by = muted && context.muted.get(muted.fingerprint);
  const hears = new Set([...firing, ...resolved]);
  const isMutedOut = asked === 'none' && firing.length === 0 && members.mutedFiring.length > 0;
  return {
    verdict:
      asked === 'all alerts resolved' && by
        ? (`muted by ${muteText(by)}` satisfies NotifyReason)
        : isMutedOut
          ? 'muted'
          : asked,
    firing,
    resolved,
    alerts: () => {
      const isClosed = new Set<StoredAlert>(closed);
      return context.members
        .filter((alert) => hears.has(alert))
        .map((alert) => (isClosed.has(alert) ? freezeMuted(alert, context.nowMs) : members.frozen(alert)));
    },
    // What ended unheard leaves with a later flush, when no attempt under way can have told of it any more.
    untold: hears.size === context.members.length ? undefined : { firing: true, ended: [] },
  };
}

function nextRecord(
  record: NotificationRecord,
  notice: Notice,
  { sendResolved, limits, onMuted }: NotifiedIntegration,
  { nowMs, group, groupIntervalMs }: FlushContext,
): NotificationRecord {
  const { verdict, firing, resolved, untold } = notice;
  if (verdict === 'none' || verdict === 'muted') {
    return record.intent === null ? record : { ...withoutIntent(record, nowMs), withdrawn: true };
  }
  const sequence = nextSequence(record, nowMs);
  if (firing.length === 0 && !sendResolved) {
    const told = { sequence, atMs: nowMs, firing: [], resolved: resolved.map(({ fingerprint }) => fingerprint) };
    return { ...withoutIntent(record, nowMs), sequence, told, withdrawn: record.intent !== null || record.withdrawn };
  }
  const intent: DeliveryIntent = {
    sequence,
    reason: verdict,
    decidedAtMs: nowMs,
    deadlineMs: deliveryDeadlineMs(nowMs, groupIntervalMs, limits),
    attempts: 0,
    lastError: null,
    alerts: notice.alerts(),
    ...(untold && { untold }),
    // Who hears of no ends has nothing that would ever take an alert off the list of what is open.
    ...(onMuted === 'close' && sendResolved && { onMuted }),
    group,
  };
  return { ...withoutIntent(record, nowMs), sequence, intent, withdrawn: false };
}

/** Grows with time, so that it also does for a record that was lost and restored. */
export function nextSequence({ sequence }: NotificationRecord, nowMs: number): number {
  return Math.max(sequence + 1, nowMs);
}

/** An intent that is replaced was given up where an attempt failed, or its time was over while nothing could be sent:
 *  it becomes the dead letter. */
function withoutIntent(record: NotificationRecord, nowMs: number): NotificationRecord {
  const { intent } = record;
  if (intent === null || (intent.attempts === 0 && nowMs < intent.deadlineMs)) return { ...record, intent: null };
  return { ...record, intent: null, deadLetter: deadLetterOf(record, intent, nowMs) };
}

/** What is kept of an intent that was given up. One that was never tried, such as behind an open circuit breaker, keeps
 *  the error of the one given up before it: that is why nobody tried. */
export function deadLetterOf(
  record: NotificationRecord,
  intent: DeliveryIntent,
  nowMs: number,
): NonNullable<NotificationRecord['deadLetter']> {
  const { sequence, reason, attempts, lastError, group } = intent;
  const { receiver, groupKey, groupLabels } = group;
  const error = lastError ?? record.deadLetter?.error ?? 'no attempt had ended by its deadline';
  return { sequence, reason, atMs: nowMs, attempts, error, receiver, groupKey, groupLabels };
}

function freeze(alert: StoredAlert, isOver: boolean): FrozenAlert {
  const { fingerprint, labels, annotations, startsAtMs, startsAtOffsetMin, endsAtOffsetMin, generatorURL, version } =
    alert;
  const endsAtMs = isOver ? alert.endsAtMs : 0;
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

/** An alert as it is told at an instant. */
export function frozenAt(alert: StoredAlert, nowMs: number): FrozenAlert {
  return freeze(alert, isResolved(alert, nowMs));
}

/** A firing alert as it is told when its group is closed though it fires. */
export function freezeMuted(alert: StoredAlert, nowMs: number): FrozenAlert {
  return { ...freeze(alert, false), endsAtMs: nowMs, endsAtOffsetMin: 0, muted: true };
}
