/** Text for HTML outside of tags and within quoted attributes. Source: Go `template.HTMLEscapeString`. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => htmlEscapes.get(char) ?? char);
}

/** Text for within a JavaScript string. Source: Go `template.JSEscapeString`. */
export function escapeJs(text: string): string {
  return text.replace(jsSpecial, (char) => jsEscapes.get(char) ?? unicodeEscape(char));
}

const htmlEscapes: ReadonlyMap<string, string> = new Map([
  ['\0', '\ufffd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

/** Of what is not ASCII only what cannot be printed; surrogates, which are bytes that are no UTF-8, are kept. */
const jsSpecial = /[\0-\x1f"'&<=>\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Cs}\0-\x7f]/gu;

const jsEscapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
]);

function unicodeEscape(char: string): string {
  return `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
