import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher, type Matcher, matchersText, matcherText } from './matcher';
import {
  type MatcherMode,
  parseMatcher,
  parseMatchers,
  type ParsedMatcher,
  type ParsedMatchers,
} from './parse-matchers';

function shown(parsed: ParsedMatchers | ParsedMatcher): string {
  if (!parsed.ok) return parsed.error;
  return 'matchers' in parsed ? matchersText(parsed.matchers) : matcherText(parsed.matcher);
}

const list = (mode: MatcherMode) => (text: string) => shown(parseMatchers(text, mode));
const single = (mode: MatcherMode) => (text: string) => shown(parseMatcher(text, mode));

describe('the classic grammar', () => {
  it.each([
    ['', '{}'],
    ['{}', '{}'],
    ['foo=bar', '{foo="bar"}'],
    ['{foo="bar", dings!="bums", }', '{foo="bar",dings!="bums"}'],
    [' foo =~ a b ', '{foo=~"a b"}'],
    ['foo=', '{foo=""}'],
    ['foo:bar=x', '{foo:bar="x"}'],
    ['foo="a,b",bar=c', '{foo="a,b",bar="c"}'],
    ['foo="a\\",b",bar=c', '{foo="a\\",b",bar="c"}'],
    ['foo="a\\nb\\\\c\\."', '{foo="a\\nb\\\\c\\\\."}'],
    ['foo=a\\nb', '{foo="a\\nb"}'],
    ['foo=\\', '{foo="\\\\"}'],
    ['foo=bar}', '{foo="bar"}'],
    ['foo={bar', '{foo="{bar"}'],
  ])('reads %j', (text, printed) => expect(list('classic')(text)).toBe(printed));

  it.each([
    ['foo', 'bad matcher format: foo'],
    [',', 'bad matcher format: '],
    ['foo=bar, ,a=b', 'bad matcher format:  '],
    ['foo🙂=bar', 'bad matcher format: foo🙂=bar'],
    ['foo="bar', 'matcher value contains unescaped double quote: "bar'],
    ['foo=b"ar', 'matcher value contains unescaped double quote: b"ar'],
    ['foo="bar\\"', 'matcher value contains unescaped double quote: "bar\\"'],
    ['foo=\ud800', 'matcher value not valid UTF-8: \ud800'],
    ['foo=~(', 'error parsing regexp: missing closing ): `^(?:()$`'],
  ])('refuses %j', (text, error) => expect(list('classic')(text)).toBe(error));

  it('reads a single matcher with commas and braces in its value', () => {
    expect(single('classic')('foo=a,b}')).toBe('foo="a,b}"');
  });

  it('needs no more than linear time for long runs of spaces', () => {
    const spaces = ' '.repeat(200_000);
    expect(single('classic')(`a=x${spaces}y`)).toBe(`a="x${spaces}y"`);
  });
});

describe('the UTF-8 grammar', () => {
  it.each([
    ['', '{}'],
    [' { } ', '{}'],
    ['foo=bar', '{foo="bar"}'],
    ['{foo=bar,}', '{foo="bar"}'],
    ['foo🙂 != "b ar" , "x y"=~z', '{foo🙂!="b ar","x y"=~"z"}'],
    ['foo="\\x41\\u00e9\\101"', '{foo="AéA"}'],
    ['""=x', '{="x"}'],
    ['foo=""', '{foo=""}'],
  ])('reads %j', (text, printed) => expect(list('utf8')(text)).toBe(printed));

  it.each([
    ['{', '0:1: end of input: expected close brace'],
    ['}', '0:1: }: expected opening brace'],
    ['foo=bar}', '0:8: }: expected opening brace'],
    ['{foo=bar', '0:8: end of input: expected close brace'],
    ['{foo=bar}}', '9:10: }: expected end of input'],
    ['{}x', '2:3: x: expected end of input'],
    [',', '0:1: unexpected ,: expected label name'],
    ['=x', '0:1: unexpected =: expected label name'],
    ['foo', "end of input: expected an operator such as '=', '!=', '=~' or '!~'"],
    ['foo,', "3:4: unexpected ,: expected an operator such as '=', '!=', '=~' or '!~'"],
    ['foo=', 'end of input: expected label value'],
    ['foo=,', '4:5: unexpected ,: expected label value'],
    ['foo=a b', '6:7: unexpected b: expected a comma or close brace'],
    ['foo=a,,', '6:7: unexpected ,: expected a matcher or close brace after comma'],
    ["'foo", "0:1: ': invalid input"],
    ["{'", "1:2: ': invalid input"],
    ['foo=\\', '4:5: \\: invalid input: expected label value'],
    ['🙂="x', '2:4: "x: missing end ": expected label value'],
    ['foo!x', "3:4: !: expected one of '=~': expected an operator such as '=', '!=', '=~' or '!~'"],
    [
      'foo!',
      "3:4: unexpected end of input, expected one of '=~': expected an operator such as '=', '!=', '=~' or '!~'",
    ],
    ['foo="\\q"', '4:8: "\\q": invalid input'],
    ['foo="a\nb"', '4:9: "a\nb": invalid input'],
    ['foo="\\xff"', '4:10: "\\xff": invalid input'],
    ['foo=~"("', 'failed to create matcher: error parsing regexp: missing closing ): `^(?:()$`'],
  ])('refuses %j', (text, error) => expect(list('utf8')(text)).toBe(error));

  it.each([
    ['foo=bar', 'foo="bar"'],
    ['', 'no matchers'],
    ['a=b,c=d', 'expected 1 matcher, found 2'],
    ['{a=b}', 'unexpected open or close brace: {a=b}'],
    ['a=b}', 'unexpected open or close brace: a=b}'],
  ])('as a single matcher: %j', (text, result) => expect(single('utf8')(text)).toBe(result));
});

