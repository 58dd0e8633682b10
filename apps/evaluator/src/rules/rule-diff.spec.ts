import { expect, it } from 'vitest';
import { diffRules } from './rule-diff';
import { parseRuleFile } from './rule-file.loader';
import { type RuleGroup } from './rule-group';

const options = { defaults: { intervalMs: 60_000, queryOffsetMs: 0 }, nameMode: 'utf8' } as const;

function groupsOf(text: string): readonly RuleGroup[] {
  const parsed = parseRuleFile('rules.yml', text, options);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.groups;
}

const before = groupsOf(
  'groups: [{name: g, rules: [{alert: A, expr: up, for: 1m, labels: {a: "1", b: "2"}}, {alert: B, expr: up}]}]',
);

it.each([
  ['the same text', '[{alert: A, expr: up, for: 1m, labels: {a: "1", b: "2"}}, {alert: B, expr: up}]', true],
  ['the same in other words', '[{labels: {b: 2, a: 1}, for: 60s, expr: up, alert: A}, {alert: B, expr: up}]', true],
  ['another expression', '[{alert: A, expr: up == 0, for: 1m, labels: {a: 1, b: 2}}, {alert: B, expr: up}]', false],
  ['another `for`', '[{alert: A, expr: up, for: 2m, labels: {a: 1, b: 2}}, {alert: B, expr: up}]', false],
  ['another label', '[{alert: A, expr: up, for: 1m, labels: {a: 1, b: 3}}, {alert: B, expr: up}]', false],
  ['another order', '[{alert: B, expr: up}, {alert: A, expr: up, for: 1m, labels: {a: 1, b: 2}}]', false],
  ['a rule less', '[{alert: A, expr: up, for: 1m, labels: {a: 1, b: 2}}]', false],
])('tells whether a group changed: %s', (_, rules, isUnchanged) => {
  const diff = diffRules(before, groupsOf(`groups: [{name: g, rules: ${rules}}]`));
  expect(diff.unchanged.length).toBe(isUnchanged ? 1 : 0);
  expect(diff.changed.length).toBe(isUnchanged ? 0 : 1);
});

it.each(['interval: 30s', 'limit: 1', 'query_offset: 1s'])('takes %s for a change of the group', (field) => {
  const text = `groups: [{name: g, ${field}, rules: []}]`;
  expect(diffRules(groupsOf('groups: [{name: g, rules: []}]'), groupsOf(text)).changed).toHaveLength(1);
});

it('keeps the running group where nothing changed, so that it does not notice', () => {
  const again = groupsOf(
    'groups: [{name: g, rules: [{alert: A, expr: up, for: 1m, labels: {a: "1", b: "2"}}, {alert: B, expr: up}]}]',
  );
  expect(diffRules(before, again).unchanged[0]).toBe(before[0]);
});

it('takes a renamed group for one that goes and one that comes', () => {
  const diff = diffRules(before, groupsOf('groups: [{name: renamed}]'));
  expect(diff.removed.map(({ name }) => name)).toEqual(['g']);
  expect(diff.added.map(({ name }) => name)).toEqual(['renamed']);
});
