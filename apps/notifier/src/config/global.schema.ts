import {
  bool,
  type Decoded,
  duration,
  object,
  optional,
  orEmpty,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { secret } from '@tocsin/common/config/secret.schema';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { tlsConfig } from '@tocsin/common/http/tls-config.schema';
import { deliveryField } from '../delivery/delivery-limits.schema';
import { templateLanguage } from '../templates/template-language.schema';
import { hostPort, secretUrl, urlOr } from './address.schema';

const text = withDefault(string, '');

/** Defaults of fields that came after Alertmanager 0.25. */
export const NEWER_DEFAULTS = {
  slack_app_url: 'https://slack.com/api/chat.postMessage',
  rocketchat_api_url: 'https://open.rocket.chat/',
};

/** In the order in which they are shown. */
const fields = {
  resolve_timeout: withDefault(duration, 5 * 60_000),
  http_config: orEmpty(httpConfig),
  smtp_from: text,
  smtp_hello: withDefault(string, 'localhost'),
  smtp_smarthost: hostPort,
  smtp_auth_username: text,
  smtp_auth_password: secret,
  smtp_auth_password_file: text,
  smtp_auth_secret: secret,
  smtp_auth_secret_file: text,
  smtp_auth_identity: text,
  smtp_require_tls: withDefault(bool, true),
  smtp_tls_config: tlsConfig,
  smtp_force_implicit_tls: optional(bool),
  slack_api_url: secretUrl,
  slack_api_url_file: text,
  slack_app_token: secret,
  slack_app_token_file: text,
  slack_app_url: urlOr(NEWER_DEFAULTS.slack_app_url),
  pagerduty_url: urlOr('https://events.pagerduty.com/v2/enqueue'),
  opsgenie_api_url: urlOr('https://api.opsgenie.com/'),
  opsgenie_api_key: secret,
  opsgenie_api_key_file: text,
  wechat_api_url: urlOr('https://qyapi.weixin.qq.com/cgi-bin/'),
  wechat_api_secret: secret,
  wechat_api_secret_file: text,
  wechat_api_corp_id: text,
  victorops_api_url: urlOr('https://alert.victorops.com/integrations/generic/20131114/alert/'),
  victorops_api_key: secret,
  victorops_api_key_file: text,
  telegram_api_url: urlOr('https://api.telegram.org'),
  telegram_bot_token: secret,
  telegram_bot_token_file: text,
  webex_api_url: urlOr('https://webexapis.com/v1/messages'),
  rocketchat_api_url: urlOr(NEWER_DEFAULTS.rocketchat_api_url),
  rocketchat_token: secret,
  rocketchat_token_file: text,
  rocketchat_token_id: secret,
  rocketchat_token_id_file: text,
  mattermost_webhook_url: secretUrl,
  mattermost_webhook_url_file: text,
  jira_api_url: urlOr(''),
  /** Ours. */
  delivery: deliveryField.decoder,
  /** Ours. */
  template_language: withDefault(templateLanguage, 'go' as const),
};

export type GlobalConfig = Decoded<typeof globalConfig>;

/** The `global` section; absent, it is all defaults. Source: Alertmanager configuration. */
export const globalConfig = orEmpty(object(fields, 'config.plain'));
