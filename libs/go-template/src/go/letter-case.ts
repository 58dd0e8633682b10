import { replaceInvalid } from './bytes';

/** Upper case, one character for one: `ß` stays. Source: Go `strings.ToUpper`. */
export function toUpper(text: string): string {
  return plainAscii.test(text) ? text.toUpperCase() : mapChars(text, upperChar);
}

/** Lower case, one character for one, whatever stands around it. Source: Go `strings.ToLower`. */
export function toLower(text: string): string {
  return plainAscii.test(text) ? text.toLowerCase() : mapChars(text, lowerChar);
}

/** Without white space at either end. Source: Go `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  let start = 0;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  return text.slice(start, end);
}

/** The title case of a character, which may be several: `ǆ` → `ǅ`, `ß` → `Ss`. Source: Unicode SpecialCasing. */
export function titleChar(char: string): string {
  if (georgian.test(char) || titled.test(char)) return char;
  const digraph = digraphs.get(char);
  if (digraph !== undefined) return digraph;
  const upper = char.toUpperCase();
  const [first = '', ...rest] = upper;
  if (rest.length === 0 || char === '\u0149') return upper;
  // Greek with the iota written below keeps it there.
  if (rest.at(-1) === '\u0399' && greekExtended.test(char)) {
    const below = `${upper.slice(0, -1)}\u0345`;
    return rest.length === 1 ? below.normalize('NFC') : below;
  }
  return first + rest.join('').toLowerCase();
}

const plainAscii = /^[\0-\x7f]*$/;

function mapChars(text: string, map: (char: string) => string): string {
  let mapped = '';
  for (const char of replaceInvalid(text)) mapped += map(char);
  return mapped;
}

function upperChar(char: string): string {
  const upper = char.toUpperCase();
  if (upper.length === char.length) return upper;
  if (isSingle(upper)) return upper;
  const title = titleChar(char);
  return isSingle(title) ? title : char;
}

function lowerChar(char: string): string {
  return char === '\u0130' ? 'i' : char.toLowerCase();
}

function isSingle(text: string): boolean {
  return text.length === ((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
}

function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Has capitals for texts in capitals only. */
const georgian = /^[\u10d0-\u10fa\u10fd-\u10ff]$/;
const titled = /^\p{Lt}$/u;
const greekExtended = /^[\u1f80-\u1fff]$/;
const digraphs: ReadonlyMap<string, string> = new Map([
  ['\u01c4', '\u01c5'],
  ['\u01c6', '\u01c5'],
  ['\u01c7', '\u01c8'],
  ['\u01c9', '\u01c8'],
  ['\u01ca', '\u01cb'],
  ['\u01cc', '\u01cb'],
  ['\u01f1', '\u01f2'],
  ['\u01f3', '\u01f2'],
]);
