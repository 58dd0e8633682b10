import { custom, type Decoder, list, map, object, string, withDefault } from '@tocsin/common/config/decode';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { labelValue } from '@tocsin/common/labels/label-set';
import { unsupported } from '../config/unsupported.schema';
import { webhookConfig, type WebhookFields } from './webhook/webhook.schema';

/** A receiver as written. */
export interface ReceiverFields {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly webhooks: readonly WebhookFields[];
}

/** Kinds that Alertmanager has and this version has not. */
const otherKinds = [
  'email_configs',
  'pagerduty_configs',
  'opsgenie_configs',
  'wechat_configs',
  'slack_configs',
  'victorops_configs',
  'pushover_configs',
  'sns_configs',
  'telegram_configs',
  'discord_configs',
  'webex_configs',
  'msteams_configs',
  'msteamsv2_configs',
  'jira_configs',
  'incidentio_configs',
  'rocketchat_configs',
  'mattermost_configs',
] as const;

/** Required, and not empty. */
const receiverName: Decoder<string> = {
  ...string,
  decode: (place, context) => {
    const name = string.decode(place, context);
    return name === '' ? context.report(place.offset, place.path, 'missing name in receiver') : name;
  },
  absent: (place, context) => context.report(place.offset, place.path, 'missing name in receiver'),
};

const fields = object(
  {
    name: receiverName,
    labels: withDefault(map(string), {}),
    webhook_configs: withDefault(list(entry('webhook', webhookConfig)), []),
    ...Object.fromEntries(otherKinds.map((kind) => [kind, unsupported(kind)])),
  },
  'config.plain',
);

/** Source: Alertmanager configuration, `receiver`. */
export const receiver: Decoder<ReceiverFields> = custom(fields, (raw, report) => {
  const { name, labels } = raw;
  const label = labelValue(labels, 'name');
  if (label !== undefined && label !== name) {
    const expected = `must match receiver name ${goQuote(name)}, got ${goQuote(label)}`;
    return report(`receiver label "name" ${expected}`, ['labels', 'name']);
  }
  return { name, labels, webhooks: raw.webhook_configs };
});

/** An element of a list of configurations, which null is not. */
function entry<T>(kind: string, of: Decoder<T>): Decoder<T> {
  return {
    typeName: of.typeName,
    decode: (place, context) => {
      if (place.node === null) return context.report(place.offset, place.path, `missing ${kind} config`);
      return of.decode(place, context);
    },
  };
}
