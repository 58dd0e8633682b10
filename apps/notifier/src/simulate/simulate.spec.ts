import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DEFAULT_SCENARIO_LIMITS } from './scenario';
import { mistakesOf, pathText, scenarioOf, scenarioShape } from './scenario.schema';
import { type Simulation } from './simulation';
import { SimulateService } from './simulate.service';

const startMs = Date.UTC(2026, 0, 5, 12);

const build = { ...NO_BUILD, version: '1.2.3' };

const service = new SimulateService('fallback', build);

async function simulate(config: string, scenario: unknown): Promise<Simulation> {
  const read = service.readConfig(config);
  if (!read.ok) throw new Error(read.error);
  const input = z.strictObject(scenarioShape).parse(scenario);
  const made = scenarioOf(input, startMs, DEFAULT_SCENARIO_LIMITS);
  if (!made.ok) throw new Error(made.mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`).join('\n'));
  const result = await service.simulate(read.config, made.scenario);
  if (result.kind !== 'done') throw new Error(result.kind);
  return result.simulation;
}

/** `30s pager firing a,b (first notification)` */
function told({ notifications }: Simulation): string[] {
  return notifications.map(({ atMs, receiver, status, reason, alerts }) => {
    const names = alerts.map(({ labels, endsAtMs }) => `${labels['alertname']}${endsAtMs === 0 ? '' : ' over'}`);
    return `${(atMs - startMs) / 1000}s ${receiver} ${status} ${names.join(',')} (${reason})`;
  });
}

const webhook = 'webhook_configs: [{url: "http://127.0.0.1:1/"}]';

const config = `
route:
  receiver: everybody
  group_by: [alertname]
  routes:
    - matchers: [severity="critical"]
      receiver: pager
      group_wait: 10s
      group_interval: 1m
      repeat_interval: 10m
inhibit_rules:
  - name: critical first
    source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [cluster]
receivers:
  - {name: everybody, ${webhook}}
  - {name: pager, ${webhook}}
`;

const critical = (alertname: string, more: object = {}) => ({ labels: { alertname, severity: 'critical' }, ...more });

describe('simulate', () => {
  it('tells what a notifier would, when, to whom and why', async () => {
    const simulation = await simulate(config, {
      duration: '12m',
      alerts: [
        critical('a'),
        critical('a', { labels: { alertname: 'a', severity: 'critical', x: '1' }, at: '30s', endsAt: '2m' }),
      ],
    });
    expect(told(simulation)).toEqual([
      '10s pager firing a (first notification)',
      '70s pager firing a,a (new alerts added)',
      '130s pager firing a,a over (some alerts resolved)',
    ]);
    expect(
      (await simulate(config, { duration: '13m', alerts: [critical('a')] })).notifications.map(
        ({ atMs }) => atMs - startMs,
      ),
    ).toEqual([10_000, 670_000]);
  });

  it('mutes by silences and inhibition, and says so', async () => {
    const simulation = await simulate(config, {
      duration: '10m',
      alerts: [critical('a', { endsAt: '5m' }), { labels: { alertname: 'b', severity: 'warning' } }],
      silences: [{ matchers: ['alertname="a"'], endsAt: '90s' }],
    });
    expect(told(simulation)).toEqual([
      '130s pager firing a (first notification)',
      '310s pager resolved a over (all alerts resolved)',
      '330s everybody firing b (first notification)',
    ]);
    const why = simulation.events.map(({ atMs, message }) => `${(atMs - startMs) / 1000}s ${message}`);
    expect(why).toContain('10s muted by silence silence-1');
    expect(why).toContain('130s no longer muted');
    expect(why.filter((line) => line.includes('inhibition rule critical first'))).toHaveLength(1);
  });

  it('closes when everything is muted, where that is asked for', async () => {
    const closing = config.replace('receiver: everybody\n', 'receiver: everybody\n  on_muted: close\n');
    const scenario = {
      duration: '5m',
      alerts: [critical('a')],
      silences: [{ id: 'x', matchers: ['alertname="a"'], startsAt: '30s', endsAt: '90s' }],
    };
    expect(told(await simulate(closing, scenario))).toEqual([
      '10s pager firing a (first notification)',
      '70s pager resolved a over (muted by silence x)',
      '130s pager firing a (first notification)',
    ]);
    expect(told(await simulate(config, scenario))).toEqual(['10s pager firing a (first notification)']);
  });

  it('sends nothing, whatever the receivers are', async () => {
    const simulation = await simulate(
      `
route: {receiver: r, group_wait: 0s}
receivers:
  - name: r
    slack_configs: [{api_url: "http://127.0.0.1:1/", channel: "#a"}]
    email_configs: [{to: a@example.org, from: b@example.org, smarthost: "127.0.0.1:1"}]
`,
      { alerts: [critical('a')], duration: '1m' },
    );
    expect(simulation.notifications.map(({ integration }) => integration)).toEqual(['r/email/0', 'r/slack/0']);
  });

  it('has an end when it would take too much', async () => {
    const greedy = config.replaceAll('1m', '1ms').replaceAll('10m', '1ms');
    const read = service.readConfig(greedy);
    const made = scenarioOf(
      z.strictObject(scenarioShape).parse({ duration: '30d', alerts: [critical('a')] }),
      startMs,
      DEFAULT_SCENARIO_LIMITS,
    );
    if (!read.ok || !made.ok) throw new Error('not simulated');
    const [first, second] = await Promise.all([
      service.simulate(read.config, made.scenario),
      service.simulate(read.config, made.scenario),
    ]);
    expect(first).toEqual({ kind: 'too much work' });
    expect(second).toEqual({ kind: 'busy' });
  });

  it('tells the mistakes of a configuration with their places', () => {
    expect(service.readConfig('route: {receiver: x}\nreceivers: [{name: y}]\n')).toEqual({
      ok: false,
      error: expect.stringMatching(/^config:1:\d+: undefined receiver "x" used in route$/),
    });
  });
});

describe('a scenario', () => {
  const mistakes = (written: unknown) => {
    const parsed = z.strictObject(scenarioShape).safeParse(written);
    if (!parsed.success) return mistakesOf(parsed.error).map(({ path, message }) => `${pathText(path)}: ${message}`);
    const made = scenarioOf(parsed.data, startMs, DEFAULT_SCENARIO_LIMITS);
    return made.ok ? [] : made.mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`);
  };
  const labels = { alertname: 'a' };

  it.each([
    ['an unknown key', { alerts: [{ labels, when: '5m' }] }, 'alerts[0].when: is not known here'],
    [
      'an unreadable time',
      { alerts: [{ labels, at: 'soon' }] },
      "alerts[0].at: expected a time such as 2026-01-31T12:00:00Z or, counted from the start, a duration such as 5m, got 'soon'",
    ],
    ['a time outside', { alerts: [{ labels, at: '2h' }] }, 'alerts[0].at: is outside of the scenario'],
    [
      'an end before the start',
      { alerts: [{ labels, at: '5m', endsAt: '4m' }] },
      'alerts[0].endsAt: is before its start',
    ],
    ['no labels', { alerts: [{ labels: { a: '' } }] }, 'alerts[0].labels: expected at least one label with a value'],
    ['too long a time', { duration: '32d' }, 'duration: expected at most 31d'],
    [
      'too many alerts',
      { alerts: Array.from({ length: 1_001 }, () => ({ labels })) },
      'alerts: expected at most 1000 of them',
    ],
    ['a bad matcher', { silences: [{ matchers: ['a'] }] }, 'silences[0].matchers[0]: bad matcher format: a'],
    ['no matchers', { silences: [{ matchers: [] }] }, 'silences[0].matchers: expected at least one matcher'],
    ['no duration', { duration: '0s' }, "duration: expected a duration such as 30s or 2h, got '0s'"],
  ])('is refused for %s', (_, written, mistake) => expect(mistakes(written)).toEqual([mistake]));
});
