import { type Matcher, matchesLabels } from '@tocsin/common/matchers/matcher';
import { parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MatcherFacts } from './matcher-logic';

function matchers(text: string): readonly Matcher[] {
  const parsed = parseMatchers(text, 'utf8');
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.matchers;
}

describe('contradict', () => {
  it.each([
    ['', false],
    ['a=b', false],
    ['a=b,a=c', true],
    ['a=b,c=d', false],
    ['a=b,a!=b', true],
    ['a=b,a=~"b|c"', false],
    ['a=d,a=~"b|c"', true],
    ['a=~"b|c",a=~"c|d"', false],
    ['a=~"b|c",a=~"d|e"', true],
    ['a=~"b|c",a!~"[bc]"', true],
    ['a=~"b.*",a!~"b.*"', true],
    ['a="",a=~".+"', true],
    ['a="",a!=b', false],
    ['a!=b,a!=c', false],
    // Nothing can be said.
    ['a=~"b.*",a=~"c.*"', false],
  ])('%s: %s', (text, expected) => expect(new MatcherFacts(matchers(text)).contradict()).toBe(expected));
});

describe('imply', () => {
  it.each([
    ['', '', true],
    ['a=b', '', true],
    ['', 'a=b', false],
    ['a=b', 'a=b', true],
    ['a=b,c=d', 'a=b', true],
    ['a=b', 'a=b,c=d', false],
    ['a=b', 'a=~"b|c"', true],
    ['a=~"b|c"', 'a=~"[bc]"', true],
    ['a=~"b|c"', 'a=b', false],
    ['a=b', 'a!=c', true],
    ['a=b', 'c!=d', false],
    ['a=~"b.+"', 'a=~"b.+"', true],
    ['a=~"b.+"', 'a!=c', true],
    ['a=~"b.+"', 'a!=bc', false],
    ['a!~"b|c"', 'a!=b', true],
    ['a!=b,a!=c', 'a!~"b|c"', true],
    ['a!=b', 'a!~"b|c"', false],
    ['a!=""', 'a=~".+"', true],
    ['a=~"b.*"', 'a=~".+"', true],
    ['', 'a=~".*"', true],
    ['', 'a=~".+"', false],
    ['a=b', 'a!~"b"', false],
  ])('{%s} implies {%s}: %s', (known, implied, expected) =>
    expect(new MatcherFacts(matchers(known)).imply(matchers(implied))).toBe(expected),
  );
});

it('what is said of matchers is true of all alerts', () => {
  const matcher = fc
    .tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom('=', '!=', '=~', '!~'),
      fc.constantFrom('x', 'y', '', 'x|y', 'x.*', '.+', '.*', '[xy]z?', 'xz'),
    )
    .map(([name, op, value]) => `${name}${op}"${value}"`);
  const list = fc.array(matcher, { maxLength: 4 }).map((texts) => matchers(texts.join(',')));
  const value = fc.constantFrom('', 'x', 'y', 'xz', 'yz', 'other');
  const alert = fc.record({ a: value, b: value });
  fc.assert(
    fc.property(list, list, fc.array(alert, { minLength: 20 }), (some, others, alerts) => {
      const matching = alerts.filter((labels) => matchesLabels(some, labels));
      const facts = new MatcherFacts(some);
      if (facts.contradict() && matching.length > 0) return false;
      return !facts.imply(others) || matching.every((labels) => matchesLabels(others, labels));
    }),
    { numRuns: 2_000 },
  );
});
