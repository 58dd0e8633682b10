/** Text between double quotes with Go's escapes. Source: Go `strconv.Quote`; what is printable follows the Unicode
 *  version of the running Node. */
export function goQuote(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const char of text) quoted += escapeChar(char);
  return `${quoted}"`;
}

export type Unquoted = { ok: true; text: string } | { ok: false; error: string };

/** Reads a double-quoted Go string. Source: Go `strconv.Unquote`; bytes that are not UTF-8 are an error here, since
 *  our strings cannot hold them. */
export function goUnquote(quoted: string): Unquoted {
  if (quoted.length < 2 || !quoted.startsWith('"') || !quoted.endsWith('"')) return invalidSyntax;
  const body = quoted.slice(1, -1);
  if (!/["\\\n]/.test(body)) return { ok: true, text: body };
  const parts = body.match(token);
  if (parts === null || parts.reduce((length, part) => length + part.length, 0) !== body.length) return invalidSyntax;
  const bytes: Uint8Array[] = [];
  for (const part of parts) {
    const decoded = part.startsWith('\\') ? decodeEscape(part) : encoder.encode(part);
    if (decoded === null) return invalidSyntax;
    bytes.push(decoded);
  }
  try {
    return { ok: true, text: utf8.decode(Buffer.concat(bytes)) };
  } catch {
    return { ok: false, error: 'invalid UTF-8' };
  }
}

const invalidSyntax: Unquoted = { ok: false, error: 'invalid syntax' };
const encoder = new TextEncoder();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Anything but printable characters, and the two that are always escaped. */
const needsEscape = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const token = /[^"\\\n]+|\\(?:[abfnrtv\\"]|[0-3][0-7]{2}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g;

const shortEscapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

const escapedChars = new Map(Object.entries(shortEscapes).map(([char, escape]) => [escape, char]));

function escapeChar(char: string): string {
  const short = shortEscapes[char];
  if (short !== undefined) return short;
  if (printable.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  // A lone surrogate is what UTF-8 writes as the replacement character.
  if (code >= 0xd800 && code < 0xe000) return '\ufffd';
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** The UTF-8 bytes of one escape: `\x` and octal give one byte, the rest one character. */
function decodeEscape(escape: string): Uint8Array | null {
  const char = escapedChars.get(escape);
  if (char !== undefined) return encoder.encode(char);
  const kind = escape.charAt(1);
  if (kind === 'x') return Uint8Array.of(Number.parseInt(escape.slice(2), 16));
  if (kind !== 'u' && kind !== 'U') return Uint8Array.of(Number.parseInt(escape.slice(1), 8));
  const code = Number.parseInt(escape.slice(2), 16);
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
  return encoder.encode(String.fromCodePoint(code));
}
