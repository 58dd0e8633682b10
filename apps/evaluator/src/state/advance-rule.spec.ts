import { describe, expect, it } from 'vitest';
import { type Labels } from '@tocsin/common/labels/label-set';
import { vector as result } from '../datasource/fake-datasource';
import { aRule } from '../testing/a-rule-group';
import { NO_ANSWERS } from '../evaluation/expansion';
import { advanceRule, afterGap } from './advance-rule';
import { NO_ALERTS, type RuleState } from './alert-state';

const external = { labels: {}, url: '' };
const at = (slotMs: number, limit = 0) => ({ slotMs, limit, external, answers: NO_ANSWERS });

function alertsOf(state: RuleState): string[] {
  return Array.from(state.values(), ({ labels, state: { phase } }) => `${labels['host'] ?? ''} ${phase}`);
}

it('labels alerts with the labels of the sample, those of the rule above them, and the name of the alert', () => {
  const rule = aRule({
    alert: 'Down',
    labels: { severity: 'page', job: 'mine', host: '{{ $labels.instance }}!', dropped: '' },
  });
  const sample = { __name__: 'up', instance: 'a', job: 'theirs', dropped: 'x', alertname: 'theirs' };
  const [alert] = advanceRule(rule, NO_ALERTS, result(sample), at(0)).state.values();
  expect(alert?.labels).toEqual({ instance: 'a', job: 'mine', severity: 'page', host: 'a!', alertname: 'Down' });
});

it('replaces value and annotations of an alert that is seen, without calling that a change to save', () => {
  const rule = aRule({ annotations: { text: '{{ $labels.__name__ }} {{ $value }}' } });
  const first = advanceRule(rule, NO_ALERTS, result({ labels: { __name__: 'x', host: 'a' }, value: 1 }), at(0));
  const second = advanceRule(rule, first.state, result({ labels: { __name__: 'y', host: 'a' }, value: 2 }), at(60_000));
  expect([first.isChanged, second.isChanged]).toEqual([true, false]);
  expect([...second.state.values()]).toMatchObject([
    { value: 2, annotations: { text: 'y 2' }, state: { firedAtMs: 0 } },
  ]);
});

it('keeps value and annotations of an alert that `keep_firing_for` holds', () => {
  const rule = aRule({ annotations: { text: '{{ $value }}' }, keepFiringForMs: 300_000 });
  const first = advanceRule(rule, NO_ALERTS, result({ labels: { host: 'a' }, value: 7 }), at(0));
  const second = advanceRule(rule, first.state, result(), at(60_000));
  expect([...second.state.values()]).toMatchObject([
    { value: 7, annotations: { text: '7' }, state: { phase: 'firing' } },
  ]);
});

it('takes the error of a label template for the value of the label', () => {
  const rule = aRule({ labels: { size: '{{ $labels.size | humanize }}' } });
  const first = advanceRule(rule, NO_ALERTS, result({ host: 'a', size: '1000' }), at(0));
  const second = advanceRule(rule, first.state, result({ host: 'a', size: 'big' }), at(60_000));
  const why = 'error calling humanize: strconv.ParseFloat: parsing "big": invalid syntax';
  const reason = `error executing template __alert_A: template: __alert_A:1:130: executing "__alert_A" at <humanize>: ${why}`;
  expect([second.error, second.templateFailure]).toEqual([null, reason]);
  expect(Array.from(second.state.values(), ({ labels, state: { phase } }) => [labels['size'], phase])).toEqual([
    [`<error expanding template: ${reason}>`, 'firing'],
    ['1k', 'resolved'],
  ]);
});

describe('annotations of an alert that is seen again', () => {
  const text = '{{ $labels.__name__ }} {{ $value }} {{ $externalURL }}';
  const seen = (change: { labels?: Labels; value?: number } = {}) =>
    result({ labels: { __name__: 'x', host: 'a', ...change.labels }, value: change.value ?? 1 });
  const rule = aRule({ annotations: { text }, labels: { host: 'b' } });
  const known = advanceRule(rule, NO_ALERTS, seen(), at(0)).state;
  const annotationsOf = (state: RuleState): Labels | undefined => [...state.values()][0]?.annotations;

  it('are the very same while nothing they come from changed', () => {
    const next = advanceRule(rule, known, seen(), at(60_000)).state;
    expect(annotationsOf(next)).toBe(annotationsOf(known));
    expect([...next.values()][0]).toBe([...known.values()][0]);
  });

  it.each([
    ['the value', rule, seen({ value: 2 }), at(1), 'x 2 '],
    ['the sign of a zero', rule, seen({ value: -0 }), at(1), 'x -0 '],
    ['a label the alert lacks', rule, seen({ labels: { __name__: 'y' } }), at(1), 'y 1 '],
    ['a label the rule replaces', rule, seen({ labels: { host: 'z' } }), at(1), 'x 1 '],
    ['the external URL', rule, seen(), { ...at(1), external: { labels: {}, url: 'u' } }, 'x 1 u'],
    ['the rule', aRule({ annotations: { text: 'new' }, labels: { host: 'b' } }), seen(), at(1), 'new'],
  ])('are expanded anew with %s', (_, rule, seen, context, text) => {
    const next = advanceRule(rule, known, seen, context).state;
    expect([annotationsOf(next)?.['text'], annotationsOf(next) === annotationsOf(known)]).toEqual([text, false]);
  });

  it('are expanded anew with time where the text looks at it', () => {
    const rule = aRule({ annotations: { text: '{{ now }}' } });
    const first = advanceRule(rule, NO_ALERTS, result({ host: 'a' }), at(0));
    const second = advanceRule(rule, first.state, result({ host: 'a' }), at(60_000));
    expect([first, second].map(({ state }) => annotationsOf(state))).toEqual([{ text: '0' }, { text: '60' }]);
  });
});

