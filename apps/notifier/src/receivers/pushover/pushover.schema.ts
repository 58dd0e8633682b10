import { file, flag, goDurationMs, httpConfigField, secretText, text } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { notBoth, oneOf } from '../rules';

/** Source: Alertmanager configuration, `pushover_config`. */
export const pushover = integrationKind({
  name: 'pushover',
  goType: 'pushover.PushoverConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    userKey: secretText('user_key'),
    userKeyFile: file('user_key_file'),
    token: secretText('token'),
    tokenFile: file('token_file'),
    title: text('title', '{{ template "pushover.default.title" . }}'),
    message: text('message', '{{ template "pushover.default.message" . }}'),
    url: text('url', '{{ template "pushover.default.url" . }}'),
    urlTitle: text('url_title'),
    device: text('device'),
    sound: text('sound'),
    priority: text('priority', '{{ if eq .Status "firing" }}2{{ else }}0{{ end }}'),
    retryMs: goDurationMs('retry', 60_000),
    expireMs: goDurationMs('expire', 3_600_000),
    /** 0: not given. */
    ttlMs: goDurationMs('ttl', 0),
    html: flag('html'),
    monospace: flag('monospace'),
  },
  rules: (own) => [
    oneOf(own.userKey, own.userKeyFile, 'one of user_key or user_key_file must be configured'),
    notBoth(own.userKey, own.userKeyFile, 'user_key & user_key_file'),
    oneOf(own.token, own.tokenFile, 'one of token or token_file must be configured'),
    notBoth(own.token, own.tokenFile, 'token & token_file'),
    [own.html && own.monospace, 'at most one of monospace & html must be configured'],
  ],
});

/** An entry of `pushover_configs` in effect. */
export type PushoverConfig = ConfigOf<typeof pushover>;
