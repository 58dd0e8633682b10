import fc from 'fast-check';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { formatRfc3339Millis } from '@tocsin/common/time/rfc3339';
import { DEFAULT_SCENARIO_LIMITS, type Scenario } from '@tocsin/notifier/simulate/scenario';
import { scenarioOf, scenarioShape } from '@tocsin/notifier/simulate/scenario.schema';
import { SimulateService } from '@tocsin/notifier/simulate/simulate.service';
import { z } from 'zod';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type WebhookBody, WebhookSink } from '../support/webhook-sink';
import { ClockedNotifier } from './support/clocked-notifier';
import { DEFAULT_OPTIONS } from './support/in-process-notifier';

/** Source: the bug class "preview disagrees with reality": what `simulate` says is what a running notifier does. */

const startMs = Date.UTC(2026, 0, 5, 12);

let sink: WebhookSink;
beforeAll(async () => {
  sink = await WebhookSink.start();
});
afterAll(() => sink.stop());

/** A notification: when, to whom, of which group, why, and of which alerts. */
type Told = readonly [number, string, string, string, readonly string[]];

type Made<A> = A extends fc.Arbitrary<infer Value> ? Value : never;

const team = fc.constantFrom('a', 'b');
const severity = fc.constantFrom('critical', 'warning');
const matchers = fc.constantFrom('team="a"', 'team!="a"', 'severity="critical"', 'alertname=~"x|y"', 'team=~".+"');
const seconds = (...choices: number[]) => fc.constantFrom(...choices).map((count) => `${count}s`);

const route = fc.record({
  matchers: matchers.map((matcher) => [matcher]),
  receiver: fc.constantFrom('one', 'two', 'both'),
  continue: fc.boolean(),
  group_by: fc.constantFrom([], ['team'], ['alertname', 'team'], ['...']),
  group_wait: seconds(0, 5, 20),
  group_interval: seconds(10, 45, 120),
  repeat_interval: seconds(30, 200, 400),
  on_muted: fc.constantFrom('close', 'ignore'),
  mute_time_intervals: fc.constantFrom([], [], ['early']),
  active_time_intervals: fc.constantFrom([], [], [], ['early']),
});

const configs = fc.record({
  routes: fc.array(route, { minLength: 1, maxLength: 3 }),
  inhibits: fc.boolean(),
  sendsResolved: fc.boolean(),
});

const labels = fc.record({ alertname: fc.constantFrom('x', 'y', 'z'), team, severity });

/** No two things happen at the same ms: there each order would be right. */
const scenarios = fc.record({
  alerts: fc.array(fc.record({ labels, at: fc.nat(500), lasts: fc.option(fc.integer({ min: 1, max: 300 })) }), {
    minLength: 1,
    maxLength: 8,
  }),
  silences: fc.array(
    fc.record({
      matchers: matchers.map((one) => [one]),
      startsAt: fc.nat(300),
      lasts: fc.integer({ min: 1, max: 300 }),
    }),
    { maxLength: 2 },
  ),
});

function configText({ routes, inhibits, sendsResolved }: Made<typeof configs>): string {
  const to = (receiver: string, index: number, sends: boolean) => ({
    url: `${sink.url}${receiver}/${index}`,
    send_resolved: sends,
  });
  return JSON.stringify({
    route: { receiver: 'one', group_wait: '10s', group_interval: '30s', repeat_interval: '5m', routes },
    inhibit_rules: inhibits
      ? [{ source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: ['team'] }]
      : [],
    time_intervals: [{ name: 'early', time_intervals: [{ times: [{ start_time: '12:00', end_time: '12:04' }] }] }],
    receivers: [
      { name: 'one', webhook_configs: [to('one', 0, sendsResolved)] },
      { name: 'two', webhook_configs: [to('two', 0, true)] },
      { name: 'both', webhook_configs: [to('both', 0, true), to('both', 1, false)] },
    ],
  });
}

