import { type Labels } from '@tocsin/common/labels/label-set';
import { type StoredAlert } from '../alerts/alert-book';
import { deliveryDeadlineMs, type DeliveryLimits } from '../delivery/delivery-limits';
import { freezeMuted, nextSequence } from '../pipeline/decide-flush';
import { type RecordChange } from '../pipeline/notification-log';
import { type NotificationRecord, type NotifiedGroup, openOf } from '../pipeline/notification-record';
import { type GroupRef } from './groups';
import { plainRouteLabels, type RouteLabelsOf } from './route-labels';

/** A receiver's way to hear of the end of a group. */
interface Closer {
  readonly key: string;
  readonly sendResolved: boolean;
  readonly limits: DeliveryLimits;
}

const REASON = 'route removed' as const;

/** How a record closes a group that no route leads to any more; null: nothing is left to do about it. */
export function closeRecord(
  record: NotificationRecord,
  { key, sendResolved, limits }: Closer,
  group: GroupRef,
  alertOf: (fingerprint: string) => StoredAlert | undefined,
  nowMs: number,
  routeLabelsOf: RouteLabelsOf = plainRouteLabels,
): RecordChange | null {
  const open = openOf(record.told);
  if (record.intent?.reason === REASON) return null;
  if (open.length === 0 || record.told === null) return record.intent === null ? null : withdraw(record, key);
  const sequence = nextSequence(record, nowMs);
  const change = { integration: key, expectedRevision: record.revision };
  const alerts = open.flatMap((fingerprint) => alertOf(fingerprint) ?? []);
  if (!sendResolved || alerts.length === 0) {
    const told = { sequence, atMs: nowMs, firing: [], resolved: open };
    return { ...change, record: { ...record, sequence, told, intent: null, withdrawn: record.intent !== null } };
  }
  const intent = {
    sequence,
    reason: REASON,
    decidedAtMs: nowMs,
    deadlineMs: deliveryDeadlineMs(nowMs, group.route.groupIntervalMs, limits),
    attempts: 0,
    lastError: null,
    alerts: alerts.map((alert) => freezeMuted(alert, nowMs)),
    group: notifiedGroup(group, routeLabelsOf(group, alerts, nowMs)),
  };
  return { ...change, record: { ...record, sequence, intent, withdrawn: false } };
}

function withdraw(record: NotificationRecord, integration: string): RecordChange {
  return { integration, expectedRevision: record.revision, record: { ...record, intent: null, withdrawn: true } };
}

/** Its lane is nobody's any more, so that nothing is settled in it when the end was told. */
function notifiedGroup(group: GroupRef, routeLabels: Labels): NotifiedGroup {
  return {
    receiver: group.route.receiver,
    groupKey: group.key,
    groupLabels: group.labels,
    routeLabels,
    repeatIntervalMs: group.route.repeatIntervalMs,
    lane: '',
    revision: 0,
  };
}
