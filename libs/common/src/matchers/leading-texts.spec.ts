import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { leadingTexts } from './leading-texts';

const pieces = [
  'a',
  'b',
  'ab',
  '.',
  '*',
  '+',
  '?',
  '|',
  '(',
  ')',
  '(?:',
  '(?P<n>',
  '(?i)',
  '^',
  '$',
  '{',
  '}',
  '{2}',
].concat([
  '{0,1}',
  '{,2}',
  ']',
  '[ab]',
  '[^]a]',
  '[[:alpha:]]',
  '[\\]|]',
  '[a',
  '\\.',
  '\\|',
  '\\(',
  '\\Q',
  '\\E',
  '\\d',
  '\\pL',
  '\\x61',
  '😀',
]);

const values = [
  '',
  'a',
  'b',
  'ab',
  'aa',
  'ba',
  'abb',
  'aab',
  'A',
  'a.b',
  '|',
  '(',
  ']',
  '{',
  'a{2}',
  'a{,2}',
  '😀',
  '😀a',
  'a😀',
  '.',
];

describe('leadingTexts', () => {
  it('never says what is not so', () => {
    const pattern = fc.string({ unit: fc.constantFrom(...pieces), maxLength: 8 });
    const value = fc.string({
      unit: fc.constantFrom('a', 'b', '.', '|', '(', ']', '{', '}', '2', ',', '😀'),
      maxLength: 6,
    });
    let exact = 0;
    fc.assert(
      fc.property(pattern, fc.array(value, { minLength: 6, maxLength: 6 }), (source, more) => {
        let re2: RE2JS;
        try {
          re2 = RE2JS.compile(`^(?:${source})$`);
        } catch {
          return;
        }
        const { texts, isExact } = leadingTexts(source);
        if (isExact) exact++;
        for (const text of [...values, ...more, ...texts, ...texts.map((start) => `${start}a`)]) {
          const why = JSON.stringify({ source, text, texts, isExact });
          const isMatch = re2.test(text);
          if (isExact) expect(texts.includes(text), why).toBe(isMatch);
          else if (isMatch)
            expect(
              texts.some((start) => text.startsWith(start)),
              why,
            ).toBe(true);
        }
      }),
      { numRuns: 20_000 },
    );
    expect(exact).toBeGreaterThan(500);
  });

  it.each<[string, string[], boolean]>([
    ['node-[0-9]+', ['node-'], false],
    ['node-(a|b).*', ['node-a', 'node-b'], false],
    ['(?:x|y)z', ['xz', 'yz'], true],
    ['^db$', ['db'], true],
    ['^(a|b)$', ['a', 'b'], true],
    ['a.*|b.*', ['a', 'b'], false],
    ['a.*|ab.*', ['a'], false],
    ['(prod|stage)-\\d+|test', ['prod-', 'stage-', 'test'], false],
    ['ab?c', ['a'], false],
    ['ab+?c', ['ab'], false],
    ['a(^b)', ['a'], false],
    ['(?i)abc', [''], false],
    ['abc(?i)def', [''], false],
    ['\\Qa|b', [''], false],
    ['a)(?:b', [''], false],
    ['.*x', [''], false],
  ])('%s', (pattern, texts, isExact) => {
    const read = leadingTexts(pattern);
    expect({ ...read, texts: [...read.texts].sort() }).toEqual({ texts, isExact });
  });
});
