import { isResolved } from '@tocsin/common/alert/alert';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type AlertView, type StoredAlert } from '../alerts/alert-book';
import { firstFlushMs } from '../grouping/first-flush';
import { type GroupIndex, type GroupRef } from '../grouping/groups';
import { decideFlush } from '../pipeline/decide-flush';
import { flushContext, groupMembers } from '../pipeline/flush-context';
import { type Muting, type TimeMute } from '../pipeline/muting';
import { NO_RECORD, type NotificationRecord } from '../pipeline/notification-record';
import { type NotifyVerdict } from '../pipeline/notify-decision';
import { type IntegrationRegistry } from '../receivers/integration-registry';
import { type RouteTree } from '../routing/route';
import { type Silence } from '../silences/silence';
import { nextRepeatMs } from './next-repeat';
import { type RouteTrace, traceRoutes } from './route-trace';

/** What is asked: what becomes of an alert with these labels. */
export interface ExplainQuestion {
  readonly labels: Labels;
  readonly fingerprint: string;
  /** The instant that times of day, silences and ends of alerts are seen from. */
  readonly nowMs: number;
}

/** What the answer is made from. */
export interface ExplainSource {
  readonly alerts: AlertView;
  readonly routes: RouteTree;
  readonly groups: Pick<GroupIndex, 'members' | 'isInOrder' | 'keepOrder'>;
  readonly integrations: Pick<IntegrationRegistry, 'ofReceiver'>;
  readonly muting: Muting;
  readonly silence: (id: string) => Silence | undefined;
  /** By group id. */
  readonly records: ReadonlyMap<string, ReadonlyMap<string, NotificationRecord>>;
  /** When groups are flushed next, by id; one without is not there. */
  readonly dueMs: ReadonlyMap<string, number>;
}

/** Why an alert is told to whom, or is not. */
export interface Explanation extends ExplainQuestion {
  /** As the alert book holds it; null: it is not there, and what follows is what would be if it fired. */
  readonly alert: StoredAlert | null;
  readonly isFiring: boolean;
  readonly route: RouteTrace;
  readonly inhibition: InhibitionTrace | null;
  /** Active ones that match. */
  readonly silences: readonly Silence[];
  readonly groups: readonly GroupTrace[];
}

export interface InhibitionTrace {
  /** Name of the rule, or its number. */
  readonly rule: string;
  readonly fingerprint: string;
  readonly labels: Labels;
}

/** A group the alert is in, or would be. */
export interface GroupTrace {
  readonly group: GroupRef;
  /** Alerts in it, this one included if it is there. */
  readonly members: number;
  readonly timeMute: TimeMute | null;
  /** When it is flushed next; of a group that is not there: when it would be flushed first. */
  readonly nextFlushMs: number;
  readonly isThere: boolean;
  readonly integrations: readonly IntegrationTrace[];
}

export interface IntegrationTrace {
  readonly key: string;
  /** What a flush would decide at the instant asked about. */
  readonly verdict: NotifyVerdict;
  readonly record: NotificationRecord;
  /** When the last notification is repeated if nothing changes; null: there is none to repeat. */
  readonly nextRepeatMs: number | null;
}

/** Explains what becomes of an alert; each answer is given by what decides it in earnest. */
export function explainAlert(
  question: ExplainQuestion,
  groups: readonly GroupRef[],
  source: ExplainSource,
): Explanation {
  const { labels, fingerprint, nowMs } = question;
  const { muting, alerts } = source;
  const alert = alerts.get(fingerprint) ?? null;
  const inhibitor = muting.inhibitedBy(question);
  return {
    ...question,
    alert,
    isFiring: alert !== null && !isResolved(alert, nowMs),
    route: traceRoutes(source.routes, labels),
    inhibition: inhibitor && {
      rule: inhibitor.ruleName,
      fingerprint: inhibitor.fingerprint,
      labels: alerts.get(inhibitor.fingerprint)?.labels ?? {},
    },
    silences: muting.silencedBy(question).flatMap((id) => source.silence(id) ?? []),
    groups: groups.map((group) => traceGroup(group, alert ?? ifItFired(question), source, nowMs)),
  };
}

function traceGroup(group: GroupRef, alert: StoredAlert, source: ExplainSource, nowMs: number): GroupTrace {
  const { route, id } = group;
  const { muting } = source;
  const known = groupMembers(source.groups, source.alerts, id);
  const members = known.includes(alert) ? known : [...known, alert];
  const integrations = source.integrations.ofReceiver(route.receiver);
  const records = source.records.get(id) ?? new Map<string, NotificationRecord>();
  const claim = { lane: '', revision: 0 };
  const { verdicts } = decideFlush(flushContext({ nowMs, group, members, integrations, records, muting, claim }));
  const dueMs = source.dueMs.get(id);
  const nextFlushMs = dueMs ?? firstFlushMs(alert, route, nowMs);
  return {
    group,
    members: known.length,
    timeMute: muting.timeMute(route),
    nextFlushMs,
    isThere: dueMs !== undefined,
    integrations: integrations.map(({ key }, index) => {
      const record = records.get(key) ?? NO_RECORD;
      return {
        key,
        verdict: verdicts[index] ?? 'none',
        record,
        nextRepeatMs: nextRepeatMs(record.told, nextFlushMs, route),
      };
    }),
  };
}

/** An alert with these labels as it would be if it began to fire now. */
function ifItFired({ fingerprint, labels, nowMs }: ExplainQuestion): StoredAlert {
  return {
    fingerprint,
    labels,
    annotations: {},
    startsAtMs: nowMs,
    endsAtMs: Infinity,
    updatedAtMs: nowMs,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 0,
    settledIn: [],
  };
}
