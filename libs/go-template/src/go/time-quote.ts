import { toBytes } from './bytes';

/** Text between double quotes as the messages of Go's package `time` have it: bytes beyond ASCII are `\x…`. */
export function timeQuote(text: string): string {
  if (!/[^ !#-[\]-\x7f]/.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (byte >= 0x80 || byte < 0x20) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += char === '"' || char === '\\' ? `\\${char}` : char;
  }
  return `${quoted}"`;
}
