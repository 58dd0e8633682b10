import { plainText, type PlainText } from '../../templates/plain-text';
import { type Rendering } from '../../templates/rendering';
import { truncateRunes } from '../truncate';
import { type TelegramConfig } from './telegram.schema';

/** Source: Telegram's limit, as Alertmanager keeps it. */
const MOST = 4096;

/** What the Bot API is sent: all parameters are texts. `refused` says why a message with markup is not to be sent again;
 *  null: it may be sent. Source: Alertmanager, `telegram`. */
export function telegramMessage(
  config: TelegramConfig,
  rendering: Rendering,
  chatId: string,
  refused: string | null = null,
): Map<string, string> {
  const { text, parseMode } = textOf(config, rendering, refused);
  const parameters = {
    chat_id: chatId,
    text,
    disable_web_page_preview: 'true',
    disable_notification: config.disableNotifications ? 'true' : '',
    parse_mode: parseMode,
    message_thread_id: config.messageThreadId === 0 ? '' : String(config.messageThreadId),
  };
  return new Map(Object.entries(parameters).filter(([name, value]) => name === 'text' || value !== ''));
}

/** Markup that is cut is refused, and so may be a plain message that is read as markup. */
function textOf(
  { message, parseMode }: TelegramConfig,
  rendering: Rendering,
  refused: string | null,
): { text: string; parseMode: string } {
  const { facts, plain } = rendering;
  if (plain !== null) return unmarked(plain);
  if (refused !== null) return unmarked(plainText(facts, refused));
  const text = parseMode === 'HTML' ? rendering.html(message) : rendering.text(message);
  const cut = truncateRunes(text, MOST);
  if (cut === text || parseMode === '') return { text: cut, parseMode };
  return unmarked(plainText(facts, 'it is longer than Telegram takes'));
}

function unmarked({ subject, body }: PlainText): { text: string; parseMode: string } {
  return { text: truncateRunes(`${subject}\n\n${body}`, MOST), parseMode: '' };
}

/** The number of a chat in a file, null when it is none. */
export function chatIdOf(text: string): string | null {
  return /^[+-]?\d{1,19}$/.test(text) ? String(BigInt(text.replace('+', ''))) : null;
}
