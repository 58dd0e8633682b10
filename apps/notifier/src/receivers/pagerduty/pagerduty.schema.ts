import { anyMap, file, httpConfigField, secretText, subsections, text, timeoutMs, url } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, or } from '../rules';

/** Added to `details` where they are missing. */
const DEFAULT_DETAILS = {
  firing: '{{ .Alerts.Firing | toJson }}',
  resolved: '{{ .Alerts.Resolved | toJson }}',
  num_firing: '{{ .Alerts.Firing | len }}',
  num_resolved: '{{ .Alerts.Resolved | len }}',
};

/** Source: Alertmanager configuration, `pagerduty_config`. */
export const pagerduty = integrationKind({
  name: 'pagerduty',
  goType: 'pagerduty.PagerdutyConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    /** Events API v1. */
    serviceKey: secretText('service_key'),
    serviceKeyFile: file('service_key_file'),
    /** Events API v2. */
    routingKey: secretText('routing_key'),
    routingKeyFile: file('routing_key_file'),
    url: url('url'),
    client: text('client', '{{ template "pagerduty.default.client" . }}'),
    clientUrl: text('client_url', '{{ template "pagerduty.default.clientURL" . }}'),
    description: text('description', '{{ template "pagerduty.default.description" .}}'),
    details: anyMap('details'),
    images: subsections('images', ['pagerduty.PagerdutyImage', 'pagerduty.PagerdutyImage'], {
      src: text('src'),
      alt: text('alt'),
      href: text('href'),
    }),
    links: subsections('links', ['pagerduty.PagerdutyLink', 'pagerduty.PagerdutyLink'], {
      href: text('href'),
      text: text('text'),
    }),
    source: text('source'),
    severity: text('severity'),
    class: text('class'),
    component: text('component'),
    group: text('group'),
    /** Limit of one attempt, ms; 0 for none of its own. */
    timeoutMs: timeoutMs('timeout'),
  },
  rules: (own) => [
    [
      ![own.routingKey, own.serviceKey, own.routingKeyFile, own.serviceKeyFile].some(isSet),
      'missing service or routing key in PagerDuty config',
    ],
    notBoth(own.routingKey, own.routingKeyFile, 'routing_key & routing_key_file'),
    notBoth(own.serviceKey, own.serviceKeyFile, 'service_key & service_key_file'),
  ],
  inherit: (own, global) => ({
    url: or(own.url, global.pagerduty_url),
    details: { ...DEFAULT_DETAILS, ...own.details },
    source: or(own.source, own.client),
  }),
  required: ({ url }) => [[!isSet(url), 'no global PagerDuty URL set']],
});

/** An entry of `pagerduty_configs` in effect. */
export type PagerdutyConfig = ConfigOf<typeof pagerduty>;
