import { type HttpConfig } from '@tocsin/common/http/http-config';
import { file, httpConfigField, secretUrl, text } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf } from '../rules';

/** Source: Alertmanager configuration, `msteamsv2_config`. */
export const msteamsv2 = integrationKind({
  name: 'msteamsv2',
  goType: 'msteamsv2.MSTeamsV2Config',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    webhookUrl: secretUrl('webhook_url'),
    webhookUrlFile: file('webhook_url_file'),
    title: text('title', '{{ template "msteamsv2.default.title" . }}'),
    text: text('text', '{{ template "msteamsv2.default.text" . }}'),
  },
  rules: ({ webhookUrl, webhookUrlFile }) => [
    oneOf(webhookUrl, webhookUrlFile, 'one of webhook_url or webhook_url_file must be configured'),
    notBoth(webhookUrl, webhookUrlFile, 'webhook_url & webhook_url_file'),
  ],
  inherit: ({ httpConfig }, global) => ({ httpConfig: withProxyOf(global.http_config, httpConfig) }),
});

/** An entry of `msteamsv2_configs` in effect. */
export type Msteamsv2Config = ConfigOf<typeof msteamsv2>;

/** The only kind whose own `http_config` takes something from the global one: its proxy address. */
function withProxyOf(global: HttpConfig, own: HttpConfig | null): HttpConfig {
  if (own === null) return global;
  // Beside `proxy_from_environment` an address would have no effect, and not load again when shown.
  if (isSet(own.proxy.url) || own.proxy.fromEnvironment) return own;
  return { ...own, proxy: { ...own.proxy, url: global.proxy.url } };
}
