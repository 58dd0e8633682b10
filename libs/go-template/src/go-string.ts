// What Go does with the bytes of a string, for JS strings that stand for them (value.ts).
import { fromBytes, replaceInvalid, toBytes } from './go/bytes';

const beyondAscii = /[^\0-\x7f]/;

/** How many bytes a string has, as `len` counts. */
export function byteLength(text: string): number {
  if (!beyondAscii.test(text)) return text.length;
  return text.isWellFormed() ? Buffer.byteLength(text) : toBytes(text).length;
}

/** The byte at a place within the string. */
export function byteAt(text: string, place: number): number {
  return (beyondAscii.test(text) ? toBytes(text)[place] : text.charCodeAt(place)) ?? 0;
}

/** The bytes from one place up to another, which may cut characters apart. */
export function sliceBytes(text: string, from: number, to: number): string {
  return beyondAscii.test(text) ? fromBytes(toBytes(text).subarray(from, to)) : text.slice(from, to);
}

/** How many characters a string has, a byte that is part of none counting as one. */
export function runeCount(text: string): number {
  if (!beyondAscii.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The first characters of a string. */
export function firstRunes(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken++) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** Negative, 0 or positive by the order of the bytes, which is not that of JS strings. */
export function compareStrings(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let place = 0; place < length; place++) {
    const difference = left.charCodeAt(place) - right.charCodeAt(place);
    if (difference === 0) continue;
    const isPlain = left.charCodeAt(place) < 0xd800 && right.charCodeAt(place) < 0xd800;
    return isPlain ? difference : Buffer.compare(toBytes(left), toBytes(right));
  }
  return left.length - right.length;
}

/** A string put together of parts, whose bytes at the seams may form characters. */
export function joined(text: string): string {
  return text.isWellFormed() ? text : fromBytes(toBytes(text));
}

/** A string for others than Go: U+FFFD for every byte that is part of no character. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : replaceInvalid(joined(text));
}
