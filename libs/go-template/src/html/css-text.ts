const nameCharacter = /^[-\w\u0080-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u;

/** Whether the character may stand in a name of CSS. */
export function isCssNameCharacter(character: string): boolean {
  return nameCharacter.test(character);
}

const maxCodePoint = 0x10ffff;

/** An escape: up to six hexadecimal digits and one space, or any character. A lone backslash at the end stands for nothing. */
const escape = /\\(?:([0-9a-fA-F]{1,6})|([^]))?/gu;

/** The text that CSS reads there, without its escapes. */
export function decodeCss(text: string): string {
  if (!text.includes('\\')) return text;
  let decoded = '';
  let read = 0;
  escape.lastIndex = 0;
  for (let found = escape.exec(text); found !== null; found = escape.exec(text)) {
    const [, digits, character] = found;
    decoded += text.slice(read, found.index);
    read = escape.lastIndex;
    if (character !== undefined) decoded += character;
    if (digits !== undefined) {
      const used = parseInt(digits, 16) > maxCodePoint ? digits.slice(0, -1) : digits;
      decoded += codePoint(parseInt(used, 16));
      read = afterOneSpace(text, found.index + 1 + used.length);
      escape.lastIndex = read;
    }
  }
  return decoded + text.slice(read);
}

function codePoint(value: number): string {
  return value >= 0xd800 && value <= 0xdfff ? '\ufffd' : String.fromCodePoint(value);
}

function afterOneSpace(text: string, at: number): number {
  if (text.startsWith('\r\n', at)) return at + 2;
  return /[\t\n\f \r]/.test(text.charAt(at)) ? at + 1 : at;
}
