import { isResolved } from '@tocsin/common/alert/alert';
import { type StoredAlert } from '../alerts/alert-book';
import { type GroupRef } from '../grouping/groups';
import { type InhibitRule } from '../inhibition/inhibit-rule';
import { type Muting } from '../pipeline/muting';
import { type Silence } from '../silences/silence';
import { type TimelineEvent } from '../timeline/timeline-event';
import {
  alertJson,
  decimal,
  type EventJson,
  filled,
  groupedAlertJson,
  groupJson,
  inhibitRuleJson,
  mutedAlertJson,
  silenceJson,
} from './event-json';

/** What is recorded. Source: Alertmanager, names of its event types. */
export type EventType =
  | 'alertmanager_startup_event'
  | 'alertmanager_shutdown_event'
  | 'alert_created'
  | 'alert_resolved'
  | 'alert_grouped'
  | 'notification'
  | 'silence_created'
  | 'silence_updated'
  | 'silence_muted_alert'
  | 'inhibition_muted_alert';

/** One event for the outputs. */
export interface RecordedEvent {
  readonly type: EventType;
  readonly atMs: number;
  readonly data: EventJson;
}

/** What events of the timeline tell of, as it is now. */
export interface EventSource {
  alert(fingerprint: string): StoredAlert | undefined;
  groupsOf(alert: StoredAlert): readonly GroupRef[];
  group(id: string): GroupRef | undefined;
  silence(id: string): Silence | undefined;
  /** By its place in the configuration. */
  inhibitRule(position: number): InhibitRule | undefined;
  muting(nowMs: number): Muting;
}

/** The events that Alertmanager would have recorded of what happened; none of what it does not record. */
export function recordedEvents(event: TimelineEvent, source: EventSource): RecordedEvent[] {
  switch (event.kind) {
    case 'received':
      return event.detail?.['change'] === 'started' ? started(event, source) : [];
    case 'delivered':
      return event.detail?.['drill'] === true ? [] : delivered(event, source);
    case 'verdict':
      return muted(event, source);
    case 'silence':
      return silenceChanged(event, source);
    default:
      return [];
  }
}

/** The type of the most of them, for what is dropped unseen; null: there are none. */
export function mainType({ kind, detail, state }: TimelineEvent): EventType | null {
  if (kind === 'received') return detail?.['change'] === 'started' ? 'alert_created' : null;
  if (kind === 'delivered') return detail?.['drill'] === true ? null : 'notification';
  if (kind === 'silence') return detail?.['action'] === 'created' ? 'silence_created' : 'silence_updated';
  return kind === 'verdict' && state !== undefined && state.value !== '' ? 'silence_muted_alert' : null;
}

function started(event: TimelineEvent, source: EventSource): RecordedEvent[] {
  const { atMs } = event;
  return alertsOf(event, source).flatMap((alert): RecordedEvent[] => [
    { type: 'alert_created', atMs, data: { alertCreated: { alert: alertJson(alert, atMs) } } },
    ...source.groupsOf(alert).map((group) => ({
      type: 'alert_grouped' as const,
      atMs,
      data: { alertGrouped: { alert: groupedAlertJson(alert, atMs), groupInfo: groupJson(group) } },
    })),
  ]);
}

const reasons: Readonly<Record<string, string>> = {
  'first notification': 'NOTIFY_REASON_FIRST_NOTIFICATION',
  'new alerts added': 'NOTIFY_REASON_NEW_ALERTS_IN_GROUP',
  'some alerts resolved': 'NOTIFY_REASON_NEW_RESOLVED_ALERTS',
  'all alerts resolved': 'NOTIFY_REASON_ALL_ALERTS_RESOLVED',
  'repeat interval elapsed': 'NOTIFY_REASON_REPEAT_INTERVAL_ELAPSED',
};

function delivered(event: TimelineEvent, source: EventSource): RecordedEvent[] {
  const { atMs, detail } = event;
  const group = event.group === undefined ? undefined : source.group(event.group);
  const alerts = alertsOf(event, source);
  const resolved = alerts.filter((alert) => isResolved(alert, atMs));
  const json = (list: readonly StoredAlert[]) => list.map((alert) => groupedAlertJson(alert, atMs));
  const [, name = '', index = '0'] = /\/([^/]+)\/(\d+)$/.exec(event.integration ?? '') ?? [];
  const groupInfo = group && groupJson(group);
  const notification = filled({
    alerts: json(alerts),
    firingAlerts: json(alerts.filter((alert) => !resolved.includes(alert))),
    resolvedAlerts: json(resolved),
    groupInfo,
    repeatInterval: group && `${group.route.repeatIntervalMs / 1000}s`,
    reason: reasons[String(detail?.['reason'])],
    flushId: detail?.['sequence'] === undefined ? undefined : String(detail['sequence']),
    integration: filled({ name, index: index === '0' ? undefined : index }),
  });
  return [
    { type: 'notification', atMs, data: { notification } },
    ...resolved.map((alert) => ({
      type: 'alert_resolved' as const,
      atMs,
      data: { alertResolved: filled({ alert: groupedAlertJson(alert, atMs), groupInfo }) },
    })),
  ];
}

function muted(event: TimelineEvent, source: EventSource): RecordedEvent[] {
  const { atMs, state } = event;
  if (state === undefined || state.value === '') return [];
  const muting = source.muting(atMs);
  return alertsOf(event, source).flatMap((alert): RecordedEvent[] => {
    const mutedAlert = mutedAlertJson(alert);
    const inhibitor = muting.inhibitedBy(alert);
    if (inhibitor !== null) {
      const rule = source.inhibitRule(inhibitor.rule);
      const inhibitionMutedAlert = {
        inhibitRules: rule === undefined ? [] : [inhibitRuleJson(rule)],
        mutedAlert,
        inhibitingFingerprints: [decimal(inhibitor.fingerprint)],
      };
      return [{ type: 'inhibition_muted_alert', atMs, data: { inhibitionMutedAlert } }];
    }
    return muting.silencedBy(alert).flatMap((id): RecordedEvent[] => {
      const silence = source.silence(id);
      if (silence === undefined) return [];
      const silenceMutedAlert = { silence: silenceJson(silence), mutedAlert };
      return [{ type: 'silence_muted_alert', atMs, data: { silenceMutedAlert } }];
    });
  });
}

function silenceChanged({ atMs, detail }: TimelineEvent, source: EventSource): RecordedEvent[] {
  const silence = source.silence(String(detail?.['id']));
  if (silence === undefined) return [];
  const json = { silence: silenceJson(silence) };
  return detail?.['action'] === 'created' || detail?.['action'] === 'replaced'
    ? [{ type: 'silence_created', atMs, data: { silenceCreated: json } }]
    : [{ type: 'silence_updated', atMs, data: { silenceUpdated: json } }];
}

function alertsOf({ fingerprints = [] }: TimelineEvent, source: EventSource): StoredAlert[] {
  return fingerprints.flatMap((fingerprint) => source.alert(fingerprint) ?? []);
}
