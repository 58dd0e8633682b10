import { AppError } from '@tocsin/common/errors/app-error';
import { type NotifierConfig, type Receiver } from '../config/notifier-config';
import { type Integration } from './integration';
import { type IntegrationContext } from './integration-context';
import { IntegrationRegistry } from './integration-registry';
import { type Configs, type IntegrationConfig, isSendable, type SendableKind } from './kinds.schema';
import { sectionOf } from './receiver.schema';
import { RECEIVER_UNUSABLE } from './receivers.errors';
import { UnavailableIntegration } from './unavailable.integration';
import { WebhookIntegration } from './webhook/webhook.integration';

type Build<K extends SendableKind> = (
  receiver: string,
  index: number,
  config: Configs[K],
  context: IntegrationContext,
) => Integration;

/** What sends; one that is missing does not compile. */
const senders: { readonly [K in SendableKind]: Build<K> } = {
  webhook: (...args) => new WebhookIntegration(...args),
};

/** Builds the integrations of all receivers; throws, naming each, when some that a route uses cannot be built. Those that no
 *  route uses have to close the groups whose route a reload removed. */
export function buildIntegrations(config: NotifierConfig, context: IntegrationContext): IntegrationRegistry {
  const used = new Set([...config.routes.byId.values()].map((route) => route.receiver));
  const built: Integration[] = [];
  const problems: string[] = [];
  for (const receiver of config.receivers) {
    // Alertmanager does not look at receivers that no route uses, so a mistake there stops nothing.
    buildReceiver(receiver, context, built, used.has(receiver.name) ? problems : []);
  }
  const registry = new IntegrationRegistry(built);
  if (problems.length === 0) return registry;
  void registry.close();
  throw new AppError(RECEIVER_UNUSABLE, problems.join('; '));
}

function buildReceiver(
  receiver: Receiver,
  context: IntegrationContext,
  built: Integration[],
  problems: string[],
): void {
  for (const integration of receiver.integrations) {
    try {
      built.push(build(receiver.name, integration, context));
    } catch (error) {
      const place = `receiver ${JSON.stringify(receiver.name)}, ${sectionOf(integration.kind)}[${integration.index}]`;
      problems.push(`${place}: ${(error as Error).message}`);
    }
  }
}

function build(receiver: string, integration: IntegrationConfig, context: IntegrationContext): Integration {
  if (isSendable(integration)) return buildSender(receiver, integration, context);
  return new UnavailableIntegration(receiver, integration);
}

function buildSender<K extends SendableKind>(
  receiver: string,
  { kind, index, config }: IntegrationConfig<K>,
  context: IntegrationContext,
): Integration {
  return senders[kind](receiver, index, config, context);
}
