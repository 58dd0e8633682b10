import { createHash } from 'node:crypto';
import { resolveFile, resolveHttpFiles } from '@tocsin/common/http/http-config';
import { compileEventRecorder } from '../event-recorder/compile-event-recorder';
import { type EventRecorderFields } from '../event-recorder/event-recorder.schema';
import { type InhibitRule } from '../inhibition/inhibit-rule';
import { type InhibitRuleFields } from '../inhibition/inhibit-rule.schema';
import { buildRouteTree, type RouteSpec } from '../routing/route-tree';
import { type RouteFields } from '../routing/route.schema';
import { compileReceiver, resolveReceiverFiles } from '../receivers/compile-receiver';
import { builtInTemplates } from '../templates/built-in-templates';
import { type TemplateLibrary } from '../templates/template-language';
import { allMatchers } from './all-matchers';
import { type LintFinding } from './lint-finding';
import { type NotifierConfig } from './notifier-config';
import { type ConfigFile } from './notifier-config.schema';
import { printConfig } from './print-config';

/** What the notifier runs on, from a file without mistakes and what lint said of it. */
export function compileConfig(
  file: ConfigFile,
  text: string,
  lint: readonly LintFinding[] = [],
  templates: TemplateLibrary = builtInTemplates(),
): NotifierConfig {
  if (file.route === null) throw new TypeError('a checked configuration has a route');
  return Object.freeze({
    resolveTimeoutMs: file.global.resolve_timeout,
    routes: buildRouteTree(inherit(file.route, ROOT_DEFAULTS)),
    receivers: file.receivers.map((receiver) => compileReceiver(receiver, file.global)),
    inhibitRules: file.inhibitRules.map(compileInhibitRule),
    templates,
    templateLanguage: file.global.template_language,
    timeIntervals: new Map(
      [...file.muteTimeIntervals, ...file.timeIntervals].map(({ name, elements }) => [name, elements]),
    ),
    tracing: file.tracing,
    eventRecorder: compileEventRecorder(file.eventRecorder),
    lint,
    original: printConfig(file),
    hash: createHash('md5').update(text).digest().readUIntLE(0, 6),
  });
}

/** The same file with the names of other files as seen from its folder. Source: Alertmanager resolves templates and
 *  what is in an `http_config`, and leaves `url_file` and the like to the working directory. */
export function resolvePaths(file: ConfigFile, folder: string): ConfigFile {
  return {
    ...file,
    global: { ...file.global, http_config: resolveHttpFiles(file.global.http_config, folder) },
    receivers: file.receivers.map((receiver) => resolveReceiverFiles(receiver, folder)),
    templates: file.templates.map((template) => resolveFile(template, folder)),
    eventRecorder: file.eventRecorder && resolveEventFiles(file.eventRecorder, folder),
  };
}

function resolveEventFiles(fields: EventRecorderFields, folder: string): EventRecorderFields {
  return {
    ...fields,
    file_outputs: fields.file_outputs.map(({ path }) => ({ path: resolveFile(path, folder) })),
    webhook_outputs: fields.webhook_outputs.map((webhook) => ({
      ...webhook,
      http_config: webhook.http_config && resolveHttpFiles(webhook.http_config, folder),
    })),
  };
}

type Inherited = Omit<RouteSpec, 'matchers' | 'continue' | 'children' | 'muteTimeIntervals' | 'activeTimeIntervals'>;

/** What the root has when the file does not say. Source: Alertmanager `dispatch.DefaultRouteOpts`. */
export const ROOT_DEFAULTS: Inherited = {
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
    onMuted: route.onMuted ?? parent.onMuted,
    labels: { ...parent.labels, ...route.labels },
  };
  return {
    ...own,
    matchers: allMatchers(route),
    muteTimeIntervals: route.muteTimeIntervals,
    activeTimeIntervals: route.activeTimeIntervals,
    continue: route.continue,
    children: route.children.map((child) => inherit(child, own)),
  };
}

function compileInhibitRule({ name, source, target, equal }: InhibitRuleFields): InhibitRule {
  return Object.freeze({ name, source: allMatchers(source), target: allMatchers(target), equal });
}
