import { goJson } from './go-json';

/** The text with at most `limit` code points; what is cut ends with `…`. Source: Alertmanager, `notify.TruncateInRunes`. */
export function truncateRunes(text: string, limit: number): string {
  // No text has more code points than code units.
  if (text.length <= limit) return text;
  const runes = [...text];
  if (runes.length <= limit) return text;
  return limit <= 3 ? runes.slice(0, limit).join('') : `${runes.slice(0, limit - 1).join('')}…`;
}

/** The text with at most `limit` bytes of UTF-8, cut between code points. Source: Alertmanager, `notify.TruncateInBytes`. */
export function truncateBytes(text: string, limit: number): string {
  return truncateBy(Buffer.byteLength, text, limit);
}

/** The text with at most `limit` bytes as part of a text in JSON, where some characters take six. */
export function truncateJson(text: string, limit: number): string {
  return truncateBy((part) => Buffer.byteLength(goJson(part)) - '""\n'.length, text, limit);
}

function truncateBy(sizeOf: (text: string) => number, text: string, limit: number): string {
  if (sizeOf(text) <= limit) return text;
  const room = limit <= 3 ? limit : limit - 3;
  let size = 0;
  let end = 0;
  for (const rune of text) {
    size += sizeOf(rune);
    if (size > room) break;
    end += rune.length;
  }
  return limit <= 3 ? text.slice(0, end) : `${text.slice(0, end)}…`;
}
