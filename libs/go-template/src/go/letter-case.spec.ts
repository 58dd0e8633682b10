import { describe, expect, it } from 'vitest';
import { toLower, toUpper, trimSpace } from './letter-case';

// Printed by Go's package strings.
describe('toUpper and toLower', () => {
  it.each([
    ['', '', ''],
    ['aBc', 'ABC', 'abc'],
    ['straße', 'STRAßE', 'straße'],
    ['ΑΣ', 'ΑΣ', 'ασ'],
    ['İı', 'İI', 'iı'],
    ['ǆ ǅ Ǆ', 'Ǆ Ǆ Ǆ', 'ǆ ǆ ǆ'],
    ['ﬁ', 'ﬁ', 'ﬁ'],
    ['ᾳ', 'ᾼ', 'ᾳ'],
    ['é\udcff', 'É�', 'é�'],
  ])('%j', (text, upper, lower) => {
    expect(toUpper(text)).toBe(upper);
    expect(toLower(text)).toBe(lower);
  });
});

describe('trimSpace', () => {
  it.each([
    ['', ''],
    [' a b ', 'a b'],
    ['\t\n\u000b\f\r a', 'a'],
    ['  a \u2028\u2029  　', 'a'],
    ['﻿a​', '﻿a​'],
    ['  ', ''],
  ])('%j', (text, trimmed) => expect(trimSpace(text)).toBe(trimmed));
});
