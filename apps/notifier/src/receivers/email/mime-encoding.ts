/** Longest line of a quoted-printable text, without what ends it. */
const MAX_LINE = 76;
/** Longest encoded word, and room in it for content. Source: RFC 2047. */
const MAX_WORD_CONTENT = 75 - '=?utf-8?q?'.length - '?='.length;
/** Longer lines than 998 are refused by some. Source: RFC 5322. */
const MAX_HEADER = 900;

/** A text as quoted-printable UTF-8, lines ended by CRLF. Source: RFC 2045, as Go's `quotedprintable` writes it. */
export function quotedPrintable(text: string): string {
  const lines = text.toWellFormed().split(/\r\n|\r|\n/);
  return lines.map(quotedLine).join('\r\n');
}

function quotedLine(line: string): string {
  if (/^(?:[!-<>-~]|[ \t](?!$))*$/.test(line) && line.length < MAX_LINE) return line;
  const broken: string[] = [];
  let current = '';
  for (const byte of Buffer.from(line)) {
    const isPlain = (byte >= 0x20 && byte <= 0x7e && byte !== 0x3d) || byte === 0x09;
    const piece = isPlain ? String.fromCharCode(byte) : hex(byte);
    if (current.length + piece.length >= MAX_LINE) {
      broken.push(`${current}=`);
      current = '';
    }
    current += piece;
  }
  const end = current.at(-1);
  if (end === ' ' || end === '\t') {
    const kept = current.slice(0, -1);
    const escaped = hex(end.charCodeAt(0));
    current = kept.length + escaped.length >= MAX_LINE ? `${kept}=\r\n${escaped}` : kept + escaped;
  }
  broken.push(current);
  return broken.join('\r\n');
}

/** The value of a header: as it is when it is plain ASCII, else in encoded words, so that it cannot begin a line of its
 *  own. Source: RFC 2047, as Go's `mime.QEncoding` writes it; long ones are encoded too, since encoded words can be broken
 *  into lines. */
export function encodeHeader(value: string): string {
  return isPlain(value) ? value : encodedWords(value, /[!-<>@-^`-~]/);
}

/** The name before an address in a header. */
export function encodePhrase(name: string): string {
  // Encoded by whoever configured it.
  if (/^=\?[!-~]+\?=$/.test(name)) return name;
  return isPlain(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : encodedWords(name, /[A-Za-z0-9!*+\-/]/);
}

/** Whether a header may hold it as it is. */
export function isPlain(value: string): boolean {
  return value.length <= MAX_HEADER && /^[\t -~]*$/.test(value);
}

function encodedWords(value: string, literal: RegExp): string {
  const words: string[] = [];
  let current = '';
  for (const char of value.toWellFormed()) {
    const piece = char === ' ' ? '_' : literal.test(char) ? char : [...Buffer.from(char)].map(hex).join('');
    if (current.length + piece.length > MAX_WORD_CONTENT) {
      words.push(current);
      current = '';
    }
    current += piece;
  }
  return [...words, current].map((content) => `=?utf-8?q?${content}?=`).join('\r\n ');
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
