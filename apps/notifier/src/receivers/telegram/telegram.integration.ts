import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { goJson } from '../go-json';
import { JSON_HEADERS } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { refusedMarkup, telegramAnswer } from './telegram-answer';
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
    const post = (refused: string | null): Promise<Posted> => this.post(attempt, token.text, chatId, refused);
    const { outcome, refused } = await post(null);
    if (refused === null) return outcome;
    // It would be refused each time: whoever is to be paged hears of the alerts without the markup.
    const again = await post(refused);
    return again.outcome.kind === 'delivered' ? { ...again.outcome, degraded: refused } : again.outcome;
  }

  private async post(attempt: HttpAttempt, token: string, chatId: string, refused: string | null): Promise<Posted> {
    const { config } = this;
    const made = attempt.message((rendering) => telegramMessage(config, rendering, chatId, refused));
    if (!made.ok) return { outcome: rejected(made.error), refused: null };
    const result = await attempt.request('POST', `${config.apiUrl}/bot${token}/sendMessage`, {
      headers: JSON_HEADERS,
      body: goJson(made.message),
      maxBodyBytes: MAX_ANSWER_BYTES,
      secrets: [token],
      hidesSuccess: true,
    });
    const hasMarkup = made.message.has('parse_mode');
    return { outcome: telegramAnswer(result, attempt.nowMs()), refused: hasMarkup ? refusedMarkup(result) : null };
  }
}

interface Posted {
  readonly outcome: DeliveryOutcome;
  /** How Telegram refused the markup; null: it did not. */
  readonly refused: string | null;
}
