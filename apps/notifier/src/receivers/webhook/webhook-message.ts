import { type Labels } from '@tocsin/common/labels/label-set';
import { formatRfc3339Nano } from '@tocsin/common/time/rfc3339';
import { type FrozenAlert } from '../../pipeline/notification-record';
import { isOver, type NotificationFacts } from '../../templates/notification-facts';
import { quoteMeta } from '../../templates/quote-meta';
import { type Rendering } from '../../templates/rendering';
import { asGoJson, goJson, mapJson } from '../go-json';
import { type WebhookConfig } from './webhook.schema';

/** What an entry posts: the message of version 4, or its own `payload`. `truncated` alerts were left out. */
export function webhookMessage(
  { payload }: Pick<WebhookConfig, 'payload'>,
  rendering: Rendering,
  truncated: number,
): string {
  const { facts, plain } = rendering;
  if (payload !== null && plain === null) return goJson(rendering.value(payload));
  return alertsMessage(facts, { version: '4', truncated, plain });
}

interface MessageForm {
  readonly version: string;
  /** Alerts that were left out. */
  readonly truncated: number;
  /** Said where it is told in place of another message. */
  readonly plain: Rendering['plain'];
  /** Those that are listed; default: all that the rest of the message is about. */
  readonly listed?: readonly FrozenAlert[];
}

/** Alerts as webhooks are told of them. Source: Alertmanager, webhook data format version 4: the same fields in the same
 *  order, encoded as Go does. */
export function alertsMessage(
  facts: NotificationFacts,
  { version, truncated, plain, listed = facts.alerts }: MessageForm,
): string {
  const { notification } = facts;
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
    `{"receiver":${JSON.stringify(quoteMeta(facts.receiver))},"status":"${facts.status}"` +
      `,"alerts":[${listed.map((alert) => alertJson(alert, mapOnce)).join(',')}]` +
      `,"notification_reason":"${notification.reason}"` +
      `,"groupLabels":${mapJson(notification.groupLabels)}` +
      `,"commonLabels":${mapOnce(facts.commonLabels)}` +
      `,"commonAnnotations":${mapOnce(facts.commonAnnotations)}` +
      `,"routeLabels":${mapJson(notification.routeLabels)}` +
      `,"externalURL":${JSON.stringify(facts.externalUrl)},"version":"${version}"` +
      `,"groupKey":${JSON.stringify(notification.groupKey)},"truncatedAlerts":${truncated}` +
      `${plain === null ? '' : `,"plainMessage":${JSON.stringify(plain.body)}`}}\n`,
  );
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
