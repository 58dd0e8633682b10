import { goQuote } from '@tocsin/common/labels/go-quote';
import { file, httpConfigField, secretText, text, url } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf, or } from '../rules';
import { withTrailingSlash } from '../trailing-slash';

/** Source: Alertmanager configuration, `wechat_config`. */
export const wechat = integrationKind({
  name: 'wechat',
  goType: 'config.WechatConfig',
  sendResolved: false,
  mayBeNull: true,
  fields: {
    httpConfig: httpConfigField,
    apiSecret: secretText('api_secret'),
    apiSecretFile: file('api_secret_file'),
    corpId: text('corp_id'),
    message: text('message', '{{ template "wechat.default.message" . }}'),
    apiUrl: url('api_url'),
    toUser: text('to_user', '{{ template "wechat.default.to_user" . }}'),
    toParty: text('to_party', '{{ template "wechat.default.to_party" . }}'),
    toTag: text('to_tag', '{{ template "wechat.default.to_tag" . }}'),
    agentId: text('agent_id', '{{ template "wechat.default.agent_id" . }}'),
    messageType: text('message_type'),
  },
  rules: (own) => [
    [
      !['', 'text', 'markdown'].includes(own.messageType),
      `weChat message type ${goQuote(own.messageType)} does not match valid options ^(text|markdown)$`,
    ],
    notBoth(own.apiSecret, own.apiSecretFile, 'api_secret & api_secret_file'),
  ],
  inherit: (own, global) => ({
    apiUrl: withTrailingSlash(or(own.apiUrl, global.wechat_api_url)),
    ...(isSet(own.apiSecret) || isSet(own.apiSecretFile)
      ? { apiSecret: own.apiSecret, apiSecretFile: own.apiSecretFile }
      : { apiSecret: global.wechat_api_secret, apiSecretFile: global.wechat_api_secret_file }),
    corpId: or(own.corpId, global.wechat_api_corp_id),
    messageType: or(own.messageType, 'text'),
  }),
  required: ({ apiUrl, apiSecret, apiSecretFile, corpId }) => [
    [!isSet(apiUrl), 'no global Wechat URL set'],
    oneOf(apiSecret, apiSecretFile, 'no global Wechat Api Secret set either inline or in a file'),
    [!isSet(corpId), 'no global Wechat CorpID set'],
  ],
});

/** An entry of `wechat_configs` in effect. */
export type WechatConfig = ConfigOf<typeof wechat>;
