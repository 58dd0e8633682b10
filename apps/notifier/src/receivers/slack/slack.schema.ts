import { Secret } from '@tocsin/common/config/secret';
import { HIDDEN } from '../../config/address.schema';
import { NEWER_DEFAULTS } from '../../config/global.schema';
import {
  file,
  flag,
  flagOrUnset,
  httpConfigField,
  secretText,
  secretUrl,
  shownFlag,
  subsection,
  subsections,
  text,
  texts,
  timeoutMs,
  url,
} from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, or } from '../rules';

/** The only address at which messages can be changed. */
const POST_MESSAGE = 'https://slack.com/api/chat.postMessage';

const fields = subsections(
  'fields',
  ['*config.SlackField', 'config.plain'],
  { title: text('title'), value: text('value'), short: flagOrUnset('short') },
  ({ title, value }) => [
    [!isSet(title), 'missing title in Slack field configuration'],
    [!isSet(value), 'missing value in Slack field configuration'],
  ],
);

const confirm = subsection(
  'confirm',
  'config.plain',
  {
    text: text('text'),
    title: text('title'),
    okText: text('ok_text'),
    dismissText: text('dismiss_text'),
  },
  (own) => [[!isSet(own.text), 'missing text in Slack confirmation configuration']],
);

const actions = subsections(
  'actions',
  ['*config.SlackAction', 'config.plain'],
  {
    type: text('type'),
    text: text('text'),
    url: text('url'),
    style: text('style'),
    name: text('name'),
    value: text('value'),
    confirm,
  },
  (own) => [
    [!isSet(own.type), 'missing type in Slack action configuration'],
    [!isSet(own.text), 'missing text in Slack action configuration'],
    [!isSet(own.url) && !isSet(own.name), 'missing name or url in Slack action configuration'],
  ],
);

/** Source: Alertmanager configuration, `slack_config`. */
export const slack = integrationKind({
  name: 'slack',
  goType: 'config.SlackConfig',
  sendResolved: false,
  mayBeNull: true,
  fields: {
    httpConfig: httpConfigField,
    apiUrl: secretUrl('api_url'),
    apiUrlFile: file('api_url_file'),
    appToken: secretText('app_token'),
    appTokenFile: file('app_token_file'),
    appUrl: url('app_url', NEWER_DEFAULTS.slack_app_url),
    channel: text('channel'),
    username: text('username', '{{ template "slack.default.username" . }}'),
    color: text('color', '{{ template "slack.default.color" . }}'),
    title: text('title', '{{ template "slack.default.title" . }}'),
    titleLink: text('title_link', '{{ template "slack.default.titlelink" . }}'),
    pretext: text('pretext', '{{ template "slack.default.pretext" . }}'),
    text: text('text', '{{ template "slack.default.text" . }}'),
    messageText: text('message_text'),
    fields,
    shortFields: shownFlag('short_fields'),
    footer: text('footer', '{{ template "slack.default.footer" . }}'),
    fallback: text('fallback', '{{ template "slack.default.fallback" . }}'),
    callbackId: text('callback_id', '{{ template "slack.default.callbackid" . }}'),
    iconEmoji: text('icon_emoji', '{{ template "slack.default.iconemoji" . }}'),
    iconUrl: text('icon_url', '{{ template "slack.default.iconurl" . }}'),
    imageUrl: text('image_url'),
    thumbUrl: text('thumb_url'),
    linkNames: shownFlag('link_names'),
    mrkdwnIn: texts('mrkdwn_in'),
    actions,
    updateMessage: flag('update_message'),
    /** Limit of one attempt, ms; 0 for none of its own. */
    timeoutMs: timeoutMs('timeout'),
    /** Ours: later notifications of a group are replies to its first. */
    thread: flag('thread'),
  },
  rules: (own) => [
    notBoth(own.apiUrl, own.apiUrlFile, 'api_url & api_url_file'),
    notBoth(own.appToken, own.appTokenFile, 'app_token & app_token_file'),
    [
      (isSet(own.apiUrl) || isSet(own.apiUrlFile)) && (isSet(own.appToken) || isSet(own.appTokenFile)),
      'at most one of api_url/api_url_file & app_token/app_token_file must be configured',
    ],
    [
      // Also where Alertmanager crashes for want of an address; one that was hidden may have been the right one.
      own.updateMessage && ![POST_MESSAGE, HIDDEN].includes(own.apiUrl.reveal()),
      `update_message can only be used with bot tokens. api_url must be set to ${POST_MESSAGE}`,
    ],
    [own.thread && own.updateMessage, 'at most one of thread & update_message must be configured'],
  ],
  inherit(own, global) {
    const appUrl = or(own.appUrl, global.slack_app_url);
    const actions = own.actions.map((action) =>
      isSet(action.url) ? { ...action, name: '', value: '', confirm: null } : action,
    );
    const hasToken = isSet(own.appToken) || isSet(own.appTokenFile);
    const isIndependent = hasToken || own.httpConfig?.authorization != null || isSet(own.apiUrl);
    const appToken = isIndependent ? own.appToken : global.slack_app_token;
    const appTokenFile = isIndependent ? own.appTokenFile : global.slack_app_token_file;
    // Messages go to the address of the app then.
    if (isSet(appToken) || isSet(appTokenFile)) {
      return { actions, appUrl, appToken, appTokenFile, apiUrl: new Secret(''), apiUrlFile: '' };
    }
    const hasAddress = isSet(own.apiUrl) || isSet(own.apiUrlFile);
    return {
      actions,
      appUrl,
      appToken,
      appTokenFile,
      apiUrl: hasAddress ? own.apiUrl : global.slack_api_url,
      apiUrlFile: hasAddress ? own.apiUrlFile : global.slack_api_url_file,
    };
  },
  required(config) {
    const hasToken = isSet(config.appToken) || isSet(config.appTokenFile);
    const hasAddress = isSet(config.apiUrl) || isSet(config.apiUrlFile);
    return [
      [!isSet(config.appUrl), 'no global Slack App URL set'],
      [!hasToken && !hasAddress, 'no Slack API URL nor App token set either inline or in a file'],
      [
        hasToken && config.httpConfig.authorization !== null,
        "http authorization can't be set when using Slack App tokens",
      ],
      [
        config.thread && !hasToken && ![POST_MESSAGE, HIDDEN].includes(config.apiUrl.reveal()),
        `thread needs an app token, or api_url set to ${POST_MESSAGE}: an incoming webhook does not say what it posted`,
      ],
    ];
  },
  finish(config) {
    const { appToken, appTokenFile, appUrl, httpConfig } = config;
    if (!isSet(appToken) && !isSet(appTokenFile)) return config;
    const authorization = { type: 'Bearer', credentials: appToken, credentialsFile: appTokenFile };
    return { ...config, apiUrl: new Secret(appUrl), httpConfig: { ...httpConfig, authorization } };
  },
});

/** An entry of `slack_configs` in effect. */
export type SlackConfig = ConfigOf<typeof slack>;
