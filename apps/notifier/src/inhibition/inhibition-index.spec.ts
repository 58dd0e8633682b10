import fc from 'fast-check';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { labelSetText, type Labels, labelValue } from '@tocsin/common/labels/label-set';
import { createMatcher, type Matcher, matchesLabels, type MatchOp } from '@tocsin/common/matchers/matcher';
import { parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import { describe, expect, it } from 'vitest';
import { type AlertChange, type StoredAlert } from '../alerts/alert-book';
import { type Inhibitor, type InhibitRule } from './inhibit-rule';
import { InhibitionIndex } from './inhibition-index';

const nowMs = Date.UTC(2026, 0, 1);
const minute = 60_000;

describe('what inhibits an alert', () => {
  const critical = { alertname: 'Down', severity: 'critical', job: 'a' };
  const warning = { alertname: 'Slow', severity: 'warning', job: 'a' };
  const usual = rule('severity="critical"', 'severity="warning"', ['job']);

  it.each<[string, InhibitRule[], Labels[], Labels, Labels | null]>([
    ['a source with the same values of the equal labels', [usual], [critical], warning, critical],
    ['no source with another value', [usual], [{ ...critical, job: 'b' }], warning, null],
    ['no source that lacks the label', [usual], [{ severity: 'critical' }], warning, null],
    [
      'a source when both lack it',
      [usual],
      [{ severity: 'critical' }],
      { severity: 'warning' },
      { severity: 'critical' },
    ],
    [
      'an absent label is as good as an empty one',
      [usual],
      [{ severity: 'critical', job: '' }],
      { severity: 'warning' },
      { severity: 'critical', job: '' },
    ],
    ['no alert that the target side does not match', [usual], [critical], { ...warning, severity: 'info' }, null],
    [
      'all values of several equal labels count',
      [rule('severity="critical"', 'severity="warning"', ['job', 'dc'])],
      [{ ...critical, dc: 'x' }],
      { ...warning, dc: 'y' },
      null,
    ],
    [
      'values do not run into each other',
      [rule('s="c"', 's="w"', ['a', 'b'])],
      [{ s: 'c', a: 'xy' }],
      { s: 'w', a: 'x', b: 'y' },
      null,
    ],
    [
      'without equal labels every source counts',
      [rule('severity="critical"', 'severity="warning"', [])],
      [{ ...critical, job: 'z' }],
      warning,
      { ...critical, job: 'z' },
    ],
    [
      'a source by pattern',
      [rule('alertname=~"Do.*"', 'severity!="critical"', ['job'])],
      [critical],
      warning,
      critical,
    ],
    [
      'a source by one of several values',
      [rule('alertname=~"Up|Down"', 'severity!="critical"', ['job'])],
      [critical],
      warning,
      critical,
    ],
    ['a source that lacks a label', [rule('team=""', 'severity="warning"', ['job'])], [critical], warning, critical],
    ['a label set that is in no book', [usual], [critical], { ...warning, alertname: 'Never seen' }, critical],
    [
      'names like those of an object mean nothing',
      [rule('a="1"', 'b="2"', ['constructor'])],
      [{ a: '1' }],
      { b: '2' },
      { a: '1' },
    ],
  ])('%s', (_, rules, sources, target, by) => {
    const index = new InhibitionIndex(
      rules,
      sources.map((labels) => stored(labels)),
    );
    expect(index.inhibitedBy(asked(target), nowMs)).toEqual(by && inhibitor(fingerprint(by), 0));
  });

  it('the first rule of the file that has a source is named', () => {
    const rules = [
      rule('alertname="Other"', 'severity="warning"', []),
      rule('alertname=~".*own"', 'job=~"."', []),
      rule('alertname="Down"', 'alertname="Slow"', []),
    ];
    const index = new InhibitionIndex(rules, [stored(critical)]);
    expect(index.inhibitedBy(asked(warning), nowMs)?.rule).toBe(1);
    index.apply([
      { fingerprint: fingerprint({ alertname: 'Other' }), before: null, after: stored({ alertname: 'Other' }) },
    ]);
    expect(index.inhibitedBy(asked(warning), nowMs)?.rule).toBe(0);
  });

  it('a source counts up to its end, not at it', () => {
    const index = new InhibitionIndex([usual], [stored(critical, nowMs + minute)]);
    expect(index.inhibitedBy(asked(warning), nowMs + minute - 1)).not.toBeNull();
    expect(index.inhibitedBy(asked(warning), nowMs + minute)).toBeNull();
  });

  it('the source named stays the same while refreshes come in whatever order', () => {
    const others = ['b', 'c', 'd'].map((alertname) => stored({ ...critical, alertname }));
    const index = new InhibitionIndex([usual], [stored(critical), ...others]);
    const named = index.inhibitedBy(asked(warning), nowMs);
    for (const alert of others.reverse())
      index.apply([
        { fingerprint: alert.fingerprint, before: alert, after: { ...alert, endsAtMs: alert.endsAtMs + minute } },
      ]);
    expect(index.inhibitedBy(asked(warning), nowMs)).toEqual(named);
  });

  it('the answer is one object for all alerts, and stays it through refreshes', () => {
    const index = new InhibitionIndex([{ ...usual, name: 'down' }], [stored(critical)]);
    const named = index.inhibitedBy(asked(warning), nowMs);
    expect(named).toMatchObject({ ruleName: 'down' });
    const [before, after] = [stored(critical), stored(critical, nowMs + 2 * minute)];
    index.apply([{ fingerprint: before.fingerprint, before, after }]);
    expect(index.inhibitedBy(asked({ ...warning, alertname: 'Other' }), nowMs + minute)).toBe(named);
  });

  it('another suitable source takes over when the one named ends', () => {
    const sources = ['b', 'c', 'd'].map((alertname) => stored({ ...critical, alertname }));
    const index = new InhibitionIndex([usual], sources);
    const seen = new Set<string>();
    for (let ended = 0; ended < sources.length; ended++) {
      const by = index.inhibitedBy(asked(warning), nowMs)!.fingerprint;
      seen.add(by);
      const alert = sources.find((source) => source.fingerprint === by)!;
      index.apply([{ fingerprint: by, before: alert, after: { ...alert, endsAtMs: nowMs } }]);
    }
    expect(seen.size).toBe(3);
    expect(index.inhibitedBy(asked(warning), nowMs)).toBeNull();
  });
});

describe('bugs of the field', () => {
  const usual = rule('severity="critical"', 'severity="warning"', ['job']);
  const target = { severity: 'warning', job: 'a' };
  const source = stored({ severity: 'critical', job: 'a' });

  it('stuck inhibition: it ends when its source is resolved, or forgotten', () => {
    const index = new InhibitionIndex([usual], [source]);
    const resolved = { ...source, endsAtMs: nowMs, version: 2 };
    index.apply([{ fingerprint: source.fingerprint, before: source, after: resolved }]);
    expect(index.inhibitedBy(asked(target), nowMs)).toBeNull();
    index.apply([{ fingerprint: source.fingerprint, before: resolved, after: source }]);
    expect(index.inhibitedBy(asked(target), nowMs)).not.toBeNull();
    index.apply([{ fingerprint: source.fingerprint, before: source, after: null }]);
    expect(index.inhibitedBy(asked(target), nowMs)).toBeNull();
  });

  it('stuck inhibition: a refresh moves its end', () => {
    const index = new InhibitionIndex([usual], [stored(source.labels, nowMs + minute)]);
    index.inhibitedBy(asked(target), nowMs);
    index.apply([
      { fingerprint: source.fingerprint, before: source, after: stored(source.labels, nowMs + 2 * minute) },
    ]);
    expect(index.inhibitedBy(asked(target), nowMs + minute)).not.toBeNull();
    expect(index.inhibitedBy(asked(target), nowMs + 2 * minute)).toBeNull();
  });

  it('self inhibition: an alert that matches both sides does not inhibit itself', () => {
    const both = rule('severity=~"warning|critical"', 'severity="warning"', ['job']);
    expect(new InhibitionIndex([both], [stored(target)]).inhibitedBy(asked(target), nowMs)).toBeNull();
  });

  it('self inhibition: an empty rule inhibits nothing', () => {
    const index = new InhibitionIndex([rule('', '', [])], [source, stored(target)]);
    expect(index.inhibitedBy(asked(target), nowMs)).toBeNull();
    expect(index.inhibitedBy(source, nowMs)).toBeNull();
  });

  it('mutual inhibition: of two that match both sides neither inhibits the other, but a pure source does both', () => {
    const wide = rule('severity=~"warning|critical"', 'severity="warning"', ['job']);
    const first = stored({ ...target, alertname: 'A' });
    const second = stored({ ...target, alertname: 'B' });
    const index = new InhibitionIndex([wide], [first, second]);
    expect([first, second].map((alert) => index.inhibitedBy(alert, nowMs))).toEqual([null, null]);
    index.apply([{ fingerprint: source.fingerprint, before: null, after: source }]);
    const by = inhibitor(source.fingerprint, 0);
    expect([first, second].map((alert) => index.inhibitedBy(alert, nowMs))).toEqual([by, by]);
  });

  it('inhibition race at start: what was restored inhibits from the first moment', () => {
    expect(new InhibitionIndex([usual], [stored(target), source]).inhibitedBy(asked(target), nowMs)).not.toBeNull();
  });
});

describe('incremental index', () => {
  it('equals recomputation from scratch after any trace', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 5 }), anyTrace, (rules, trace) => {
        const book = new Map<string, StoredAlert>();
        const index = new InhibitionIndex(rules, []);
        for (const step of trace) {
          const change = applyStep(book, step);
          if (change !== null) index.apply([change]);
          const rebuilt = new InhibitionIndex(rules, book.values());
          for (const labels of [...[...book.values()].map((alert) => alert.labels), step.asked]) {
            const expected = fromScratch(rules, [...book.values()], labels, step.atMs);
            expect(index.inhibitedBy(asked(labels), step.atMs), labelSetText(labels)).toEqual(expected);
            expect(rebuilt.inhibitedBy(asked(labels), step.atMs)).toEqual(expected);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

const anyLabels = fc
  .record({ a: anyOf('', 'x', 'y'), b: anyOf('', 'x'), c: anyOf('x', 'y', 'z') }, { requiredKeys: [] })
  .map((labels): Labels => labels);

const anyMatcher = fc
  .tuple(anyOf('a', 'b', 'c'), anyOf<MatchOp>('=', '!=', '=~', '!~'), anyOf('', 'x', 'x|y', '.+', '[xz]?'))
  .map(([name, op, value]) => matcher(name, op, value));

const anyRule = fc.record({
  name: fc.constant(''),
  source: fc.array(anyMatcher, { maxLength: 2 }),
  target: fc.array(anyMatcher, { maxLength: 2 }),
  equal: fc.subarray(['a', 'b', 'c']),
});

/** Times lie close together, and also run backwards. */
const anyTime = fc.integer({ min: 0, max: 8 }).map((step) => nowMs + step);

const anyTrace = fc.array(
  fc.record({
    labels: anyLabels,
    kind: anyOf('store', 'store', 'touch', 'forget'),
    endsAtMs: anyTime,
    atMs: anyTime,
    asked: anyLabels,
  }),
  { maxLength: 30 },
);

function applyStep(
  book: Map<string, StoredAlert>,
  step: { labels: Labels; kind: string; endsAtMs: number },
): AlertChange | null {
  const id = fingerprint(step.labels);
  const before = book.get(id) ?? null;
  if (step.kind === 'forget') book.delete(id);
  else if (step.kind === 'store')
    book.set(id, { ...stored(step.labels, step.endsAtMs), version: (before?.version ?? 0) + 1 });
  else if (before !== null) book.set(id, { ...before, endsAtMs: step.endsAtMs });
  const after = book.get(id) ?? null;
  return before === null && after === null ? null : { fingerprint: id, before, after };
}

/** The rule of the documentation, alert by alert. */
function fromScratch(
  rules: readonly InhibitRule[],
  alerts: readonly StoredAlert[],
  target: Labels,
  atMs: number,
): Inhibitor | null {
  for (const [position, { source, target: targets, equal }] of rules.entries()) {
    if (!matchesLabels(targets, target)) continue;
    const suitable = alerts.filter(
      ({ labels, endsAtMs }) =>
        endsAtMs > atMs &&
        matchesLabels(source, labels) &&
        equal.every((name) => (labelValue(labels, name) ?? '') === (labelValue(target, name) ?? '')) &&
        !(matchesLabels(source, target) && matchesLabels(targets, labels)),
    );
    const [first] = suitable.map((alert) => alert.fingerprint).sort();
    if (first !== undefined) return inhibitor(first, position);
  }
  return null;
}

/** As a rule without a name names it. */
function inhibitor(by: string, rule: number): Inhibitor {
  return { kind: 'inhibition', fingerprint: by, rule, ruleName: `#${rule + 1}` };
}

function anyOf<T>(...values: T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

function rule(source: string, target: string, equal: string[]): InhibitRule {
  return { name: '', source: matchers(source), target: matchers(target), equal };
}

function matchers(text: string): readonly Matcher[] {
  const parsed = parseMatchers(text, 'utf8');
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.matchers;
}

function matcher(name: string, op: MatchOp, value: string): Matcher {
  const created = createMatcher(name, op, value);
  if (!created.ok) throw new Error(created.error);
  return created.matcher;
}

function asked(labels: Labels) {
  return { fingerprint: fingerprint(labels), labels };
}

function stored(labels: Labels, endsAtMs = nowMs + minute): StoredAlert {
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations: {},
    startsAtMs: nowMs,
    endsAtMs,
    updatedAtMs: nowMs,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 1,
    settledIn: [],
  };
}
