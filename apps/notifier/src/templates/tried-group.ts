import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels } from '@tocsin/common/labels/label-set';
import { type FrozenAlert, type NotifyReason } from '../pipeline/notification-record';
import { commonPairs } from '../receivers/common-pairs';
import { type Notification } from '../receivers/integration';

/** An alert that exists only to be rendered. */
export interface TriedAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Null: as its end says. */
  readonly status: 'firing' | 'resolved' | null;
  /** Epoch ms; null: now. */
  readonly startsAtMs: number | null;
  /** Epoch ms; null: it has none, or ends now where it is resolved. */
  readonly endsAtMs: number | null;
  readonly generatorURL: string;
}

/** Alerts that exist only to be rendered. */
export interface TriedGroup {
  readonly alerts: readonly TriedAlert[];
  /** Null: the labels that all alerts have in common. */
  readonly groupLabels: Labels | null;
  /** Null: what the alerts make likely. */
  readonly reason: NotifyReason | null;
}

/** The notification that would tell of them. */
export function triedNotification({ alerts: tried, groupLabels, reason }: TriedGroup, nowMs: number): Notification {
  const alerts = tried.map((alert) => frozen(alert, nowMs));
  const isOver = alerts.every(({ endsAtMs }) => endsAtMs !== 0);
  return {
    reason: reason ?? (isOver ? 'all alerts resolved' : 'first notification'),
    sequence: nowMs,
    groupKey: '{}:{}',
    groupLabels: groupLabels ?? commonPairs(alerts.map(({ labels }) => labels)),
    routeLabels: {},
    alerts,
    receiverData: {},
    before: null,
  };
}

function frozen(alert: TriedAlert, nowMs: number): FrozenAlert {
  const { labels, annotations, generatorURL } = alert;
  const endMs = alert.endsAtMs ?? nowMs;
  const isOver =
    alert.status === null ? alert.endsAtMs !== null && alert.endsAtMs <= nowMs : alert.status === 'resolved';
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations,
    startsAtMs: alert.startsAtMs ?? (isOver ? Math.min(nowMs, endMs) : nowMs),
    endsAtMs: isOver ? endMs : 0,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    generatorURL,
    version: 1,
  };
}
