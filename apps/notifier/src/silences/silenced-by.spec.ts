import { type Labels, labelValue } from '@tocsin/common/labels/label-set';
import { createMatcher } from '@tocsin/common/matchers/matcher';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SilenceMatcher, silenceState, type StoredSilence } from './silence';
import { type SilenceChange } from './silence-store';
import { SilencedBy } from './silenced-by';
import { aMatcher, aStoredSilence } from './testing/a-silence';

const nowMs = Date.UTC(2026, 0, 1, 0, 30);

function silence(id: string, matchers: readonly string[], overrides: Partial<StoredSilence> = {}): StoredSilence {
  return aStoredSilence({ id, matcherSets: [matchers.map(aMatcher)], ...overrides });
}

const put = (after: StoredSilence, before: StoredSilence | null = null): SilenceChange => ({
  id: after.id,
  before,
  after,
});
const alert = (labels: Labels, fingerprint = 'f') => ({ fingerprint, labels });

describe('SilencedBy', () => {
  it.each<[string, string[], Labels, boolean]>([
    ['a value', ['a=1'], { a: '1' }, true],
    ['another value', ['a=1'], { a: '2' }, false],
    ['an absent label, as if it were empty', ['b=1', 'a='], { b: '1' }, true],
    ['an absent label that a regex takes', ['b=1', 'a=~x*'], { b: '1' }, true],
    ['alternatives', ['a=~x|y'], { a: 'y' }, true],
    ['text and a regex', ['a=~node-[0-9]+'], { a: 'node-7' }, true],
    ['text and a regex, otherwise', ['a=~node-[0-9]+'], { a: 'node-x' }, false],
    ['a regex without text in front', ['a=~.*down|(?i)up'], { a: 'UP' }, true],
    ['only negative matchers', ['a!=1', 'a!~2.*'], { a: '3' }, true],
    ['only negative matchers, one of which fails', ['a!=1', 'a!~2.*'], { a: '23' }, false],
    ['a regex that does not compile', ['b=1', 'a!~['], { b: '1' }, false],
    [
      'labels with names that objects have',
      ['__proto__=1', 'constructor=~2|3'],
      JSON.parse('{"__proto__":"1","constructor":"3"}') as Labels,
      true,
    ],
  ])('matches %s', (_, matchers, labels, isSilenced) => {
    const silencedBy = new SilencedBy([silence('s', matchers)]);
    expect(silencedBy.silencedBy(alert(labels), nowMs)).toEqual(isSilenced ? ['s'] : []);
  });

  it('takes any of several sets, and names a silence once', () => {
    const silencedBy = new SilencedBy([
      aStoredSilence({ id: 's', matcherSets: [[aMatcher('a=1')], [aMatcher('b=1')]] }),
    ]);
    expect(silencedBy.silencedBy(alert({ b: '1' }), nowMs)).toEqual(['s']);
    expect(silencedBy.silencedBy(alert({ a: '1', b: '1' }), nowMs)).toEqual(['s']);
    expect(silencedBy.silencedBy(alert({ a: '2' }), nowMs)).toEqual([]);
  });

  it('asks the time each time: both ends are included', () => {
    const silencedBy = new SilencedBy([silence('s', ['a=1'], { startsAtMs: 10, endsAtMs: 20 })]);
    const one = alert({ a: '1' });
    const active = [9, 10, 20, 21, 15, 0].map((atMs) => silencedBy.silencedBy(one, atMs).length === 1);
    expect(active).toEqual([false, true, true, false, true, false]);
  });

  it('names the one that started first at the front', () => {
    const silencedBy = new SilencedBy([
      silence('b', ['a=1']),
      silence('c', ['a=~1']),
      silence('z', ['a=1'], { startsAtMs: 0 }),
    ]);
    silencedBy.apply([put(silence('a', ['a=1']))]);
    expect(silencedBy.silencedBy(alert({ a: '1' }), nowMs)).toEqual(['z', 'a', 'b', 'c']);
  });

  it('tests an alert without fingerprint every time', () => {
    const silencedBy = new SilencedBy([silence('s', ['a=1'])]);
    const labels: Record<string, string> = { a: '1' };
    expect(silencedBy.silencedBy(alert(labels, ''), nowMs)).toEqual(['s']);
    labels['a'] = '2';
    expect(silencedBy.silencedBy(alert(labels, ''), nowMs)).toEqual([]);
  });

  it('ignores that what it does not know was forgotten', () => {
    const silencedBy = new SilencedBy([]);
    silencedBy.apply([{ id: 's', before: null, after: null }]);
    expect(silencedBy.silencedBy(alert({ a: '1' }), nowMs)).toEqual([]);
  });

  it('equals testing everything against everything, whatever happened before', () => {
    const values = ['', 'a', 'ab', 'abc', 'b', 'ba'];
    const patterns = [
      'a',
      'a|b',
      'a.*',
      'ab.+',
      '.*b',
      '.+ab',
      'a?',
      '(a|ba).*',
      '[ab]+',
      '(?i)A',
      '',
      'ab*',
      '^b',
      'a.*|ab.*',
    ];
    const aLabels = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom(...values));
    const matcher: fc.Arbitrary<SilenceMatcher> = fc.oneof(
      fc.record({
        name: fc.constantFrom('x', 'y', 'w'),
        op: fc.constantFrom('=', '!='),
        value: fc.constantFrom(...values),
      }),
      fc.record({
        name: fc.constantFrom('x', 'y', 'z'),
        op: fc.constantFrom('=~', '!~'),
        value: fc.constantFrom(...patterns),
      }),
    );
    const aStep = fc.record({
      id: fc.integer({ min: 0, max: 90 }).map(String),
      action: fc.constantFrom('put', 'put', 'extend', 'remove', 'ask'),
      sets: fc.array(fc.array(matcher, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
      startsAtMs: fc.nat(3),
      endsAtMs: fc.integer({ min: 2, max: 8 }),
      nowMs: fc.nat(9),
    });
    fc.assert(
      fc.property(
        fc.array(aLabels, { minLength: 1, maxLength: 6 }),
        fc.array(aStep, { maxLength: 250, size: 'max' }),
        (sets, steps) => {
          const alerts = sets.map((labels, index) => alert(labels, index === 0 ? '' : `f${index}`));
          const model = new Map<string, StoredSilence>();
          const silencedBy = new SilencedBy([]);
          for (const step of steps) {
            const before = model.get(step.id) ?? null;
            if (step.action === 'ask') {
              for (const each of alerts) {
                expect(silencedBy.silencedBy(each, step.nowMs)).toEqual(
                  bruteForce(model.values(), each.labels, step.nowMs),
                );
              }
            } else if (step.action === 'remove') {
              model.delete(step.id);
              silencedBy.apply([{ id: step.id, before, after: null }]);
            } else {
              const isExtended = step.action === 'extend' && before !== null;
              const matcherSets = isExtended ? before.matcherSets : step.sets;
              const { id, startsAtMs, endsAtMs } = step;
              const after = aStoredSilence({
                id,
                matcherSets,
                startsAtMs,
                endsAtMs,
                version: (before?.version ?? 0) + 1,
              });
              model.set(step.id, after);
              silencedBy.apply([put(after, before)]);
            }
          }
          const fresh = new SilencedBy(model.values());
          for (const each of alerts) {
            const expected = bruteForce(model.values(), each.labels, 3);
            expect([silencedBy.silencedBy(each, 3), fresh.silencedBy(each, 3)]).toEqual([expected, expected]);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

function bruteForce(silences: Iterable<StoredSilence>, labels: Labels, atMs: number): string[] {
  const matches = ({ name, op, value }: SilenceMatcher): boolean => {
    const created = createMatcher(name, op, value);
    return created.ok && created.matcher.matches(labelValue(labels, name) ?? '');
  };
  return [...silences]
    .filter((each) => each.matcherSets.some((set) => set.every(matches)) && silenceState(each, atMs) === 'active')
    .sort((a, b) => a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}