it('fails on two samples that make the same alert, and changes nothing', () => {
  const rule = aRule();
  const { state } = advanceRule(rule, NO_ALERTS, result({ host: 'a' }), at(0));
  const twins = result({ __name__: 'x', host: 'b' }, { __name__: 'y', host: 'b' });
  expect(advanceRule(rule, state, twins, at(60_000))).toMatchObject({
    state,
    isChanged: false,
    error: 'vector contains metrics with the same labelset after applying alert labels',
  });
});

it('keeps what an incomplete result lacks', () => {
  const { state } = advanceRule(aRule(), NO_ALERTS, result({ host: 'a' }, { host: 'b' }), at(0));
  const partial = { ...result({ host: 'b' }), isComplete: false };
  expect(alertsOf(advanceRule(aRule(), state, partial, at(60_000)).state).sort()).toEqual(['a firing', 'b firing']);
});

it('above the limit fails, takes in nothing new, and lets what it has go on and end', () => {
  const rule = aRule();
  const { state } = advanceRule(rule, NO_ALERTS, result({ host: 'a' }, { host: 'b' }), at(0, 2));
  const over = advanceRule(rule, state, result({ host: 'b' }, { host: 'c' }, { host: 'd' }), at(60_000, 2));
  expect(over.error).toBe('exceeded limit of 2 with 3 alerts');
  expect(alertsOf(over.state)).toEqual(['b firing', 'a resolved']);
  const back = advanceRule(rule, over.state, result({ host: 'b' }, { host: 'c' }), at(120_000, 2));
  expect(back.error).toBeNull();
  expect(alertsOf(back.state)).toEqual(['b firing', 'c firing', 'a resolved']);
});

it('a resolved alert that comes back above the limit stays resolved', () => {
  const rule = aRule();
  const first = advanceRule(rule, NO_ALERTS, result({ host: 'a' }), at(0, 1));
  const gone = advanceRule(rule, first.state, result(), at(60_000, 1));
  const over = advanceRule(rule, gone.state, result({ host: 'a' }, { host: 'b' }), at(120_000, 1));
  expect([over.error, ...alertsOf(over.state)]).toEqual(['exceeded limit of 1 with 2 alerts', 'a resolved']);
});

it('around the limit nothing flaps', () => {
  const rule = aRule();
  let state = NO_ALERTS;
  const phases: string[] = [];
  for (let slot = 0; slot < 20; slot++) {
    const hosts = Array.from({ length: 3 + (slot % 3) }, (_, host) => ({ host: `${host}` }));
    ({ state } = advanceRule(rule, state, result(...hosts), at(slot * 60_000, 4)));
    phases.push(
      ...[...state.values()].filter(({ labels }) => Number(labels['host']) < 3).map((alert) => alert.state.phase),
    );
  }
  expect(new Set(phases)).toEqual(new Set(['firing']));
});

it('resolved alerts do not count towards the limit', () => {
  const rule = aRule();
  const first = advanceRule(rule, NO_ALERTS, result({ host: 'a' }), at(0, 1));
  const second = advanceRule(rule, first.state, result({ host: 'b' }), at(60_000, 1));
  expect([second.error, ...alertsOf(second.state)]).toEqual([null, 'b firing', 'a resolved']);
});

it('over a gap moves pending alerts only, and forgets those that waited too long', () => {
  const rule = aRule({ forMs: 300_000 });
  const { state } = advanceRule(rule, NO_ALERTS, result({ host: 'a' }), at(0));
  expect(afterGap(state, 0, 3_600_000)).toBe(state);
  expect([...afterGap(state, 600_000, 3_600_000).values()]).toMatchObject([{ state: { activeAtMs: 600_000 } }]);
  expect(afterGap(state, 3_600_001, 3_600_000).size).toBe(0);
});
