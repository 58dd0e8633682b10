import { machineClock } from '@tocsin/common/time/clock';
import { checkConfig } from '../../config/check-config';
import { compileConfig } from '../../config/compile-config';
import { NotificationFacts } from '../../templates/notification-facts';
import { type Rendering, renderMessage } from '../../templates/rendering';
import { type Templates } from '../../templates/templates';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { buildIntegration } from '../build-integrations.service';
import { ConfiguredIntegration } from '../configured.integration';
import { HttpReceiver } from '../http-receiver.client';
import { type Integration, type Notification } from '../integration';
import { type IntegrationContext } from '../integration-context';
import { aNotification } from '../integration.contract';
import { type Configs, type HttpKind, type IntegrationConfig, type Kind } from '../kinds.schema';
import { type HttpAttempt, type Sender } from '../sender';

/** A context whose templates need no engine. */
export function aContext(overrides: Partial<IntegrationContext> = {}): IntegrationContext {
  return {
    userAgent: 'Tocsin/test',
    externalUrl: () => 'http://tocsin.test',
    clock: machineClock,
    environment: {},
    templates: fakeTemplates(),
    ...overrides,
  };
}

/** An entry of `<kind>_configs` as it is in effect; `global` is that section of the file. Throws what is wrong with it. */
export function configOf<K extends Kind>(kind: K, entry: object, global: object = {}): Configs[K] {
  return integrationConfigOf(kind, entry, global).config as Configs[K];
}

function integrationConfigOf(kind: Kind, entry: object, global: object): IntegrationConfig {
  const text = JSON.stringify({
    global,
    route: { receiver: 'team' },
    receivers: [{ name: 'team', [`${kind}_configs`]: [entry] }],
  });
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join('; '));
  return compileConfig(checked.file, text).receivers[0]!.integrations[0]!;
}

/** The integration `team/<kind>/0` of an entry. */
export function builtIntegration(
  kind: Kind,
  entry: object,
  { global = {}, ...context }: Partial<IntegrationContext> & { global?: object } = {},
): Integration {
  return buildIntegration('team', integrationConfigOf(kind, entry, global), aContext(context));
}

/** The same with a sender of the test's making: for kinds that have an address of their own. */
export function builtWith<K extends HttpKind>(
  kind: K,
  entry: object,
  makeSender: (config: Configs[K]) => Sender<HttpAttempt>,
  { global = {}, ...overrides }: Partial<IntegrationContext> & { global?: object } = {},
): Integration {
  const context = aContext(overrides);
  const integration = integrationConfigOf(kind, entry, global);
  const config = integration.config as Configs[K];
  const http = new HttpReceiver(`team/${kind}/0`, config, context);
  return new ConfiguredIntegration(
    'team',
    integration,
    context,
    makeSender(config),
    (attempt) => http.equip(attempt),
    () => http.close(),
  );
}

/** What `make` makes of a notification to the receiver `team`; throws when nothing can be made. */
export function made<T>(
  make: (rendering: Rendering) => T,
  notification: Partial<Notification> = {},
  templates: Templates = fakeTemplates(),
): T {
  const facts = new NotificationFacts(aNotification(notification), 'team', 'http://tocsin.test');
  const result = renderMessage(facts, templates, make);
  if (!result.ok) throw new Error(result.error);
  return result.message;
}
