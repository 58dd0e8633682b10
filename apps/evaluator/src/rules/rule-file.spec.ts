import { describe, expect, it } from 'vitest';
import { parseRuleFile } from './rule-file.loader';
import { type RuleGroup } from './rule-group';

const options = { defaults: { intervalMs: 60_000, queryOffsetMs: 5_000 }, nameMode: 'utf8' } as const;

function groupsOf(text: string): readonly RuleGroup[] {
  const parsed = parseRuleFile('rules.yml', text, options);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.groups;
}

function errorsOf(text: string): readonly string[] {
  const parsed = parseRuleFile('rules.yml', text, options);
  return parsed.ok ? [] : parsed.errors;
}

describe('a valid file', () => {
  it.each([
    ['an empty file', ''],
    ['a comment', '# nothing yet\n'],
    ['a list without groups', 'groups: []'],
    ['a null list', 'groups:'],
  ])('may be %s', (_, text) => {
    expect(groupsOf(text)).toEqual([]);
  });

  it('gives groups with their rules in order', () => {
    const [group] = groupsOf(`
groups:
- name: disks
  interval: 15s
  query_offset: 0s
  limit: 3
  labels: {team: storage, severity: page}
  rules:
  - alert: DiskFull
    expr: |
      disk_free == 0
    for: 1m30s
    keep_firing_for: 5m
    labels: {severity: 'critical'}
    annotations: {summary: 'disk {{ $labels.disk }}', id: 7}
  - alert: DiskSlow
    expr: disk_slow
`);
    expect(group).toMatchObject({
      file: 'rules.yml',
      name: 'disks',
      intervalMs: 15_000,
      queryOffsetMs: 0,
      limit: 3,
      rules: [
        {
          name: 'DiskFull',
          expr: 'disk_free == 0',
          forMs: 90_000,
          keepFiringForMs: 300_000,
          labels: { team: 'storage', severity: 'critical' },
          annotations: { summary: 'disk {{ $labels.disk }}', id: '7' },
        },
        {
          name: 'DiskSlow',
          expr: 'disk_slow',
          forMs: 0,
          keepFiringForMs: 0,
          labels: { team: 'storage', severity: 'page' },
          annotations: {},
        },
      ],
    });
  });

  it.each([
    ['without an interval', '', 60_000],
    ['with a zero interval', 'interval: 0s', 60_000],
    ['with an interval', 'interval: 2m', 120_000],
  ])('takes the default interval for a group %s', (_, field, intervalMs) => {
    expect(groupsOf(`groups:\n- name: g\n  ${field}\n`)[0]).toMatchObject({ intervalMs, queryOffsetMs: 5_000 });
  });

  it('takes a negative limit for none', () => {
    expect(groupsOf('groups: [{name: g, limit: -1}]')[0]?.limit).toBe(0);
  });

  it('may use anchors and merge keys', () => {
    const [group] = groupsOf(`
groups:
- name: g
  rules:
  - &base {alert: A, expr: up, labels: &labels {severity: page}}
  - {<<: *base, alert: B, labels: {<<: *labels, team: x}}
`);
    expect(group?.rules.map(({ name, expr, labels }) => [name, expr, labels])).toEqual([
      ['A', 'up', { severity: 'page' }],
      ['B', 'up', { team: 'x', severity: 'page' }],
    ]);
  });
});

