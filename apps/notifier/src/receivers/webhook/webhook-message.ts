import { type Labels } from '@tocsin/common/labels/label-set';
import { formatRfc3339Nano } from '@tocsin/common/time/rfc3339';
import { type FrozenAlert } from '../../pipeline/notification-record';
import { commonPairs } from '../common-pairs';
import { asGoJson, mapJson } from '../go-json';
import { type Notification } from '../integration';

/** What a message says besides the notification. */
export interface WebhookContext {
  readonly receiver: string;
  /** Without a trailing slash. */
  readonly externalUrl: string;
  /** Most alerts in a message; 0 for all. */
  readonly maxAlerts: number;
}

/** The body of a webhook. Source: Alertmanager, webhook data format version 4: the same fields in the same order,
 *  encoded as Go does. */
export function webhookMessage(
  notification: Notification,
  { receiver, externalUrl, maxAlerts }: WebhookContext,
): string {
  const all = notification.alerts;
  const alerts = maxAlerts > 0 ? all.slice(0, maxAlerts) : all;
  const status = alerts.every(isOver) ? 'resolved' : 'firing';
  // What an only alert has is also what all have in common: made once, since it is most of the message.
  const made = new Map<Labels, string>();
  const mapOnce = (labels: Labels): string => {
    const known = made.get(labels);
    if (known !== undefined) return known;
    const json = mapJson(labels);
    made.set(labels, json);
    return json;
  };
  return asGoJson(
    `{"receiver":${JSON.stringify(quoteMeta(receiver))},"status":"${status}"` +
      `,"alerts":[${alerts.map((alert) => alertJson(alert, mapOnce)).join(',')}]` +
      `,"notification_reason":"${notification.reason}"` +
      `,"groupLabels":${mapJson(notification.groupLabels)}` +
      `,"commonLabels":${mapOnce(commonPairs(alerts.map(({ labels }) => labels)))}` +
      `,"commonAnnotations":${mapOnce(commonPairs(alerts.map(({ annotations }) => annotations)))}` +
      `,"routeLabels":${mapJson(notification.routeLabels)}` +
      `,"externalURL":${JSON.stringify(externalUrl)},"version":"4"` +
      `,"groupKey":${JSON.stringify(notification.groupKey)},"truncatedAlerts":${all.length - alerts.length}}\n`,
  );
}

function isOver(alert: FrozenAlert): boolean {
  return alert.endsAtMs !== 0;
}

function alertJson(alert: FrozenAlert, mapOnce: (labels: Labels) => string): string {
  const over = isOver(alert);
  const endsAt = over ? formatRfc3339Nano(alert.endsAtMs, alert.endsAtOffsetMin) : GO_ZERO_TIME;
  return (
    `{"status":"${over ? 'resolved' : 'firing'}","labels":${mapOnce(alert.labels)}` +
    `,"annotations":${mapOnce(alert.annotations)}` +
    `,"startsAt":"${formatRfc3339Nano(alert.startsAtMs, alert.startsAtOffsetMin)}","endsAt":"${endsAt}"` +
    `,"generatorURL":${JSON.stringify(alert.generatorURL)},"fingerprint":"${alert.fingerprint}"}`
  );
}

const GO_ZERO_TIME = '0001-01-01T00:00:00Z';

/** Source: Go `regexp.QuoteMeta`: receiver names go into links that filter by a regex. */
function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
