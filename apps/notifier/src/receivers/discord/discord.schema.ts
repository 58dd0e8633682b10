import { file, httpConfigField, secretUrl, text } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { notBoth, oneOf } from '../rules';

/** Source: Alertmanager configuration, `discord_config`. */
export const discord = integrationKind({
  name: 'discord',
  goType: 'discord.DiscordConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    webhookUrl: secretUrl('webhook_url'),
    webhookUrlFile: file('webhook_url_file'),
    content: text('content'),
    title: text('title', '{{ template "discord.default.title" . }}'),
    message: text('message', '{{ template "discord.default.message" . }}'),
    username: text('username'),
    /** Not a template. */
    avatarUrl: text('avatar_url'),
  },
  rules: ({ webhookUrl, webhookUrlFile }) => [
    oneOf(webhookUrl, webhookUrlFile, 'one of webhook_url or webhook_url_file must be configured'),
    notBoth(webhookUrl, webhookUrlFile, 'webhook_url & webhook_url_file'),
  ],
});

/** An entry of `discord_configs` in effect. */
export type DiscordConfig = ConfigOf<typeof discord>;
