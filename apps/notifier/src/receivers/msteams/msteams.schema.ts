import { file, httpConfigField, secretUrl, text } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { notBoth, oneOf } from '../rules';

/** Source: Alertmanager configuration, `msteams_config`. */
export const msteams = integrationKind({
  name: 'msteams',
  goType: 'msteams.MSTeamsConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    webhookUrl: secretUrl('webhook_url'),
    webhookUrlFile: file('webhook_url_file'),
    title: text('title', '{{ template "msteams.default.title" . }}'),
    summary: text('summary', '{{ template "msteams.default.summary" . }}'),
    text: text('text', '{{ template "msteams.default.text" . }}'),
  },
  rules: ({ webhookUrl, webhookUrlFile }) => [
    oneOf(webhookUrl, webhookUrlFile, 'one of webhook_url or webhook_url_file must be configured'),
    notBoth(webhookUrl, webhookUrlFile, 'webhook_url & webhook_url_file'),
  ],
});

/** An entry of `msteams_configs` in effect. */
export type MsteamsConfig = ConfigOf<typeof msteams>;
