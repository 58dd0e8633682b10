import { discord } from './discord/discord.schema';
import { email } from './email/email.schema';
import { incidentio } from './incidentio/incidentio.schema';
import { type ConfigOf, type IntegrationKind, type WrittenOf } from './integration-kind.schema';
import { jira } from './jira/jira.schema';
import { mattermost } from './mattermost/mattermost.schema';
import { msteams } from './msteams/msteams.schema';
import { msteamsv2 } from './msteamsv2/msteamsv2.schema';
import { opsgenie } from './opsgenie/opsgenie.schema';
import { pagerduty } from './pagerduty/pagerduty.schema';
import { pushover } from './pushover/pushover.schema';
import { rocketchat } from './rocketchat/rocketchat.schema';
import { slack } from './slack/slack.schema';
import { sns } from './sns/sns.schema';
import { telegram } from './telegram/telegram.schema';
import { victorops } from './victorops/victorops.schema';
import { webex } from './webex/webex.schema';
import { webhook } from './webhook/webhook.schema';
import { wechat } from './wechat/wechat.schema';

const table = {
  webhook,
  email,
  pagerduty,
  opsgenie,
  wechat,
  slack,
  victorops,
  pushover,
  sns,
  telegram,
  discord,
  webex,
  msteams,
  msteamsv2,
  jira,
  incidentio,
  rocketchat,
  mattermost,
};

/** What a receiver can have. */
export type Kind = keyof typeof table;

/** Entries of each kind, as they stand in the file. */
export type Written = { readonly [K in Kind]: WrittenOf<(typeof table)[K]> };

/** What integrations of each kind are built from. */
export type Configs = { readonly [K in Kind]: ConfigOf<(typeof table)[K]> };

/** All kinds. */
export const kinds: { readonly [K in Kind]: IntegrationKind<Written[K], Configs[K]> } = table;

/** In the order in which integrations are built and told. Source: Alertmanager, `receiver.BuildReceiverIntegrations`. */
export const kindNames = Object.keys(table) as readonly Kind[];

/** In the order in which entries are completed from `global`. Source: Alertmanager, `Config.UnmarshalYAML`. */
export const checkOrder: readonly Kind[] = [
  'webhook',
  'email',
  'slack',
  'pushover',
  'pagerduty',
  'incidentio',
  'opsgenie',
  'wechat',
  'victorops',
  'sns',
  'telegram',
  'discord',
  'webex',
  'msteams',
  'msteamsv2',
  'jira',
  'rocketchat',
  'mattermost',
];

/** In the order in which they are shown. Source: Alertmanager, fields of `Receiver`. */
export const viewOrder: readonly Kind[] = [
  'discord',
  'email',
  'incidentio',
  'pagerduty',
  'slack',
  'webhook',
  'opsgenie',
  'wechat',
  'pushover',
  'victorops',
  'sns',
  'telegram',
  'webex',
  'msteams',
  'msteamsv2',
  'jira',
  'rocketchat',
  'mattermost',
];

/** Kinds whose receivers are told over HTTP, as an `http_config` says. */
export type HttpKind = Exclude<Kind, 'email' | 'sns'>;

/** Whether it is told over HTTP. */
export function isHttp(integration: IntegrationConfig): integration is IntegrationConfig<HttpKind> {
  return integration.kind !== 'email' && integration.kind !== 'sns';
}

/** One integration of a receiver, with everything inherited. */
export type IntegrationConfig<K extends Kind = Kind> = {
  [P in K]: { readonly kind: P; readonly index: number; readonly config: Configs[P] };
}[K];
