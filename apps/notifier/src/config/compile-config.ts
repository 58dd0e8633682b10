import { createHash } from 'node:crypto';
import { type HttpConfig, resolveFile, resolveHttpFiles } from '@tocsin/common/http/http-config';
import { compareMatchers, createMatcher, type Matcher, type MatchOp } from '@tocsin/common/matchers/matcher';
import { buildRouteTree, type RouteSpec } from '../routing/route-tree';
import { type RouteFields } from '../routing/route.schema';
import { type ReceiverFields } from '../receivers/receiver.schema';
import { type NotifierConfig, type Receiver } from './notifier-config';
import { type ConfigFile } from './notifier-config.schema';
import { printConfig } from './print-config';

/** What the notifier runs on, from a file without mistakes. */
export function compileConfig(file: ConfigFile, text: string): NotifierConfig {
  if (file.route === null) throw new TypeError('a checked configuration has a route');
  return Object.freeze({
    resolveTimeoutMs: file.global.resolve_timeout,
    routes: buildRouteTree(inherit(file.route, ROOT_DEFAULTS)),
    receivers: file.receivers.map((receiver) => compileReceiver(receiver, file.global.http_config)),
    inhibitRules: [],
    timeIntervals: new Map(),
    original: printConfig(file),
    hash: createHash('md5').update(text).digest().readUIntLE(0, 6),
  });
}

/** The same file with the names of other files as seen from its folder. Source: Alertmanager resolves templates and
 *  what is in an `http_config`, and leaves `url_file` and the like to the working directory. */
export function resolvePaths(file: ConfigFile, folder: string): ConfigFile {
  const receivers = file.receivers.map((receiver) => ({
    ...receiver,
    webhooks: receiver.webhooks.map((webhook) => ({
      ...webhook,
      httpConfig: webhook.httpConfig && resolveHttpFiles(webhook.httpConfig, folder),
    })),
  }));
  return {
    ...file,
    global: { ...file.global, http_config: resolveHttpFiles(file.global.http_config, folder) },
    receivers,
    templates: file.templates.map((template) => resolveFile(template, folder)),
  };
}

type Inherited = Omit<
  RouteSpec,
  'matchers' | 'continue' | 'children' | 'muteTimeIntervals' | 'activeTimeIntervals'
>;

/** Source: Alertmanager `dispatch.DefaultRouteOpts`. */
const ROOT_DEFAULTS: Inherited = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 5 * 60_000,
  repeatIntervalMs: 4 * 3_600_000,
  onMuted: 'ignore',
  labels: {},
};

function inherit(route: RouteFields, parent: Inherited): RouteSpec {
  const own: Inherited = {
    receiver: route.receiver === '' ? parent.receiver : route.receiver,
    groupBy: route.groupBy ?? parent.groupBy,
    groupWaitMs: route.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs ?? parent.repeatIntervalMs,
    onMuted: parent.onMuted,
    labels: { ...parent.labels, ...route.labels },
  };
  return {
    ...own,
    matchers: allMatchers(route),
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    continue: route.continue,
    children: route.children.map((child) => inherit(child, own)),
  };
}

function allMatchers(route: RouteFields): readonly Matcher[] {
  const equal = Object.entries(route.match).map(([name, value]) => matcher(name, '=', value));
  const like = Object.entries(route.matchRe).map(([name, pattern]) => {
    // Alertmanager anchors these before they become matchers; group keys show it.
    return { ...matcher(name, '=~', pattern), value: `^(?:${pattern})$` };
  });
  return Object.freeze([...equal, ...like, ...route.matchers].sort(compareMatchers));
}

function matcher(name: string, op: MatchOp, value: string): Matcher {
  const created = createMatcher(name, op, value);
  if (!created.ok) throw new TypeError(`a checked configuration has valid regexes: ${created.error}`);
  return created.matcher;
}

function compileReceiver({ name, labels, webhooks }: ReceiverFields, globalHttp: HttpConfig): Receiver {
  return Object.freeze({
    name,
    labels: { ...labels, name },
    webhooks: webhooks.map((webhook) => ({ ...webhook, httpConfig: webhook.httpConfig ?? globalHttp })),
  });
}
