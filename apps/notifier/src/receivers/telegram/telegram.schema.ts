import { int, int64 } from '@tocsin/common/config/decode';
import { file, flag, httpConfigField, secretText, text, url, wholeNumber } from '../field.schema';
import { type ConfigOf, integrationKind } from '../integration-kind.schema';
import { isSet, notBoth, oneOf, or } from '../rules';

/** Source: Alertmanager configuration, `telegram_config`. */
export const telegram = integrationKind({
  name: 'telegram',
  goType: 'telegram.TelegramConfig',
  sendResolved: true,
  fields: {
    httpConfig: httpConfigField,
    apiUrl: url('api_url'),
    botToken: secretText('bot_token'),
    botTokenFile: file('bot_token_file'),
    /** 0: it is in `chatIdFile`. */
    chatId: wholeNumber('chat_id', int64),
    chatIdFile: file('chat_id_file'),
    /** 0 for none. */
    messageThreadId: wholeNumber('message_thread_id', int),
    message: text('message', '{{ template "telegram.default.message" . }}'),
    disableNotifications: flag('disable_notifications'),
    parseMode: text('parse_mode', 'HTML'),
  },
  rules: (own) => [
    notBoth(own.botToken, own.botTokenFile, 'bot_token & bot_token_file'),
    [own.chatId === 0 && !isSet(own.chatIdFile), 'missing chat_id or chat_id_file on telegram_config'],
    [own.chatId !== 0 && isSet(own.chatIdFile), 'at most one of chat_id & chat_id_file must be configured'],
    [
      !['', 'Markdown', 'MarkdownV2', 'HTML'].includes(own.parseMode),
      'unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string',
    ],
  ],
  inherit: (own, global) => ({
    apiUrl: or(own.apiUrl, global.telegram_api_url),
    ...(isSet(own.botToken) || isSet(own.botTokenFile)
      ? { botToken: own.botToken, botTokenFile: own.botTokenFile }
      : { botToken: global.telegram_bot_token, botTokenFile: global.telegram_bot_token_file }),
  }),
  required: ({ botToken, botTokenFile }) => [
    oneOf(botToken, botTokenFile, 'missing bot_token or bot_token_file on telegram_config'),
  ],
});

/** An entry of `telegram_configs` in effect. */
export type TelegramConfig = ConfigOf<typeof telegram>;