describe('falling back', () => {
  it.each([
    ['both agree', 'foo=bar', '{foo="bar"}', undefined],
    ['only UTF-8 can read it', 'foo🙂=bar', '{foo🙂="bar"}', undefined],
    ['only classic can read it', 'foo=b ar', '{foo="b ar"}', { kind: 'classic-only', suggestion: 'foo="b ar"' }],
    [
      'both read it, differently',
      'foo="\\x41"',
      '{foo="\\\\x41"}',
      { kind: 'disagreement', suggestion: 'foo="\\\\x41"' },
    ],
    ['neither can', 'foo🙂', 'bad matcher format: foo🙂', undefined],
  ])('list: %s', (_, text, printed, warning) => {
    const parsed = parseMatchers(text, 'fallback');
    expect(shown(parsed)).toBe(printed);
    if (warning) expect(parsed).toMatchObject({ warning });
    else expect(parsed).not.toHaveProperty('warning');
  });

  it('says why the UTF-8 grammar refused', () => {
    expect(parseMatchers('foo=a\\.b', 'fallback')).toMatchObject({
      warning: { reason: '5:6: \\: invalid input: expected a comma or close brace' },
    });
  });

  it.each([
    ['foo=b ar', 'foo="b ar"', 'classic-only'],
    ['a=b,c=d', 'a="b,c=d"', 'classic-only'],
    ['foo🙂="x"', 'foo🙂="x"', undefined],
    ['foo', 'bad matcher format: foo', undefined],
    ['', 'bad matcher format: ', undefined],
    ['{a=b}', 'unexpected open or close brace: {a=b}', undefined],
  ])('single: %j', (text, printed, kind) => {
    const parsed = parseMatcher(text, 'fallback');
    expect(shown(parsed)).toBe(printed);
    expect(parsed.ok ? parsed.warning?.kind : undefined).toBe(kind);
  });
});

describe('what is printed is read again', () => {
  const op = fc.constantFrom('=', '!=', '=~', '!~');
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('"', '\\', '\n', ',', '{', '}', ' '),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  const classicName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
  const matchers = (name: fc.Arbitrary<string>): fc.Arbitrary<Matcher[]> => {
    const created = fc.tuple(name, op, text).map(([...of]) => createMatcher(...of));
    return fc.array(
      created.filter((result) => result.ok).map((result) => result.matcher),
      { maxLength: 4 },
    );
  };
  const plain = (parsed: readonly Matcher[]) => parsed.map(({ name, op, value }) => [name, op, value]);

  it.each(['classic', 'utf8', 'fallback'] as const)('in %s mode where the name is classic', (mode) => {
    fc.assert(
      fc.property(matchers(classicName), (written) => {
        const parsed = parseMatchers(matchersText(written), mode);
        expect(parsed.ok && plain(parsed.matchers)).toEqual(plain(written));
        expect(parsed).not.toHaveProperty('warning');
      }),
    );
  });

  it('by the UTF-8 grammar whenever the name has to be quoted', () => {
    fc.assert(
      fc.property(matchers(text.map((name) => `${name} `)), (written) => {
        const parsed = parseMatchers(matchersText(written), 'utf8');
        expect(parsed.ok && plain(parsed.matchers)).toEqual(plain(written));
      }),
    );
  });
});
