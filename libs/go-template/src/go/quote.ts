import { byteOf, fromBytes, replaceInvalid, toBytes } from './bytes';

/** Text between double quotes with Go's escapes. Source: Go `strconv.Quote`; what is printable follows the Unicode
 *  version of the running Node. */
export function quote(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  return quoteWith(text, '"', printable);
}

/** The same with everything beyond ASCII escaped. Source: Go `strconv.QuoteToASCII`. */
export function quoteToAscii(text: string): string {
  return quoteWith(text, '"', printableAscii);
}

/** A code point between single quotes; U+FFFD for what is none. Source: Go `strconv.QuoteRune`. */
export function quoteRune(code: number): string {
  return `'${escapeChar(charOf(code), "'", printable)}'`;
}

/** The same with everything beyond ASCII escaped. Source: Go `strconv.QuoteRuneToASCII`. */
export function quoteRuneToAscii(code: number): string {
  return `'${escapeChar(charOf(code), "'", printableAscii)}'`;
}

/** Whether a text can stand between backquotes as it is. Source: Go `strconv.CanBackquote`. */
export function canBackquote(text: string): boolean {
  return !/[\0-\x08\n-\x1f`\x7f\ufeff\ud800-\udfff]/u.test(text);
}

/** Reads a Go literal between double, back or single quotes; null where it is none. Source: Go `strconv.Unquote`. */
export function unquote(quoted: string): string | null {
  const mark = quoted.charAt(0);
  const body = quoted.slice(1, -1);
  if (quoted.length < 2 || !quoted.endsWith(mark)) return null;
  if (mark === '`') return body.includes('`') ? null : body.replaceAll('\r', '');
  if (mark === "'") {
    // Nothing at all passes as well, as in Go.
    const read = readChars(body, singleToken, "'");
    if (read?.length === 0) return '';
    return read?.length === 1 ? fromBytes(read[0]?.bytes ?? noBytes) : null;
  }
  if (mark !== '"') return null;
  if (!/["\\\n]/.test(body)) return replaceInvalid(body);
  const read = readChars(body, doubleToken, '"');
  return read === null ? null : fromBytes(Buffer.concat(read.map(({ bytes }) => bytes)));
}

/** The code point of a Go literal between single quotes; null where it is none. Source: Go `strconv.UnquoteChar`. */
export function unquoteRune(quoted: string): number | null {
  if (quoted.length < 3 || !quoted.startsWith("'") || !quoted.endsWith("'")) return null;
  const read = readChars(quoted.slice(1, -1), singleToken, "'");
  return read?.length === 1 ? (read[0]?.code ?? null) : null;
}

const needsEscape = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const printableAscii = /[ -~]/;

function charOf(code: number): string {
  return code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
}

function quoteWith(text: string, mark: string, plain: RegExp): string {
  let quoted = mark;
  for (const char of text) quoted += escapeChar(char, mark, plain);
  return quoted + mark;
}

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

function escapeChar(char: string, mark: string, plain: RegExp): string {
  if (char === mark || char === '\\') return `\\${char}`;
  if (plain.test(char)) return char;
  const short = shortEscapes.get(char);
  if (short !== undefined) return short;
  const byte = byteOf(char);
  if (byte !== null) return `\\x${hex(byte, 2)}`;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  // A lone surrogate that stands for no byte is what UTF-8 writes as the replacement character.
  if (code >= 0xd800 && code < 0xe000) return plain.test('\ufffd') ? '\ufffd' : '\\ufffd';
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

interface CharRead {
  readonly code: number;
  /** Of the character, or the one byte of `\x` and octal escapes. */
  readonly bytes: Uint8Array;
}

const noBytes = new Uint8Array(0);
const escapes = String.raw`\\(?:[0-3][0-7]{2}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[abfnrtv\\MARK])`;
const doubleToken = new RegExp(String.raw`[^"\\\n]|${escapes.replace('MARK', '"')}`, 'uy');
const singleToken = new RegExp(String.raw`[^'\\\n]|${escapes.replace('MARK', "'")}`, 'uy');
const escapedChars = new Map([...shortEscapes].map(([char, escape]) => [escape, char]));

function readChars(body: string, token: RegExp, mark: string): CharRead[] | null {
  const read: CharRead[] = [];
  for (let at = 0; at < body.length;) {
    token.lastIndex = at;
    const part = token.exec(body)?.[0];
    const char = part === undefined ? null : readChar(part, mark);
    if (part === undefined || char === null) return null;
    read.push(char);
    at += part.length;
  }
  return read;
}

function readChar(part: string, mark: string): CharRead | null {
  if (!part.startsWith('\\')) return charRead(part);
  const kind = part.charAt(1);
  if (kind === mark || kind === '\\') return charRead(kind);
  const short = escapedChars.get(part);
  if (short !== undefined) return charRead(short);
  const isHex = kind === 'x' || kind === 'u' || kind === 'U';
  const code = isHex ? Number.parseInt(part.slice(2), 16) : Number.parseInt(part.slice(1), 8);
  if (kind !== 'u' && kind !== 'U') return { code, bytes: Uint8Array.of(code) };
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return null;
  return charRead(String.fromCodePoint(code));
}

function charRead(char: string): CharRead {
  const valid = replaceInvalid(char);
  return { code: valid.codePointAt(0) ?? 0, bytes: toBytes(valid) };
}
