import { describe, expect, it } from 'vitest';
import { type ActualNotification, differences, isDifferent, type RouteTest, type RouteTestOutcome } from './route-test';
import { parseRouteTests } from './route-test.schema';
import { pathText } from './scenario.schema';

const startMs = Date.UTC(2026, 0, 5, 12);

function read(expected: unknown): RouteTest {
  const parsed = parseRouteTests({
    tests: [{ name: 'x', alerts: [{ labels: { alertname: 'a' } }], expect: expected }],
  });
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join());
  return parsed.tests[0] as RouteTest;
}

const a = { alertname: 'a', severity: 'critical' };
const b = { alertname: 'b' };

const told = (overrides: Partial<ActualNotification>): ActualNotification => ({
  atMs: startMs + 30_000,
  receiver: 'pager',
  status: 'firing',
  reason: 'first notification',
  alerts: [a],
  ...overrides,
});

const outcome = (overrides: Partial<RouteTestOutcome>): RouteTestOutcome => ({
  receivers: ['pager', 'mail'],
  groups: [
    { receiver: 'pager', labels: { alertname: 'a' }, alerts: [a] },
    { receiver: 'mail', labels: {}, alerts: [a, b] },
  ],
  notifications: [told({}), told({ atMs: startMs + 90_000, alerts: [a, b] })],
  ...overrides,
});

describe('a case', () => {
  it.each<[string, unknown, boolean]>([
    ['the receivers, in any order', { receivers: ['mail', 'pager'] }, true],
    ['a receiver less', { receivers: ['mail'] }, false],
    ['a receiver more', { receivers: ['mail', 'pager', 'chat'] }, false],
    ['groups by what is said of them', { groups: [{ receiver: 'mail' }, { labels: { alertname: 'a' } }] }, true],
    ['other labels of a group', { groups: [{ receiver: 'mail', labels: { x: 'y' } }, {}] }, false],
    ['fewer labels than a group has', { groups: [{ receiver: 'pager', labels: {} }, { receiver: 'mail' }] }, false],
    ['the alerts of a group', { groups: [{}, { alerts: ['b', { severity: 'critical' }] }] }, true],
    ['an alert too few', { groups: [{ receiver: 'mail', alerts: ['a'] }, {}] }, false],
    ['notifications by time', { notifications: [{ at: '90s' }, { at: '2026-01-05T12:00:30Z' }] }, true],
    ['a notification at another time', { notifications: [{ at: '30s' }, { at: '91s' }] }, false],
    ['a notification more', { notifications: [{}, {}, {}] }, false],
    ['a notification less', { notifications: [{}] }, false],
    ['no notification', { notifications: [] }, false],
    ['another status', { notifications: [{ status: 'resolved' }, {}] }, false],
    ['another reason', { notifications: [{ reason: 'new alerts added' }, {}] }, false],
    ['alerts that fit only one of several', { notifications: [{ alerts: [{}] }, { alerts: ['a', 'b'] }] }, true],
    ['what says less before what says more', { notifications: [{ receiver: 'pager' }, { at: '30s' }] }, true],
    ['one alert twice', { notifications: [{ alerts: ['a', 'a'] }, {}] }, false],
  ])('that expects %s', (_, expected, passes) => {
    expect(isDifferent(differences(read(expected), outcome({})))).toBe(!passes);
  });

  it('tells what is missing and what is there besides', () => {
    const { notifications } = differences(read({ notifications: [{ at: '30s' }, { at: '31s' }] }), outcome({}));
    expect(notifications).toMatchObject({ missing: [{ atMs: startMs + 31_000 }], extra: [{ atMs: startMs + 90_000 }] });
  });
});

describe('a file of cases', () => {
  const mistakes = (content: unknown) => {
    const parsed = parseRouteTests(content);
    return parsed.ok ? [] : parsed.mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`);
  };
  const test = (more: object) => ({ tests: [{ name: 'x', expect: { receivers: [] }, ...more }] });

  it.each([
    ['no tests', { tests: [] }, 'tests: expected at least one test'],
    ['an unknown key', { ...test({}), test: [] }, 'test: is not known here'],
    ['an unknown key of a case', test({ alert: [] }), 'tests[0].alert: is not known here'],
    ['a start of the wrong name', test({ start: '2026-01-05T12:00:00Z' }), 'tests[0].start: is not known here'],
    [
      'an unknown key of what is expected',
      test({ expect: { receiver: [] } }),
      'tests[0].expect.receiver: is not known here',
    ],
    ['nothing that is expected', test({ expect: {} }), 'tests[0].expect: expected receivers, groups or notifications'],
    [
      'a time outside of the case',
      test({ alerts: [{ labels: { a: 'b' }, at: '2h' }] }),
      'tests[0].alerts[0].at: is outside of the scenario',
    ],
    [
      'another status',
      test({ expect: { notifications: [{ status: 'on' }] } }),
      'tests[0].expect.notifications[0].status: expected firing or resolved',
    ],
    [
      'an alert that is neither name nor labels',
      test({ expect: { groups: [{ alerts: [[]] }] } }),
      'tests[0].expect.groups[0].alerts[0]: expected an alertname or labels',
    ],
  ])('is refused for %s', (_, content, mistake) => expect(mistakes(content)).toEqual([mistake]));
});
