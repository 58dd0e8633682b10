/** An offset as it is written, its length in the text, or the field that is out of range. */
export type OffsetRead = { offsetSec: number; length: number } | { outOfRange: string } | null;

/** Reads an offset written like a layout's element, `-07:00`, `Z070000`, ...; null where it is none. */
export function readOffset(text: string, element: string): OffsetRead {
  const written = text.slice(0, element.length);
  if (written.length < element.length) return null;
  const digits = [...written].filter((_, place) => place > 0 && element.charAt(place) !== ':').join('');
  if ([...element].some((char, place) => char === ':' && written.charAt(place) !== ':')) return null;
  const [hours = 0, minutes = 0, seconds = 0] = pairsOf(digits);
  // Go looks at the ranges first, and at what is no number at all afterwards.
  if (hours > 24) return { outOfRange: 'time zone offset hour' };
  if (minutes > 60) return { outOfRange: 'time zone offset minute' };
  if (seconds > 60) return { outOfRange: 'time zone offset second' };
  const sign = written.charAt(0);
  if (!/^[+-]$/.test(sign) || !/^\d+$/.test(digits)) return null;
  const size = hours * 3600 + minutes * 60 + seconds;
  return { offsetSec: sign === '-' ? -size : size, length: element.length };
}

/** The pairs of digits up to the first that is none. */
function pairsOf(digits: string): number[] {
  const read: number[] = [];
  for (const [pair] of digits.matchAll(/../gs)) {
    if (!/^\d\d$/.test(pair)) break;
    read.push(Number(pair));
  }
  return read;
}

/** The abbreviation of a zone that a text starts with: three to five capitals, `GMT+3`, `+03`; null where it is none.
 *  Source: Go `time.Parse`. */
export function readZoneName(text: string): string | null {
  if (text.length < 3) return null;
  const special = /^(?:ChST|MeST)/.exec(text)?.[0];
  if (special !== undefined) return special;
  if (text.startsWith('GMT')) return `GMT${signedHours(text.slice(3))}`;
  if (/^[+-]/.test(text)) return signedHours(text) || null;
  const capitals = /^[A-Z]{0,6}/.exec(text)?.[0] ?? '';
  switch (capitals.length) {
    case 3:
      return capitals;
    case 4:
      return capitals.endsWith('T') || capitals === 'WITA' ? capitals : null;
    case 5:
      return capitals.endsWith('T') ? capitals : null;
    default:
      return null;
  }
}

/** `+3` to `-23`, '' where there is no such number. */
function signedHours(text: string): string {
  const [written = '', digits = ''] = /^[+-](\d+)/.exec(text) ?? [];
  return Number(digits) <= 23 ? written : '';
}
