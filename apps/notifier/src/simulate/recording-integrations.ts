import { type NotifierConfig } from '../config/notifier-config';
import { type Integration, type Notification } from '../receivers/integration';
import { IntegrationRegistry } from '../receivers/integration-registry';

/** Integrations with the settings of the configuration's that send nothing: they hand over what they would have sent,
 *  and accept it. */
export function recordingIntegrations(
  config: NotifierConfig,
  record: (integration: Integration, notification: Notification) => void,
): IntegrationRegistry {
  const integrations = config.receivers.flatMap(({ name, integrations }) =>
    integrations.map(({ kind, index, config: { sendResolved, onMuted, limits } }): Integration => {
      const integration: Integration = {
        kind,
        receiver: name,
        index,
        key: `${name}/${kind}/${index}`,
        sendResolved,
        onMuted,
        limits,
        notify: (notification) => {
          record(integration, notification);
          return ACCEPTED;
        },
        close: () => CLOSED,
      };
      return integration;
    }),
  );
  return new IntegrationRegistry(integrations);
}

const ACCEPTED = Promise.resolve({ kind: 'delivered' } as const);
const CLOSED = Promise.resolve();
