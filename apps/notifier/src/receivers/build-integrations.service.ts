import { AppError } from '@tocsin/common/errors/app-error';
import { type NotifierConfig, type Receiver } from '../config/notifier-config';
import { ConfiguredIntegration } from './configured.integration';
import { DiscordSender } from './discord/discord.integration';
import { EmailSender } from './email/email.integration';
import { IncidentioSender } from './incidentio/incidentio.integration';
import { JiraSender } from './jira/jira.integration';
import { MattermostSender } from './mattermost/mattermost.integration';
import { MsteamsSender } from './msteams/msteams.integration';
import { Msteamsv2Sender } from './msteamsv2/msteamsv2.integration';
import { OpsgenieSender } from './opsgenie/opsgenie.integration';
import { PagerdutySender } from './pagerduty/pagerduty.integration';
import { PushoverSender } from './pushover/pushover.integration';
import { RocketchatSender } from './rocketchat/rocketchat.integration';
import { SlackSender } from './slack/slack.integration';
import { SnsSender } from './sns/sns.integration';
import { TelegramSender } from './telegram/telegram.integration';
import { VictoropsSender } from './victorops/victorops.integration';
import { WebexSender } from './webex/webex.integration';
import { WebhookSender } from './webhook/webhook.integration';
import { WechatSender } from './wechat/wechat.integration';
import { HttpReceiver } from './http-receiver.client';
import { type Integration } from './integration';
import { type IntegrationContext, type OutgoingContext } from './integration-context';
import { IntegrationRegistry } from './integration-registry';
import { type Configs, type HttpKind, type IntegrationConfig, isHttp, type Kind } from './kinds.schema';
import { sectionOf } from './receiver.schema';
import { RECEIVER_UNUSABLE } from './receivers.errors';
import { type HttpAttempt, type Sender } from './sender';

/** What sends over HTTP; one that is missing does not compile. */
const httpSenders: {
  readonly [K in HttpKind]: (config: Configs[K], context: IntegrationContext) => Sender<HttpAttempt>;
} = {
  webhook: (config) => new WebhookSender(config),
  pagerduty: (config) => new PagerdutySender(config),
  opsgenie: (config) => new OpsgenieSender(config),
  wechat: (config) => new WechatSender(config),
  slack: (config) => new SlackSender(config),
  victorops: (config) => new VictoropsSender(config),
  pushover: (config) => new PushoverSender(config),
  telegram: (config) => new TelegramSender(config),
  discord: (config) => new DiscordSender(config),
  webex: (config) => new WebexSender(config),
  msteams: (config) => new MsteamsSender(config),
  msteamsv2: (config) => new Msteamsv2Sender(config),
  jira: (config) => new JiraSender(config),
  incidentio: (config) => new IncidentioSender(config),
  rocketchat: (config) => new RocketchatSender(config),
  mattermost: (config) => new MattermostSender(config),
};

/** Builds the integrations of all receivers; throws, naming each, when some that a route uses cannot be built. Those that no
 *  route uses have to close the groups whose route a reload removed. */
export function buildIntegrations(config: NotifierConfig, outgoing: OutgoingContext): IntegrationRegistry {
  const used = new Set([...config.routes.byId.values()].map((route) => route.receiver));
  const built: Integration[] = [];
  const problems: string[] = [];
  const unusable = new Map<string, string>();
  for (const receiver of config.receivers) {
    const context = { ...outgoing, templates: config.templates[receiver.templateLanguage] };
    // Alertmanager does not look at receivers that no route uses, so a mistake there stops nothing.
    for (const { key, place, error } of buildReceiver(receiver, context, built)) {
      unusable.set(key, error);
      if (used.has(receiver.name)) problems.push(`${place}: ${error}`);
    }
  }
  const registry = new IntegrationRegistry(built, unusable);
  if (problems.length === 0) return registry;
  void registry.close();
  throw new AppError(RECEIVER_UNUSABLE, problems.join('; '));
}

/** An integration that could not be built. */
interface Unusable {
  readonly key: string;
  /** For messages. */
  readonly place: string;
  readonly error: string;
}

function buildReceiver(
  { name, integrations }: Receiver,
  context: IntegrationContext,
  built: Integration[],
): Unusable[] {
  return integrations.flatMap((integration) => {
    const { kind, index } = integration;
    try {
      built.push(buildIntegration(name, integration, context));
      return [];
    } catch (error) {
      const place = `receiver ${JSON.stringify(name)}, ${sectionOf(kind)}[${index}]`;
      return [{ key: `${name}/${kind}/${index}`, place, error: (error as Error).message }];
    }
  });
}

/** Builds one integration; throws when a file that it needs cannot be used. */
export function buildIntegration(
  receiver: string,
  integration: IntegrationConfig,
  context: IntegrationContext,
): Integration {
  if (isHttp(integration)) return buildHttp(receiver, integration, context);
  const { kind, config } = integration;
  const sender = kind === 'email' ? new EmailSender(config, context) : new SnsSender(config, context);
  return new ConfiguredIntegration(receiver, integration, context, sender, (attempt) => attempt);
}

function buildHttp<K extends HttpKind>(
  receiver: string,
  integration: IntegrationConfig<K>,
  context: IntegrationContext,
): Integration {
  const { kind, index, config } = integration;
  const http = new HttpReceiver(`${receiver}/${kind}/${index}`, config, context);
  const sender = httpSenders[kind](config, context);
  return new ConfiguredIntegration(
    receiver,
    anyKind(integration),
    context,
    sender,
    (attempt) => http.equip(attempt),
    () => http.close(),
  );
}

/** TypeScript does not see that an entry of some kind is one of any. */
function anyKind<K extends Kind>(integration: IntegrationConfig<K>): IntegrationConfig {
  return integration as IntegrationConfig;
}
