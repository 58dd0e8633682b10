import { expect, it } from 'vitest';
import { RULE_STATE_NEWER } from './rule-state.errors';
import { type RuleState } from './alert-state';
import { labelsKey } from './alert-labels';
import { decodeRuleState, decodeSummary, encodeRuleState, encodeSummary } from './rule-state-codec';

it.each([1.5, Number.NaN, Infinity, -Infinity, 1e300])('keeps alerts as they are, also with the value %s', (value) => {
  const labels = { alertname: 'A', ['__proto__']: 'odd', ü: '\u{1f514}' };
  const state: RuleState = new Map([
    [
      labelsKey(labels),
      { labels, annotations: { text: 'x' }, annotationSource: null, value, state: { phase: 'pending', activeAtMs: 5 } },
    ],
  ]);
  expect(decodeRuleState(encodeRuleState(state))).toEqual(state);
});

it('reads what a newer version added a field to, and refuses what one changed the form of', () => {
  const summary = { intervalMs: 1, evaluatedAtMs: 2, durationMs: 3, rules: {}, orphans: {} };
  const text = encodeSummary(summary);
  expect(decodeSummary(text.replace('{', '{"later":1,'))).toMatchObject(summary);
  const newer = text.replace('"v":1', '"v":2');
  expect(() => decodeSummary(newer)).toThrow(expect.objectContaining({ code: RULE_STATE_NEWER }));
  expect(() => decodeRuleState('{"v":2,"alerts":[]}')).toThrow(expect.objectContaining({ code: RULE_STATE_NEWER }));
});

it('tells label sets apart whose texts run together the same', () => {
  expect(labelsKey({ a: 'b', c: 'd' })).toBe(labelsKey({ c: 'd', a: 'b' }));
  expect(labelsKey({ a: '1:c1:d' })).not.toBe(labelsKey({ a: '', c: 'd' }));
  expect(new Set([{ a: 'bc' }, { ab: 'c' }, { a: 'b', c: '' }].map(labelsKey)).size).toBe(3);
});
