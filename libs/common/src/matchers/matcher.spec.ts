import { describe, expect, it } from 'vitest';
import { labelsOf } from '../labels/label-set';
import { compareMatchers, createMatcher, matchersText, matchesLabels, type MatchOp, matcherText } from './matcher';

function matcher(name: string, op: MatchOp, value: string) {
  const created = createMatcher(name, op, value);
  if (!created.ok) throw new Error(created.error);
  return created.matcher;
}

describe('matchers', () => {
  it.each([
    ['=', 'a', 'a', true],
    ['=', 'a', 'b', false],
    ['!=', 'a', 'b', true],
    ['!=', 'a', 'a', false],
    ['=~', 'a|b', 'b', true],
    ['=~', 'a', 'ab', false],
    ['!~', 'a|b', 'b', false],
    ['!~', 'a', 'ab', true],
  ] as const)('%s %j on %j gives %j', (op, value, actual, matches) => {
    expect(matcher('x', op, value).matches(actual)).toBe(matches);
  });

  it('refuses a broken regex as a value', () => {
    const error = 'error parsing regexp: missing closing ): `^(?:()$`';
    expect(createMatcher('x', '=~', '(')).toEqual({ ok: false, error });
    expect(createMatcher('x', '=', '(').ok).toBe(true);
  });

  it.each([
    ['an absent label is empty', [matcher('a', '=', '')], {}, true],
    ['an inherited property is no label', [matcher('toString', '=', '')], {}, true],
    ['a negative matcher holds for an absent label', [matcher('a', '!=', 'x')], {}, true],
    ['all must hold', [matcher('a', '=', '1'), matcher('b', '=', '2')], { a: '1', b: '3' }, false],
    ['no matchers always hold', [], { a: '1' }, true],
    ['a label named __proto__', [matcher('__proto__', '=', 'x')], labelsOf([['__proto__', 'x']]), true],
  ])('on labels: %s', (_, matchers, labels, holds) => expect(matchesLabels(matchers, labels)).toBe(holds));

  it.each([
    [matcher('foo', '=', 'bar'), 'foo="bar"'],
    [matcher('foo', '!~', 'a\\.b\n"c"\t'), 'foo!~"a\\\\.b\\n\\"c\\"\t"'],
    [matcher('foo🙂', '=', 'bar'), 'foo🙂="bar"'],
    [matcher('foo bar', '=', 'a\tb'), '"foo bar"="a\\tb"'],
    [matcher('a"b', '=~', 'x'), '"a\\"b"=~"x"'],
    [matcher('nbsp\u00a0', '=', 'x'), '"nbsp\\u00a0"="x"'],
  ])('prints %#', (printed, text) => expect(matcherText(printed)).toBe(text));

  it('prints lists without spaces', () => {
    expect(matchersText([])).toBe('{}');
    expect(matchersText([matcher('a', '=', '1'), matcher('b', '!=', '2')])).toBe('{a="1",b!="2"}');
  });

  it('sorts by name, value and operator', () => {
    const sorted = [
      matcher('a', '=', '1'),
      matcher('a', '!=', '1'),
      matcher('a', '=~', '1'),
      matcher('a', '!~', '1'),
      matcher('a', '=', '2'),
      matcher('b', '=', '0'),
    ];
    expect([...sorted].reverse().sort(compareMatchers)).toEqual(sorted);
  });
});
