import {
  bool,
  custom,
  type Decoded,
  type Decoder,
  duration,
  object,
  optional,
  orEmpty,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { Secret } from '@tocsin/common/config/secret';
import { secret } from '@tocsin/common/config/secret.schema';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { tlsConfig } from '@tocsin/common/http/tls-config.schema';
import { checkHttpUrl, httpUrl } from '@tocsin/common/http/url.schema';
import { goQuote } from '@tocsin/common/labels/go-quote';

const text = withDefault(string, '');

/** An address that is never shown; the text that stands for one is taken too, so that what is shown loads again. */
const secretUrl: Decoder<Secret> = withDefault(
  custom(string, (value, report) => {
    if (value === '' || value === '<secret>') return new Secret(value);
    const checked = checkHttpUrl(value);
    return checked.ok ? new Secret(value) : report(checked.error);
  }),
  new Secret(''),
);

const hostPort: Decoder<string> = withDefault(
  custom(string, (value, report) => {
    const problem = hostPortProblem(value);
    return problem === null ? value : report(problem);
  }),
  '',
);

/** Source: Go `net.SplitHostPort`, Alertmanager `HostPort`. */
function hostPortProblem(address: string): string | null {
  if (address === '') return null;
  const [, bracketed, plain = '', port] = /^(?:\[([^[\]]*)\]|([^[\]]*?))(?::([^:]*))?$/.exec(address) ?? [];
  if (bracketed === undefined && plain.includes(':')) return `address ${address}: too many colons in address`;
  if (port === undefined) return `address ${address}: missing port in address`;
  return port === '' ? `address ${goQuote(address)}: port cannot be empty` : null;
}

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
  slack_app_url: withDefault(httpUrl, NEWER_DEFAULTS.slack_app_url),
  pagerduty_url: withDefault(httpUrl, 'https://events.pagerduty.com/v2/enqueue'),
  opsgenie_api_url: withDefault(httpUrl, 'https://api.opsgenie.com/'),
  opsgenie_api_key: secret,
  opsgenie_api_key_file: text,
  wechat_api_url: withDefault(httpUrl, 'https://qyapi.weixin.qq.com/cgi-bin/'),
  wechat_api_secret: secret,
  wechat_api_secret_file: text,
  wechat_api_corp_id: text,
  victorops_api_url: withDefault(httpUrl, 'https://alert.victorops.com/integrations/generic/20131114/alert/'),
  victorops_api_key: secret,
  victorops_api_key_file: text,
  telegram_api_url: withDefault(httpUrl, 'https://api.telegram.org'),
  telegram_bot_token: secret,
  telegram_bot_token_file: text,
  webex_api_url: withDefault(httpUrl, 'https://webexapis.com/v1/messages'),
  rocketchat_api_url: withDefault(httpUrl, NEWER_DEFAULTS.rocketchat_api_url),
  rocketchat_token: secret,
  rocketchat_token_file: text,
  rocketchat_token_id: secret,
  rocketchat_token_id_file: text,
  mattermost_webhook_url: secretUrl,
  mattermost_webhook_url_file: text,
  jira_api_url: withDefault(httpUrl, ''),
};

export type GlobalConfig = Decoded<typeof globalConfig>;

/** The `global` section; absent, it is all defaults. Source: Alertmanager configuration. */
export const globalConfig = orEmpty(object(fields, 'config.plain'));
