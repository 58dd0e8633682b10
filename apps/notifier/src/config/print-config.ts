import { stringify } from 'yaml';
import { Secret } from '@tocsin/common/config/secret';
import { type ConfigView, httpConfigView, tlsConfigView } from '@tocsin/common/http/http-config-view';
import { matcherText } from '@tocsin/common/matchers/matcher';
import { formatDuration, formatGoDuration } from '@tocsin/common/time/duration';
import { type ReceiverFields } from '../receivers/receiver.schema';
import { HIDDEN_URL, type WebhookFields } from '../receivers/webhook/webhook.schema';
import { type RouteFields } from '../routing/route.schema';
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
    receivers: file.receivers.map((receiver) => receiverView(receiver, file.global)),
    templates: file.templates,
  };
  return stringify(view, {
    version: '1.1',
    indentSeq: false,
    singleQuote: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function globalView({ resolve_timeout, http_config, smtp_tls_config, ...others }: GlobalConfig): ConfigView {
  const tls = tlsConfigView(smtp_tls_config);
  const newer = new Map(Object.entries(NEWER_DEFAULTS));
  const shown = Object.entries(others).flatMap(([key, value]) => {
    const text = value instanceof Secret ? value.toString() : value;
    return text === undefined || text === '' || newer.get(key) === text ? [] : [[key, text] as const];
  });
  return {
    resolve_timeout: formatDuration(resolve_timeout),
    http_config: httpConfigView(http_config),
    ...Object.fromEntries(shown),
    ...(Object.keys(tls).length > 0 && { smtp_tls_config: tls }),
  };
}

function routeView(route: RouteFields): ConfigView {
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = route;
  return {
    ...(route.receiver !== '' && { receiver: route.receiver }),
    ...(route.groupBy && { group_by: route.groupBy === 'all' ? ['...'] : route.groupBy }),
    ...ifAny('match', route.match),
    ...ifAny('match_re', route.matchRe),
    ...(route.matchers.length > 0 && { matchers: route.matchers.map(matcherText) }),
    continue: route.continue,
    ...(route.children.length > 0 && { routes: route.children.map(routeView) }),
    ...(groupWaitMs !== null && { group_wait: formatDuration(groupWaitMs) }),
    ...(groupIntervalMs !== null && { group_interval: formatDuration(groupIntervalMs) }),
    ...(repeatIntervalMs !== null && { repeat_interval: formatDuration(repeatIntervalMs) }),
    ...ifAny('labels', route.labels),
  };
}

function receiverView({ name, labels, webhooks }: ReceiverFields, global: GlobalConfig): ConfigView {
  return {
    name,
    ...ifAny('labels', labels),
    ...(webhooks.length > 0 && { webhook_configs: webhooks.map((webhook) => webhookView(webhook, global)) }),
  };
}

function webhookView(webhook: WebhookFields, global: GlobalConfig): ConfigView {
  const { sendResolved, httpConfig, urlFile, maxAlerts, timeoutMs } = webhook;
  return {
    send_resolved: sendResolved,
    http_config: httpConfigView(httpConfig ?? global.http_config),
    ...(urlFile === '' ? { url: HIDDEN_URL } : { url_file: urlFile }),
    max_alerts: maxAlerts,
    ...(timeoutMs > 0 && { timeout: formatGoDuration(timeoutMs) }),
  };
}

function ifAny(key: string, map: Readonly<Record<string, string>>): ConfigView {
  return Object.keys(map).length > 0 ? { [key]: map } : {};
}