function scenarioFrom({ alerts, silences }: Made<typeof scenarios>): Scenario {
  const written = {
    duration: '15m',
    alerts: alerts.map(({ labels, at, lasts }, index) => ({
      labels,
      at: `${at}s${index + 1}ms`,
      ...(lasts !== null && { endsAt: `${at + lasts}s${100 + index}ms` }),
    })),
    silences: silences.map(({ matchers, startsAt, lasts }, index) => ({
      matchers,
      startsAt: `${startsAt}s${200 + index}ms`,
      endsAt: `${startsAt + lasts}s${300 + index}ms`,
    })),
  };
  const made = scenarioOf(z.strictObject(scenarioShape).parse(written), startMs, DEFAULT_SCENARIO_LIMITS);
  if (!made.ok) throw new Error(JSON.stringify(made.mistakes));
  return made.scenario;
}

async function simulated(config: string, scenario: Scenario): Promise<Told[]> {
  const service = new SimulateService('fallback', DEFAULT_OPTIONS.build);
  const read = service.readConfig(config);
  if (!read.ok) throw new Error(read.error);
  const result = await service.simulate(read.config, scenario);
  if (result.kind !== 'done') throw new Error(result.kind);
  return inOrder(
    result.simulation.notifications.map(({ atMs, integration, groupKey, reason, alerts }) => [
      atMs - startMs,
      integration.replace('/webhook', ''),
      groupKey,
      reason,
      alerts.map(({ fingerprint, endsAtMs }) => `${fingerprint} ${endsAtMs === 0 ? 'firing' : 'resolved'}`),
    ]),
  );
}

async function run(config: string, scenario: Scenario): Promise<Told[]> {
  const notifier = new ClockedNotifier(new FakeClock(startMs));
  const told: Told[] = [];
  sink.onArrival(({ body, path }) => {
    const { groupKey, notification_reason: reason, alerts } = body as WebhookBody & { notification_reason: string };
    const states = alerts.map(({ fingerprint, status }) => `${fingerprint} ${status}`);
    told.push([notifier.clock.nowMs() - startMs, path.slice(1), groupKey, reason, states]);
  });
  await notifier.start(config);
  for (const { matcherSets, startsAtMs, endsAtMs, createdBy, comment } of scenario.silences) {
    const matchers = (matcherSets[0] ?? []).map(({ name, op, value }) => ({
      name,
      value,
      isRegex: op.endsWith('~'),
      isEqual: op.startsWith('='),
    }));
    const times = { startsAt: formatRfc3339Millis(startsAtMs), endsAt: formatRfc3339Millis(endsAtMs) };
    await notifier.ask('POST', '/api/v2/silences', { matchers, ...times, createdBy, comment });
  }
  for (const { atMs, alert } of scenario.arrivals) {
    await notifier.passTo(atMs);
    await notifier.post([alert]);
  }
  await notifier.passTo(scenario.endMs);
  await notifier.stop();
  return inOrder(told);
}

/** What is told at the same instant has no order; ids of silences are made up. */
function inOrder(told: readonly Told[]): Told[] {
  const lines = told.map(([atMs, to, groupKey, reason, alerts]): Told => {
    const named = reason.replace(/silence .*/, 'a silence');
    return [atMs, to, groupKey, named, [...alerts].sort()];
  });
  return lines.sort((a, b) => a[0] - b[0] || (a.join() < b.join() ? -1 : 1));
}

it(
  'preview disagrees with reality (G#75307, G#80265): tells what a running notifier tells, at the same instants and for the same reasons',
  { timeout: 300_000 },
  async () => {
    let notifications = 0;
    await fc.assert(
      fc.asyncProperty(configs, scenarios, async (shape, written) => {
        const config = configText(shape);
        const scenario = scenarioFrom(written);
        const expected = await run(config, scenario);
        notifications += expected.length;
        expect(await simulated(config, scenario)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
    // Otherwise nothing was compared.
    expect(notifications).toBeGreaterThan(100);
  },
);
