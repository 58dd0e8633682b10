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
  if (Buffer.byteLength(text) <= limit) return text;
  const room = limit <= 3 ? limit : limit - 3;
  let bytes = 0;
  let end = 0;
  for (const rune of text) {
    bytes += Buffer.byteLength(rune);
    if (bytes > room) break;
    end += rune.length;
  }
  return limit <= 3 ? text.slice(0, end) : `${text.slice(0, end)}…`;
}
