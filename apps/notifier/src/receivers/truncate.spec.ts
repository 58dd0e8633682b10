import { describe, expect, it } from 'vitest';
import { goJson } from './go-json';
import { truncateBytes, truncateJson, truncateRunes } from './truncate';

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

describe('truncateJson', () => {
  it.each([
    ['xxxx', 4, 'xxxx'],
    ['xxxxx', 4, 'x…'],
    ['<<<<<<<<<<', 60, '<<<<<<<<<<'],
    ['<<<<<<<<<<', 59, '<<<<<<<<<…'],
    [`${'x'.repeat(10)}${'<'.repeat(90)}`, 40, 'xxxxxxxxxx<<<<…'],
  ])('%j in %i bytes is %j', (text, limit, expected) => {
    const cut = truncateJson(text, limit);
    expect(Buffer.byteLength(goJson(cut))).toBeLessThanOrEqual(limit + '""\n'.length);
    expect(cut).toBe(expected);
  });
});
