import { type Labels } from '@tocsin/common/labels/label-set';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { type FrozenAlert } from '../../pipeline/notification-record';
import { type SimulatedNotification, type Simulation } from '../../simulate/simulation';
import { eventFields, type TimelineEventFields } from './timeline-view';

/** Body of `POST /api/tocsin/v1/simulate`. */
export interface SimulationView {
  readonly start: string;
  readonly end: string;
  /** In the order in which they are sent. */
  readonly notifications: readonly SimulatedNotificationView[];
  /** What happens and why, oldest first. */
  readonly events: readonly TimelineEventFields[];
}

export interface SimulatedNotificationView {
  readonly at: string;
  readonly receiver: string;
  readonly integration: string;
  readonly status: 'firing' | 'resolved';
  readonly reason: string;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly fingerprint: string;
    readonly labels: Labels;
    readonly annotations: Labels;
    readonly startsAt: string;
    /** Of those that have ended. */
    readonly endsAt?: string;
  }[];
}

/** The answer for clients. */
export function simulationView({ startMs, endMs, notifications, events }: Simulation): SimulationView {
  return {
    start: formatRfc3339Millis(startMs),
    end: formatRfc3339Millis(endMs),
    notifications: notifications.map(notificationView),
    events: events.map(eventFields),
  };
}

function notificationView({ atMs, alerts, ...told }: SimulatedNotification): SimulatedNotificationView {
  const { receiver, integration, status, reason, groupKey, groupLabels } = told;
  return {
    at: formatRfc3339Millis(atMs),
    receiver,
    integration,
    status,
    reason,
    groupKey,
    groupLabels,
    alerts: alerts.map(alertView),
  };
}

function alertView({ fingerprint, labels, annotations, startsAtMs, endsAtMs }: FrozenAlert) {
  return {
    status: endsAtMs === 0 ? ('firing' as const) : ('resolved' as const),
    fingerprint,
    labels,
    annotations,
    startsAt: formatRfc3339Millis(startsAtMs),
    ...(endsAtMs !== 0 && { endsAt: formatRfc3339Millis(endsAtMs) }),
  };
}
