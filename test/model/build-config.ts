import { createMatcher, type Matcher } from '@tocsin/common/matchers/matcher';
import { type NotifierConfig } from '@tocsin/notifier/config/notifier-config';
import { DEFAULT_LIMITS } from '@tocsin/notifier/delivery/delivery-limits';
import { type Integration } from '@tocsin/notifier/receivers/integration';
import { IntegrationRegistry } from '@tocsin/notifier/receivers/integration-registry';
import { buildRouteTree, type RouteSpec } from '@tocsin/notifier/routing/route-tree';
import { aNotifierConfig, anIntegration, aRoute } from '@tocsin/notifier/testing/a-config';
import { type RouteSpecification, type Scenario } from './scenario';

/** The configuration of a scenario; the `isNew` one has one more route, which leads nowhere new. */
export function buildConfig({ routes, inhibits }: Scenario, isNew: boolean): NotifierConfig {
  const [root, ...children] = routes.map(routeSpec);
  if (root === undefined) throw new Error('there is no root');
  if (isNew) children.unshift(aRoute({ receiver: 'team', matchers: [equal('team', 'nobody')] }));
  return aNotifierConfig({
    routes: buildRouteTree({ ...root, children }),
    hash: isNew ? 2 : 1,
    inhibitRules: inhibits
      ? [
          {
            name: '',
            source: [equal('severity', 'critical')],
            target: [equal('severity', 'warning')],
            equal: ['team'],
          },
        ]
      : [],
    timeIntervals: new Map(
      routes.flatMap(({ window }, index) =>
        window === null ? [] : [[`window ${index}`, [{ ...ALWAYS, times: [{ begin: window.from, end: window.to }] }]]],
      ),
    ),
  });
}

/** Keys of all integrations. */
export function integrationKeys({ receivers }: Scenario): string[] {
  return Object.entries(receivers).flatMap(([receiver, specs]) =>
    specs.map((_, index) => `${receiver}/webhook/${index}`),
  );
}

/** The integrations of a scenario, each telling through `notify`. */
export function buildIntegrations(
  { receivers }: Scenario,
  notify: (key: string, ...args: Parameters<Integration['notify']>) => ReturnType<Integration['notify']>,
): IntegrationRegistry {
  const integrations = Object.entries(receivers).flatMap(([receiver, specs]) =>
    specs.map(({ sendResolved, onMuted }, index): Integration => {
      const key = `${receiver}/webhook/${index}`;
      return anIntegration({
        receiver,
        index,
        sendResolved,
        onMuted,
        limits: { ...DEFAULT_LIMITS, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS },
        notify: (...args) => notify(key, ...args),
      });
    }),
  );
  return new IntegrationRegistry(integrations);
}

const ATTEMPT_TIMEOUT_MS = 5_000;

const ALWAYS = { times: null, weekdays: null, daysOfMonth: null, months: null, years: null, location: null };

function routeSpec({ team, window, continues, ...route }: RouteSpecification, index: number): RouteSpec {
  const names = window === null ? [] : [`window ${index}`];
  return aRoute({
    ...route,
    continue: continues,
    matchers: team === null ? [] : [equal('team', team)],
    muteTimeIntervals: window?.kind === 'mute' ? names : [],
    activeTimeIntervals: window?.kind === 'active' ? names : [],
  });
}

function equal(name: string, value: string): Matcher {
  const created = createMatcher(name, '=', value);
  if (!created.ok) throw new Error(created.error);
  return created.matcher;
}
