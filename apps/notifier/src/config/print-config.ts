import { stringify } from 'yaml';
import { Secret } from '@tocsin/common/config/secret';
import { type TlsConfig } from '@tocsin/common/http/http-config';
import { type ConfigView, httpConfigView, tlsConfigView } from '@tocsin/common/http/http-config-view';
import { compareBytes } from '@tocsin/common/labels/label-set';
import { matcherText } from '@tocsin/common/matchers/matcher';
import { formatDuration } from '@tocsin/common/time/duration';
import { eventRecorderView } from '../event-recorder/event-recorder-view';
import { type InhibitRuleFields } from '../inhibition/inhibit-rule.schema';
import { deliveryField } from '../delivery/delivery-limits.schema';
import { receiverView } from '../receivers/receiver-view';
import { type RouteFields } from '../routing/route.schema';
import { intervalView } from '../time-intervals/interval-view';
import { type NamedInterval } from '../time-intervals/time-interval.schema';
import { tracingView } from '../tracing/tracing-view';
import { type GlobalConfig, NEWER_DEFAULTS } from './global.schema';
import { type ConfigFile } from './notifier-config.schema';

/**
 * The configuration in effect as YAML, with its secrets hidden.
 *
 * Source: Alertmanager, `config.original` of the status API. `amtool` loads it, and old ones refuse fields they do not
 * know: what is newer than Alertmanager 0.25 is shown only where it was set.
 */
export function printConfig(file: ConfigFile): string {
  const view = {
    global: globalView(file.global),
    route: file.route && routeView(file.route),
    ...ifSome('inhibit_rules', file.inhibitRules.map(inhibitRuleView)),
    receivers: file.receivers.map((receiver) => receiverView(receiver, file.global)),
    templates: file.templates,
    ...ifSome('mute_time_intervals', file.muteTimeIntervals.map(namedIntervalView)),
    ...ifSome('time_intervals', file.timeIntervals.map(namedIntervalView)),
    ...(file.tracing && { tracing: tracingView(file.tracing) }),
    ...(file.eventRecorder && { event_recorder: eventRecorderView(file.eventRecorder) }),
  };
  return stringify(view, {
    version: '1.1',
    indentSeq: false,
    singleQuote: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function globalView(global: GlobalConfig): ConfigView {
  const { resolve_timeout, http_config, jira_api_url, delivery, template_language, ...others } = global;
  const newer = new Map(Object.entries(NEWER_DEFAULTS));
  const shown = Object.entries({ jira_api_url, ...others }).flatMap(([key, value]) => {
    const view = settingView(value);
    return view === undefined || view === '' || newer.get(key) === view ? [] : [[key, view] as const];
  });
  const shownDelivery = deliveryField.show(delivery);
  return {
    resolve_timeout: formatDuration(resolve_timeout),
    http_config: httpConfigView(http_config),
    ...Object.fromEntries(shown),
    ...(shownDelivery !== undefined && { delivery: shownDelivery }),
    ...(template_language !== 'go' && { template_language }),
  };
}

function settingView(value: string | boolean | Secret | TlsConfig | undefined): unknown {
  if (value instanceof Secret) return value.toString();
  if (typeof value !== 'object') return value;
  const tls = tlsConfigView(value);
  return Object.keys(tls).length > 0 ? tls : undefined;
}

function routeView(route: RouteFields): ConfigView {
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = route;
  return {
    ...(route.receiver !== '' && { receiver: route.receiver }),
    ...(route.groupBy && { group_by: route.groupBy === 'all' ? ['...'] : route.groupBy }),
    ...ifAny('match', route.match),
    ...ifAny('match_re', route.matchRe),
    ...ifSome('matchers', route.matchers.map(matcherText)),
    ...ifSome('mute_time_intervals', route.muteTimeIntervals),
    ...ifSome('active_time_intervals', route.activeTimeIntervals),
    continue: route.continue,
    ...ifSome('routes', route.children.map(routeView)),
    ...(groupWaitMs !== null && { group_wait: formatDuration(groupWaitMs) }),
    ...(groupIntervalMs !== null && { group_interval: formatDuration(groupIntervalMs) }),
    ...(repeatIntervalMs !== null && { repeat_interval: formatDuration(repeatIntervalMs) }),
    ...ifAny('labels', route.labels),
    ...(route.onMuted && { on_muted: route.onMuted }),
  };
}

function inhibitRuleView({ name, source, target, equal }: InhibitRuleFields): ConfigView {
  return {
    ...(name !== '' && { name }),
    ...ifAny('source_match', source.match),
    ...ifAny('source_match_re', source.matchRe),
    ...ifSome('source_matchers', source.matchers.map(matcherText)),
    ...ifAny('target_match', target.match),
    ...ifAny('target_match_re', target.matchRe),
    ...ifSome('target_matchers', target.matchers.map(matcherText)),
    ...ifSome('equal', equal),
  };
}

function namedIntervalView({ name, elements }: NamedInterval): ConfigView {
  return { name, time_intervals: elements.map(intervalView) };
}

/** With its keys in order, as Go shows them. */
function ifAny(key: string, map: Readonly<Record<string, string>>): ConfigView {
  const entries = Object.entries(map).sort(([a], [b]) => compareBytes(a, b));
  return entries.length > 0 ? { [key]: Object.fromEntries(entries) } : {};
}

function ifSome(key: string, list: readonly unknown[]): ConfigView {
  return list.length > 0 ? { [key]: list } : {};
}
