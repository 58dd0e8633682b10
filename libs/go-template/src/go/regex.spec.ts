import { describe, expect, it } from 'vitest';
import { matchString, replaceAllString } from './regex';

const anyLength = (): void => {};

// Printed by Go's package regexp.
describe('matchString and replaceAllString', () => {
  it.each([
    ['a', 'b', 'banana', true, 'bbnbnb'],
    ['(a)(n)', '$2$1', 'banana', true, 'bnanaa'],
    ['(?P<x>a)', '[${x}]', 'ba', true, 'b[a]'],
    ['a', '$$', 'ba', true, 'b$'],
    ['a', '$1', 'ba', true, 'b'],
    ['(a)', '$1x', 'ba', true, 'b'],
    ['(a)', '${1}x', 'ba', true, 'bax'],
    ['a', '$', 'ba', true, 'b$'],
    ['a', '${', 'ba', true, 'b${'],
    ['a', '${0', 'ba', true, 'b${0'],
    ['', '-', 'aé😀', true, '-a-é-😀-'],
    ['a*', '-', 'baac', true, '-b-c-'],
    ['(b)|a', '<$1>', 'ab', true, '<><b>'],
    ['^a', 'x', 'aa', true, 'xa'],
    ['\\bé', 'x', 'aé é', true, 'ax é'],
    ['(.*):.*', '$1', 'host:9090', true, 'host'],
    ['.', 'x', 'é😀\n', true, 'xx\n'],
    ['(?i)A', '$0$0', 'aA', true, 'aaAA'],
    ['(a)', '$01', 'a', true, ''],
  ])('%j by %j in %j', (pattern, replacement, text, isMatch, replaced) => {
    expect(matchString(pattern, text)).toEqual({ ok: true, isMatch });
    expect(replaceAllString(pattern, replacement, text, anyLength)).toEqual({ ok: true, text: replaced });
  });

  it.each([
    [
      '(',
      'error parsing regexp: missing closing ): `(`',
      'regexp: Compile(`(`): error parsing regexp: missing closing ): `(`',
    ],
    [
      'a)',
      'error parsing regexp: unexpected ): `a)`',
      'regexp: Compile(`a)`): error parsing regexp: unexpected ): `a)`',
    ],
    [
      '*',
      'error parsing regexp: missing argument to repetition operator: `*`',
      'regexp: Compile(`*`): error parsing regexp: missing argument to repetition operator: `*`',
    ],
    [
      'a**',
      'error parsing regexp: invalid nested repetition operator: `**`',
      'regexp: Compile(`a**`): error parsing regexp: invalid nested repetition operator: `**`',
    ],
    [
      '[a',
      'error parsing regexp: missing closing ]: `[a`',
      'regexp: Compile(`[a`): error parsing regexp: missing closing ]: `[a`',
    ],
    [
      '[z-a]',
      'error parsing regexp: invalid character class range: `z-a`',
      'regexp: Compile(`[z-a]`): error parsing regexp: invalid character class range: `z-a`',
    ],
    [
      '\\q',
      'error parsing regexp: invalid escape sequence: `\\q`',
      'regexp: Compile(`\\q`): error parsing regexp: invalid escape sequence: `\\q`',
    ],
    [
      '\\',
      'error parsing regexp: trailing backslash at end of expression: ``',
      'regexp: Compile(`\\`): error parsing regexp: trailing backslash at end of expression: ``',
    ],
    [
      '(?!a)',
      'error parsing regexp: invalid or unsupported Perl syntax: `(?!`',
      'regexp: Compile(`(?!a)`): error parsing regexp: invalid or unsupported Perl syntax: `(?!`',
    ],
    [
      '(?<=a)',
      'error parsing regexp: invalid named capture: `(?<=a)`',
      'regexp: Compile(`(?<=a)`): error parsing regexp: invalid named capture: `(?<=a)`',
    ],
    [
      'a{1001}',
      'error parsing regexp: invalid repeat count: `{1001}`',
      'regexp: Compile(`a{1001}`): error parsing regexp: invalid repeat count: `{1001}`',
    ],
    [
      '\\p{Foo}',
      'error parsing regexp: invalid character class range: `\\p{Foo}`',
      'regexp: Compile(`\\p{Foo}`): error parsing regexp: invalid character class range: `\\p{Foo}`',
    ],
    [
      '(?P<n',
      'error parsing regexp: invalid named capture: `(?P<n`',
      'regexp: Compile(`(?P<n`): error parsing regexp: invalid named capture: `(?P<n`',
    ],
    [
      '`(',
      'error parsing regexp: missing closing ): ``(`',
      'regexp: Compile("`("): error parsing regexp: missing closing ): ``(`',
    ],
  ])('refuse %j', (pattern, error, panic) => {
    expect(matchString(pattern, '')).toEqual({ ok: false, error });
    expect(replaceAllString(pattern, '', '', anyLength)).toEqual({ ok: false, error: panic });
  });

  it('refuse what nests too deeply', () => {
    const pattern = `${'('.repeat(2000)}a${')'.repeat(2000)}`;
    const error = `error parsing regexp: expression nests too deeply: \`${pattern}\``;
    expect(matchString(pattern, '')).toEqual({ ok: false, error });
  });

  it('say how long the text grows', () => {
    const lengths: number[] = [];
    replaceAllString('a', 'xyz', 'aba', (length) => lengths.push(length));
    expect(lengths).toEqual([3, 7]);
  });

  it('forget patterns when there are many', () => {
    for (let count = 0; count < 500; count++)
      expect(matchString(`^${count}$`, String(count))).toEqual({ ok: true, isMatch: true });
  });
});
