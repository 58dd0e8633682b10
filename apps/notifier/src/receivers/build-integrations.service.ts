import { AppError } from '@tocsin/common/errors/app-error';
import { type NotifierConfig, type Receiver } from '../config/notifier-config';
import { type Integration } from './integration';
import { type IntegrationContext } from './integration-context';
import { IntegrationRegistry } from './integration-registry';
import { RECEIVER_UNUSABLE } from './receivers.errors';
import { WebhookIntegration } from './webhook/webhook.integration';

type Kind = Exclude<keyof Receiver, 'name' | 'labels'>;
type Build<C> = (receiver: string, index: number, config: C, context: IntegrationContext) => Integration;

/** Every kind a receiver can have, in the order in which they are built; one without a sender does not compile. */
const kinds: { readonly [K in Kind]: { readonly section: string; readonly build: Build<Receiver[K][number]> } } = {
  webhooks: { section: 'webhook_configs', build: (...args) => new WebhookIntegration(...args) },
};

/** Builds the integrations of all receivers that a route uses; throws, naming each, when some cannot be built. */
export function buildIntegrations(config: NotifierConfig, context: IntegrationContext): IntegrationRegistry {
  const used = new Set([...config.routes.byId.values()].map((route) => route.receiver));
  const built: Integration[] = [];
  const problems: string[] = [];
  for (const receiver of config.receivers) {
    if (used.has(receiver.name)) buildReceiver(receiver, context, built, problems);
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
  for (const kind of Object.keys(kinds) as Kind[]) {
    const { section, build } = kinds[kind];
    receiver[kind].forEach((config, index) => {
      try {
        built.push(build(receiver.name, index, config, context));
      } catch (error) {
        problems.push(`receiver ${JSON.stringify(receiver.name)}, ${section}[${index}]: ${(error as Error).message}`);
      }
    });
  }
}
