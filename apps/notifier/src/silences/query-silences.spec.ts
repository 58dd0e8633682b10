import { describe, expect, it } from 'vitest';
import { apiState, hasMatchers, sortSilences } from './query-silences';
import { aMatcher, aSilence, aStoredSilence } from './testing/a-silence';

it.each([
  [9, 'pending'],
  [10, 'active'],
  [19, 'active'],
  [20, 'expired'],
])('at %i the API calls a silence from 10 to 20 %s', (nowMs, state) => {
  expect(apiState({ startsAtMs: 10, endsAtMs: 20 }, nowMs)).toBe(state);
});

describe('hasMatchers', () => {
  const silence = aSilence({ matcherSets: [[aMatcher('a=1'), aMatcher('b=~x.*')], [aMatcher('c!=2')]] });
  it.each<[string[], boolean]>([
    [[], true],
    [['a=1'], true],
    [['b=~x.*', 'a=1'], true],
    [['a=~1'], false],
    [['a=1', 'c!=2'], false],
    [['c!=2'], true],
    [['c=2'], false],
  ])('%j', (wanted, has) => expect(hasMatchers(silence, wanted.map(aMatcher))).toBe(has));
});

it('sortSilences: active by end, pending by start, expired by end from the last', () => {
  const at = (id: string, startsAtMs: number, endsAtMs: number) => aStoredSilence({ id, startsAtMs, endsAtMs });
  const silences = [
    at('e1', 1, 5),
    at('p2', 30, 99),
    at('a2', 1, 25),
    at('e2', 1, 7),
    at('p1', 20, 200),
    at('a1', 5, 15),
    at('e3', 1, 10),
  ];
  expect(sortSilences(silences, 10).map(({ id }) => id)).toEqual(['a1', 'a2', 'p1', 'p2', 'e3', 'e2', 'e1']);
});
