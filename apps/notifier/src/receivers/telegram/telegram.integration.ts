import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { goJson } from '../go-json';
import { JSON_HEADERS } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { telegramAnswer } from './telegram-answer';
import { chatIdOf, telegramMessage } from './telegram-message';
import { type TelegramConfig } from './telegram.schema';

/** An answer repeats the message. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Sends messages of a Telegram bot. */
export class TelegramSender implements Sender<HttpAttempt> {
  constructor(private readonly config: TelegramConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const token = await settingOf(config.botToken, config.botTokenFile, 'bot_token_file');
    if (!token.ok) return token.outcome;
    const chat = await settingOf(String(config.chatId), config.chatIdFile, 'chat_id_file');
    if (!chat.ok) return chat.outcome;
    const chatId = chatIdOf(chat.text);
    if (chatId === null) return { kind: 'retryable', reason: 'other', message: 'chat_id_file holds no number' };
    const made = attempt.message((rendering) => telegramMessage(config, rendering, chatId));
    if (!made.ok) return rejected(made.error);
    const result = await attempt.request('POST', `${config.apiUrl}/bot${token.text}/sendMessage`, {
      headers: JSON_HEADERS,
      body: goJson(made.message),
      maxBodyBytes: MAX_ANSWER_BYTES,
      secrets: [token.text],
      hidesSuccess: true,
    });
    return telegramAnswer(result, attempt.nowMs());
  }
}
