/** The first place at or after `from` with one of these characters, or -1. */
export function indexOfAny(text: string, characters: string, from = 0): number {
  for (let i = from; i < text.length; i++) {
    if (characters.includes(text.charAt(i))) return i;
  }
  return -1;
}

/** Whether the text has one of these characters. */
export function containsAny(text: string, characters: string): boolean {
  return indexOfAny(text, characters) !== -1;
}

/** White space between attributes, and between the words of CSS. */
export const htmlSpaces = ' \t\n\f\r';

/** The first place at or after `from` that is not white space, or the end. */
export function skipSpaces(text: string, from: number): number {
  let i = from;
  while (i < text.length && htmlSpaces.includes(text.charAt(i))) i++;
  return i;
}

/** The end of what stands before the white space before `end`. */
export function skipSpacesBack(text: string, end: number): number {
  let i = end;
  while (i > 0 && htmlSpaces.includes(text.charAt(i - 1))) i--;
  return i;
}

/** Whether the text goes on with `word` at `at`, whatever the case of its ASCII letters. */
export function hasWordAt(text: string, word: string, at: number): boolean {
  return at >= 0 && asciiLower(text.slice(at, at + word.length)) === word;
}

/** Lower case for ASCII letters only, so that nothing else becomes a letter of markup. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** ASCII letters. */
export function isAsciiLetter(character: string): boolean {
  return /^[A-Za-z]$/.test(character);
}

/** ASCII letters and digits. */
export function isAsciiAlnum(character: string): boolean {
  return /^[A-Za-z0-9]$/.test(character);
}