describe('a mistake', () => {
  const rule = (fields: string): string => `groups:\n- name: g\n  rules:\n  - {${fields}}\n`;
  it.each([
    ['a group without name', 'groups:\n- name: ""\n', ['2:3: Groupname must not be empty']],
    ['a repeated group', 'groups:\n- name: a\n- name: a\n', ['3:3: groupname: "a" is repeated in the same file']],
    [
      'an unknown key',
      'groups:\n- name: a\n  intervall: 5s\n',
      ['3:3: field intervall not found in type rulefmt.RuleGroup'],
    ],
    ['a repeated key', 'groups:\n- name: a\n  name: b\n', ['3:3: field name already set in type rulefmt.RuleGroup']],
    ['a bad duration', rule('alert: A, expr: up, for: 5'), ['4:31: not a valid duration string: "5"']],
    [
      'neither alert nor record',
      rule('expr: up'),
      [`4:5: group "g", rule 1, "": one of 'record' or 'alert' must be set`],
    ],
    ['no expression', rule('alert: A'), [`4:5: group "g", rule 1, "A": field 'expr' must be set in rule`]],
    [
      'an empty expression',
      rule('alert: A, expr: " "'),
      [`4:5: group "g", rule 1, "A": field 'expr' must be set in rule`],
    ],
    [
      'the metric name as label',
      rule('alert: A, expr: up, labels: {__name__: x}'),
      ['4:45: group "g", rule 1, "A": invalid label name: __name__'],
    ],
    [
      'an annotation without name',
      rule('alert: A, expr: up, annotations: {"": x}'),
      ['4:44: group "g", rule 1, "A": invalid annotation name: '],
    ],
    ['a bad group label', 'groups:\n- name: g\n  labels: {"": x}\n', ['3:16: invalid label name: ']],
  ])('is told with its place: %s', (_, text, errors) => {
    expect(errorsOf(text)).toEqual(errors.map((error) => `rules.yml: ${error}`));
  });

  it('names both places where both kinds of rule are asked for', () => {
    const [error] = errorsOf('groups:\n- name: g\n  rules:\n  - record: r\n    alert: A\n    expr: up\n');
    const message = "only one of 'record' and 'alert' must be set";
    expect(error).toBe(`rules.yml: 4:13: 5:12: group "g", rule 1, "A": ${message}`);
  });

  it.each([
    ['label', 'labels: {x: "{{ humanise $value }}"}', 38],
    ['annotation', 'annotations: {x: "{{ humanise $value }}"}', 43],
  ])('is a template that cannot be parsed in a %s', (kind, fields, column) => {
    const why = 'template: __alert_A:1: function "humanise" not defined';
    expect(errorsOf(rule(`alert: A, expr: up, ${fields}`))).toEqual([
      `rules.yml: 4:${column}: group "g", rule 1, "A": ${kind} "x": ${why}`,
    ]);
  });

  it('is a template that cannot be parsed in a label of a group with alerting rules', () => {
    const group = (rules: string) => errorsOf(`groups: [{name: g, labels: {x: "{{ $valu }}"}, rules: [${rules}]}]`);
    expect(group('{alert: A, expr: up}, {alert: B, expr: up}')).toEqual([
      'rules.yml: 1:32: label "x": template: __alert_A:1: undefined variable "$valu"',
    ]);
    expect(group('')).toEqual([]);
    expect(group('{record: r, expr: up}')).toEqual([expect.stringContaining('recording rules need')]);
  });

  it('is a recording rule, with what else is wrong with it', () => {
    const errors = errorsOf(rule('record: "a{b}", expr: up, for: 1m, keep_firing_for: 1m, annotations: {x: y}'));
    expect(errors.map((error) => error.replace(/^.*"a\{b\}": /, ''))).toEqual([
      expect.stringContaining('not supported yet by this version'),
      "invalid field 'annotations' in recording rule",
      "invalid field 'for' in recording rule",
      "invalid field 'keep_firing_for' in recording rule",
      'braces present in the recording rule name; should it be in expr?: a{b}',
    ]);
  });

  it('does not hide the others', () => {
    const errors = errorsOf(`
groups:
- name: a
  rules:
  - {alert: A}
  - {expr: up}
- name: a
`);
    expect(errors).toHaveLength(3);
  });

  it('of the YAML itself is told with its place', () => {
    expect(errorsOf('groups:\n- name: "a\n')[0]).toMatch(/^rules\.yml: \d+:\d+: /);
  });
});

it('holds label names to the legacy rules where the configuration asks for them', () => {
  const text = 'groups: [{name: g, rules: [{alert: A, expr: up, labels: {a-b: x}}]}]';
  expect(parseRuleFile('rules.yml', text, options).ok).toBe(true);
  const legacy = parseRuleFile('rules.yml', text, { ...options, nameMode: 'classic' });
  expect(legacy).toMatchObject({ ok: false, errors: [expect.stringContaining('invalid label name: a-b')] });
});
