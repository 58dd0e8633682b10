import { describe, expect, it } from 'vitest';
import { truncateBytes, truncateRunes } from './truncate';

describe('truncateRunes', () => {
  it.each([
    ['keeps what fits', 'abcd', 4, 'abcd'],
    ['keeps pairs that fit', '😀😀😀😀', 4, '😀😀😀😀'],
    ['marks what is cut', 'abcde', 4, 'abc…'],
    ['cuts no pair in two', '😀😀😀😀😀', 4, '😀😀😀…'],
    ['has no room for a mark', 'abcd', 3, 'abc'],
    ['can cut all', 'abcd', 0, ''],
  ])('%s', (_, text, limit, truncated) => expect(truncateRunes(text, limit)).toBe(truncated));
});

describe('truncateBytes', () => {
  it.each([
    ['keeps what fits', 'äöü', 6, 'äöü'],
    ['marks what is cut', 'abcdefgh', 6, 'abc…'],
    ['cuts no character in two', 'ääää', 7, 'ää…'],
    ['has no room for a mark', 'äbcd', 3, 'äb'],
    ['has no room at all', '😀', 3, ''],
  ])('%s', (_, text, limit, truncated) => {
    expect(truncateBytes(text, limit)).toBe(truncated);
    expect(Buffer.byteLength(truncateBytes(text, limit))).toBeLessThanOrEqual(limit);
  });
});
