import { file, flag, flagOrUnset, httpConfigField, secretUrl, subsection, subsections, text } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf } from '../rules';

const fields = subsections(
  'fields',
  ['*mattermost.MattermostField', 'mattermost.plain'],
  { title: text('title'), value: text('value'), short: flagOrUnset('short') },
  ({ title, value }) => [
    [!isSet(title), 'missing title in Mattermost field configuration'],
    [!isSet(value), 'missing value in Mattermost field configuration'],
  ],
);

/** Source: Alertmanager configuration, `mattermost_config`. */
export const mattermost = integrationKind({
  name: 'mattermost',
  goType: 'mattermost.MattermostConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    webhookUrl: secretUrl('webhook_url'),
    webhookUrlFile: file('webhook_url_file'),
    channel: text('channel'),
    username: text('username', '{{ template "mattermost.default.username" . }}'),
    text: text('text', '{{ template "mattermost.default.text" . }}'),
    fallback: text('fallback', '{{ template "mattermost.default.fallback" . }}'),
    color: text('color', '{{ template "mattermost.default.color" . }}'),
    pretext: text('pretext'),
    authorName: text('author_name'),
    authorLink: text('author_link'),
    authorIcon: text('author_icon'),
    title: text('title', '{{ template "mattermost.default.title" . }}'),
    titleLink: text('title_link', '{{ template "mattermost.default.titlelink" . }}'),
    fields,
    thumbUrl: text('thumb_url'),
    footer: text('footer'),
    footerIcon: text('footer_icon'),
    imageUrl: text('image_url'),
    iconUrl: text('icon_url'),
    iconEmoji: text('icon_emoji'),
    attachments: subsections('attachments', ['*mattermost.MattermostAttachment', 'mattermost.MattermostAttachment'], {
      fallback: text('fallback'),
      color: text('color'),
      pretext: text('pretext'),
      text: text('text'),
      authorName: text('author_name'),
      authorLink: text('author_link'),
      authorIcon: text('author_icon'),
      title: text('title'),
      titleLink: text('title_link'),
      fields,
      thumbUrl: text('thumb_url'),
      footer: text('footer'),
      footerIcon: text('footer_icon'),
      imageUrl: text('image_url'),
    }),
    type: text('type'),
    props: subsection('props', 'mattermost.MattermostProps', { card: text('card') }),
    priority: subsection('priority', 'mattermost.MattermostPriority', {
      priority: text('priority'),
      requestedAck: flag('requested_ack'),
      persistentNotifications: flag('persistent_notifications'),
    }),
  },
  rules: ({ webhookUrl, webhookUrlFile }) => [notBoth(webhookUrl, webhookUrlFile, 'webhook_url & webhook_url_file')],
  inherit: ({ webhookUrl, webhookUrlFile }, global) =>
    isSet(webhookUrl) || isSet(webhookUrlFile)
      ? { webhookUrl, webhookUrlFile }
      : { webhookUrl: global.mattermost_webhook_url, webhookUrlFile: global.mattermost_webhook_url_file },
  required: ({ webhookUrl, webhookUrlFile }) => [
    oneOf(webhookUrl, webhookUrlFile, 'missing webhook_url or webhook_url_file on mattermost_config'),
  ],
});

/** An entry of `mattermost_configs` in effect. */
export type MattermostConfig = ConfigOf<typeof mattermost>;
