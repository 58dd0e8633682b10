// `html`, `js` and `urlquery`. Source: Go `text/template`.
import { toBytes } from './go/bytes';

const htmlEscapes: ReadonlyMap<string, string> = new Map([
  ['\0', '\ufffd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/["'&<>\0]/g, (char) => htmlEscapes.get(char) ?? char);
}

const jsEscapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
  ['<', '\\u003C'],
  ['>', '\\u003E'],
  ['&', '\\u0026'],
  ['=', '\\u003D'],
]);

/** Text for a JavaScript string. */
export function escapeJs(text: string): string {
  // What is not printable, and all below a space, is written as its number.
  const special = /[\\'"<>&=]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ~-]/gu;
  return text.replace(special, (char) => jsEscapes.get(char) ?? numbered(char));
}

function numbered(char: string): string {
  const code = /[\ud800-\udfff]/u.test(char) ? 0xfffd : (char.codePointAt(0) ?? 0);
  if (code === 0x7f) return char;
  return code === 0xfffd ? '\ufffd' : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Text for the query of a URL. Source: Go `net/url.QueryEscape`. */
export function escapeQuery(text: string): string {
  if (/^[A-Za-z0-9_.~-]*$/.test(text)) return text;
  let escaped = '';
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(char)) escaped += char;
    else escaped += char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
