import { titleChar } from './letter-case';

/** Every word with a capital first; `lowerRest` makes the rest of it small. Source: Go `cases.Title` of
 *  golang.org/x/text, for English, with and without `NoLower`. */
export function titleWords(text: string, lowerRest: boolean): string {
  const chars = [...text];
  let titled = '';
  let isMidWord = false;
  let wasMid = false;
  for (const [place, char] of chars.entries()) {
    const isMid = mid.test(char);
    // A mark such as an apostrophe is part of a word, two of them end it.
    if (wasMid && isMid) isMidWord = false;
    wasMid = isMid;
    if (!cased.test(char)) {
      titled += char;
      if (!isMid && isBreak(char)) isMidWord = false;
    } else if (isMidWord) {
      titled += lowerRest ? lower(char, chars, place) : char;
    } else {
      titled += titleChar(char);
      isMidWord = true;
    }
  }
  return titled;
}

const cased = /\p{Cased}/u;
const caseIgnorable = /\p{Case_Ignorable}/u;
/** Unicode's word break classes MidLetter, MidNumLet and Single_Quote. */
const mid = /[':.\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a]/;
/** What else does not end a word, by properties that come close to the word break classes. */
const wordChar = /[\p{Alphabetic}\p{Nd}\p{M}\p{Pc}\p{Cf}]/u;
const moreWordChars =
  /[\u02c2-\u02c5\u02d2-\u02d7\u02de\u02df\u02e5-\u02eb\u02ed\u02ef-\u02ff\u055a-\u055c\u055e\u058a\u05f3\u066b\u202f\ua708-\ua716\ua720\ua721\ua789\ua78a\uab5b\u{1f3fb}-\u{1f3ff}]/u;
/** Scripts without spaces between words, where every letter may be one. */
const wordsOfLetters =
  /[\p{Ideographic}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Tai_Le}\p{Script=New_Tai_Lue}\p{Script=Tai_Tham}\p{Script=Tai_Viet}\p{Script=Ahom}\u3031-\u3035\u30fc\uff70]/u;
const letter = /[\p{L}\p{Nl}]/u;

function isBreak(char: string): boolean {
  if (char === '\u200b') return true;
  if (letter.test(char) && wordsOfLetters.test(char)) return true;
  return !wordChar.test(char) && !moreWordChars.test(char);
}

/** Looked for no further than this, as there. */
const maxIgnorable = 31;

function lower(char: string, chars: readonly string[], place: number): string {
  if (char !== 'Σ') return char.toLowerCase();
  for (const next of chars.slice(place + 1, place + 1 + maxIgnorable)) {
    if (!caseIgnorable.test(next)) return cased.test(next) ? 'σ' : 'ς';
  }
  return 'ς';
}
