import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config';

/** `LINE code: message` of each finding in the file. */
function lint(text: string, retentionMs?: number): string[] {
  const checked = checkConfig(text, 'fallback', retentionMs);
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
  return checked.lint.map(({ line, code, message }) => `${line} ${code}: ${message}`);
}

const receivers = 'receivers: [{name: a}]\n';

/** Findings of routes below the root, which begin in line 4. */
function lintRoutes(...routes: string[]): string[] {
  return lint(`route:\n  receiver: a\n  routes:\n${routes.map((route) => `  - ${route}\n`).join('')}${receivers}`);
}

/** Findings of inhibit rules, which begin in line 4. */
function lintRules(...rules: string[]): string[] {
  return lint(`route: {receiver: a}\n${receivers}inhibit_rules:\n${rules.map((rule) => `- ${rule}\n`).join('')}`);
}

const codes = (findings: readonly string[]): string[] => findings.map((finding) => finding.replace(/:.*/, ''));

describe('lint', () => {
  it('finds nothing in what is well', () => {
    const text = `
route:
  receiver: a
  group_interval: 1m
  repeat_interval: 1h
  routes:
  - matchers: [severity=page]
    receiver: b
    mute_time_intervals: [nights]
    continue: true
    routes:
    - matchers: [team=c]
    - matchers: [team=d]
  - matchers: [severity=page, team=e]
    repeat_interval: 2h
inhibit_rules:
- source_matchers: [severity=page]
  target_matchers: ['severity=~"warning|info"']
  equal: [cluster]
- source_matchers: [severity=warning]
  target_matchers: [severity=info]
- source_matchers: [alertname=ClusterDown]
  target_matchers: [team=d]
- source_matchers: [team=d]
receivers: [{name: a}, {name: b}]
time_intervals:
- name: nights
  time_intervals: [{times: [{start_time: 00:00, end_time: 06:00}], location: UTC}]
`;
    expect(lint(text)).toEqual([]);
  });

  it.each([
    ['takes the same', ['matchers: [a=b]', 'matchers: [a=b]']],
    ['takes more', ['matchers: [a=b]', 'matchers: [a=b, c=d]']],
    ['takes everything', ['{}', 'matchers: [a=b]']],
    ['has the value in its list', ['matchers: [\'a=~"b|c"\']', 'match: {a: c}']],
  ])('finds a route after one that %s', (_, routes) => {
    expect(codes(lintRoutes(...routes))).toEqual(['5 route-unreachable']);
  });

  it.each([
    ['continues', ['{matchers: [a=b], continue: true}', 'matchers: [a=b]']],
    ['takes less', ['matchers: [a=b, c=d]', 'matchers: [a=b]']],
    ['takes others', ['matchers: [a=b]', 'matchers: [a=c]']],
    ['never matches', ['{matchers: [a=b], continue: true}', 'matchers: [\'a!~"b"\']']],
  ])('lets a route be after one that %s', (_, routes) => expect(lintRoutes(...routes)).toEqual([]));

  it('says why a route is not reached, and not of those below it', () => {
    expect(lintRoutes('{matchers: [a=b], routes: [{matchers: [a=c], routes: [{matchers: [a=d]}]}]}')).toEqual([
      '4 route-unreachable: no alert gets to this route: {a="b",a="c"} contradict each other',
    ]);
    expect(lintRoutes('matchers: [x=y]', 'match_re: {a: b}', '{match_re: {a: b}, matchers: [c=d]}')).toEqual([
      '6 route-unreachable: no alert gets to this route: ' +
        'route 2 of the same list, {a=~"^(?:b)$"}, takes all it matches and does not continue',
    ]);
  });

  it('finds what is not used', () => {
    const text = `
route: {receiver: a, routes: [{active_time_intervals: [d]}]}
receivers: [{name: a}, {name: b}]
mute_time_intervals: [{name: c, time_intervals: [{}]}]
time_intervals: [{name: d, time_intervals: [{}]}, {name: e, time_intervals: [{}]}]
`;
    expect(lint(text)).toEqual([
      '3 receiver-unused: no route uses receiver "b"',
      '4 interval-unused: no route uses time interval "c"',
      '5 interval-unused: no route uses time interval "e"',
    ]);
  });

  it('finds intervals that are never, or in a zone nobody named', () => {
    const text = `
route: {receiver: a, routes: [{mute_time_intervals: [b, c]}]}
${receivers}
time_intervals:
- name: b
- name: c
  time_intervals:
  - times: []
    location: UTC
  - weekdays: [monday]
  - location: Local
    months: [may]
  - {}
`;
    expect(codes(lint(text))).toEqual(['6 interval-never', '9 interval-never', '11 interval-without-zone']);
  });

  it.each([
    ['{group_interval: 5s, repeat_interval: 1h}', ['1 group-interval-short']],
    ['{group_interval: 10s, repeat_interval: 1h}', []],
    ['{group_interval: 1h, repeat_interval: 5m}', ['1 repeat-below-group-interval']],
    ['{group_interval: 5m, repeat_interval: 12m}', ['1 repeat-off-grid']],
    ['{repeat_interval: 121h}', ['1 repeat-above-retention']],
    ['{repeat_interval: 120h}', []],
    ['{group_interval: 7m}', ['1 repeat-off-grid']],
    // With what is inherited, once for the route that sets one of them.
    [
      '{group_interval: 1m, repeat_interval: 1h, routes: [{group_interval: 7m, continue: true, routes: [{}]}, {}]}',
      ['1 repeat-off-grid'],
    ],
  ])('compares the timers of %s', (options, expected) => {
    const text = `route: ${options.replace('{', '{receiver: a, ')}\n${receivers}`;
    expect(codes(lint(text))).toEqual(expected);
  });

  it('knows the retention it is told', () => {
    const text = `route: {receiver: a, repeat_interval: 2h}\n${receivers}`;
    expect(lint(text, 3_600_000)).toEqual([
      '1 repeat-above-retention: ' +
        'repeat_interval 2h is longer than --data.retention (1h): Alertmanager would repeat after that already',
    ]);
  });

  it.each([
    ['{source_matchers: [a=b, a=c], target_matchers: [d=e]}', 'its source matchers contradict each other'],
    ['{source_match: {a: b}, target_matchers: [d=e, d!=e]}', 'its target matchers contradict each other'],
    [
      '{source_matchers: [a=b, f=g], target_matchers: [a=c], equal: [f, a]}',
      'source and target cannot have equal values of label "a"',
    ],
  ])('finds a rule that never matches: %s', (rule, reason) => {
    expect(lintRules(rule)).toEqual([`4 inhibit-never: this rule never mutes anything: ${reason}`]);
  });

  it.each([
    '{}',
    '{source_matchers: [a=b], target_match: {a: b}}',
    '{source_matchers: [a=b], target_match_re: {a: b}}',
  ])('finds a rule whose sources and targets are the same: %s', (rule) =>
    expect(codes(lintRules(rule))).toEqual(['4 inhibit-no-effect']),
  );

  it.each(['{source_matchers: [a=b]}', '{target_matchers: [a=b]}', '{source_matchers: [a=b], target_matchers: [c=d]}'])(
    'lets rules be whose sides overlap in part: %s',
    (rule) => expect(lintRules(rule)).toEqual([]),
  );

  it('finds rules that mute each other', () => {
    const rules = [
      '{name: down, source_matchers: [a=b], target_matchers: [a=c]}',
      '{source_matchers: [a=c], target_matchers: [\'a=~"b|d"\'], equal: [e]}',
      '{source_matchers: [a=d], target_matchers: [a=f]}',
    ];
    expect(lintRules(...rules)).toEqual([
      '5 inhibit-each-other: this rule is the reverse of inhibit rule "down": ' +
        'where sources of both fire, each mutes the other and nobody is told of either',
    ]);
  });

  it('tells where in the file', () => {
    const text = 'route:\n  receiver: a\n  group_interval: 1m\n  repeat_interval: 90s\nreceivers: [{name: a}]\n';
    const checked = checkConfig(text, 'fallback');
    expect(checked.ok && checked.lint).toMatchObject([
      { line: 4, column: 20, path: ['route', 'repeat_interval'], code: 'repeat-off-grid' },
    ]);
  });
});
