import { type NotifierConfig } from '../config/notifier-config';
import { DEFAULT_LIMITS } from '../delivery/delivery-limits';
import { type Integration } from '../receivers/integration';
import { fakeTemplates } from '../templates/testing/fake-templates';
import { buildRouteTree, type RouteSpec } from '../routing/route-tree';

/** A route with Alertmanager's defaults that matches everything. */
export function aRoute(overrides: Partial<RouteSpec> = {}): RouteSpec {
  return {
    matchers: [],
    receiver: 'default',
    groupBy: [],
    groupWaitMs: 30_000,
    groupIntervalMs: 300_000,
    repeatIntervalMs: 14_400_000,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    onMuted: 'ignore',
    continue: false,
    labels: {},
    children: [],
    ...overrides,
  };
}

/** A configuration with one route and nothing else. */
export function aNotifierConfig(overrides: Partial<NotifierConfig> = {}): NotifierConfig {
  return {
    resolveTimeoutMs: 300_000,
    routes: buildRouteTree(aRoute()),
    inhibitRules: [],
    timeIntervals: new Map(),
    tracing: null,
    eventRecorder: null,
    lint: [],
    receivers: [],
    templates: { go: fakeTemplates(), handlebars: fakeTemplates() },
    templateLanguage: 'go',
    original: '',
    hash: 1,
    ...overrides,
  };
}

/** An integration `receiver/webhook/0` that accepts everything. */
export function anIntegration(overrides: Partial<Integration> = {}): Integration {
  const { receiver = 'default', kind = 'webhook', index = 0 } = overrides;
  return {
    kind,
    receiver,
    index,
    key: `${receiver}/${kind}/${index}`,
    sendResolved: true,
    onMuted: null,
    limits: DEFAULT_LIMITS,
    notify: async () => ({ kind: 'delivered' }),
    close: async () => {},
    ...overrides,
  };
}
