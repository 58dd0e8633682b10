import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { Started } from '../../support/started';
import { GROUP_INTERVAL_MS, GROUP_WAIT_MS, Pipeline } from '../support/pipeline';
import { linesOf, simulated } from '../support/simulated';
import { Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const url = 'http://127.0.0.1:1/';

/** One group a team; whatever is muted is closed. */
const closing = (to: string) => `
global: { delivery: { circuit_breaker: off } }
route:
  receiver: team
  on_muted: close
  group_by: [team]
  group_wait: 10s
  group_interval: 30s
  repeat_interval: 5m
  routes: [{ matchers: [team!=""], mute_time_intervals: [lunch] }]
inhibit_rules:
  - { source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [team] }
time_intervals:
  - { name: lunch, time_intervals: [{ times: [{ start_time: "12:08", end_time: "12:12" }] }] }
receivers:
  - { name: team, webhook_configs: [{ url: "${to}" }] }
`;

const seconds = (least: number, most: number) => fc.integer({ min: least, max: most });
const teams = fc.constantFrom('a', 'b');

const episodes = fc.array(
  fc.record({
    name: fc.constantFrom('x', 'y', 'z'),
    team: teams,
    severity: fc.constantFrom('critical', 'warning'),
    at: seconds(0, 900),
    lasts: seconds(1, 400),
  }),
  { minLength: 1, maxLength: 8 },
);
const mutes = fc.array(fc.record({ team: teams, at: seconds(0, 900), lasts: seconds(1, 300) }), { maxLength: 3 });

it('resolve lost or orphaned (AM#2060, AM#2570, AM#2675, AM#2754, AM#3664, G#87007): with on_muted: close each alert is opened before it is closed, and closed in the end', async () => {
  let closes = 0;
  await fc.assert(
    fc.asyncProperty(episodes, mutes, async (alerts, silences) => {
      const { notifications } = await simulated(closing(url), {
        duration: '40m',
        alerts: alerts.map(({ name, team, severity, at, lasts }, index) => ({
          labels: { alertname: name, team, severity },
          at: `${at}s${index + 1}ms`,
          endsAt: `${at + lasts}s`,
        })),
        silences: silences.map(({ team, at, lasts }) => ({
          matchers: [`team="${team}"`],
          startsAt: `${at}s`,
          endsAt: `${at + lasts}s`,
        })),
      });
      const open = new Set<string>();
      for (const { alerts } of notifications) {
        for (const { fingerprint, endsAtMs } of alerts) {
          if (endsAtMs === 0) open.add(fingerprint);
          else {
            expect(open.delete(fingerprint)).toBe(true);
            closes++;
          }
        }
      }
      expect([...open]).toEqual([]);
    }),
    { numRuns: 150 },
  );
  // Otherwise nothing was looked at.
  expect(closes).toBeGreaterThan(100);
});

it('resolve lost or orphaned (AM#2675): an alert that ends while it is muted and the notifier is down is closed after the start', async () => {
  const { notifier, told } = await opened(closing);
  await notifier.silence({ team: 'a' }, 60_000);
  await notifier.halt();
  notifier.clock.set(notifier.clock.nowMs() + 3_000);
  await notifier.start();
  await notifier.end(['x'], { team: 'a', severity: 'critical' });
  await notifier.pass(120_000);
  expect(told()).toEqual(['10s firing x', '40s resolved x']);
});

it('resolve lost or orphaned (AM#2754): the end of what was told waits for a receiver that is down', async () => {
  const { notifier, sink, told } = await opened(closing);
  await sink.behave({ kind: 'status', status: 503 });
  await notifier.end(['x'], { team: 'a', severity: 'critical' });
  await notifier.pass(300_000);
  expect(told()).toEqual(['10s firing x']);
  await sink.behave({ kind: 'accept' });
  await notifier.pass(60_000);
  expect(told().map((line) => line.replace(/^\S+ /, ''))).toEqual(['firing x', 'resolved x']);
});

it('resolve without firing (AM#878): an alert that ends within group_wait is never told', async () => {
  expect(
    linesOf(await simulated(closing(url), { alerts: [{ labels: { alertname: 'x', team: 'a' }, endsAt: '9s' }] })),
  ).toEqual([]);
  const plain = closing(url).replace('on_muted: close', 'on_muted: ignore');
  const scenario = {
    alerts: [
      { labels: { alertname: 'x', team: 'a' }, endsAt: '9s' },
      { labels: { alertname: 'y', team: 'a' }, at: '5s', endsAt: '20s' },
    ],
  };
  expect(linesOf(await simulated(closing(url), scenario))).toEqual(['10s firing y', '40s resolved y']);
  // Alertmanager lets an end that came before the first notification go along with it; alone it says nothing.
  expect(linesOf(await simulated(plain, scenario))).toEqual(['10s firing y; resolved x', '40s resolved y']);
  expect(linesOf(await simulated(plain, { alerts: scenario.alerts.slice(0, 1) }))).toEqual([]);
});

it('resolve without firing (AM#878): nor when its receiver was down all the while it fired', async () => {
  const { notifier, sink, tried, told } = await begun(closing);
  await sink.behave({ kind: 'status', status: 503 });
  await notifier.fire(['x'], { team: 'a', severity: 'critical' });
  await notifier.pass(90_000);
  await notifier.end(['x'], { team: 'a', severity: 'critical' });
  await notifier.pass(60_000);
  await sink.behave({ kind: 'accept' });
  await notifier.pass(300_000);
  expect(new Set(tried().map((line) => line.replace(/^\S+ /, '')))).toEqual(new Set(['firing x']));
  expect(told()).toEqual([]);
});

it('receiver left in the wrong final state (AM#2447, AM#598, PR#703): after quiet the last message is the truth, whatever failed before', async () => {
  const steps = fc.array(
    fc.record({
      fires: fc.subarray(['a', 'b']),
      isDown: fc.boolean(),
      isLost: fc.boolean(),
      restarts: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(steps, fc.subarray(['a', 'b']), async (trace, last) => {
      const pipeline = Pipeline.inMemory({ onMuted: 'close' });
      try {
        for (const { fires, isDown, isLost, restarts } of [...trace, { ...CALM, fires: last }]) {
          pipeline.answer = async (notification) => {
            if (!isDown) return { kind: 'delivered' };
            if (!isLost) return { kind: 'retryable', reason: 'serverError', message: 'unexpected status code 503' };
            pipeline.hear(notification);
            return { kind: 'retryable', reason: 'other', message: 'other side closed', mayBeHeard: true };
          };
          if (fires.length > 0) await pipeline.fire(...fires);
          const over = ['a', 'b'].filter((name) => !fires.includes(name));
          if (over.length > 0) await pipeline.resolve(...over);
          await pipeline.workFor(GROUP_WAIT_MS + GROUP_INTERVAL_MS);
          if (restarts) await pipeline.restart();
        }
        // Long enough for a circuit breaker that has opened, too.
        await pipeline.workFor(30_000 + 2 * GROUP_INTERVAL_MS);
        expect(firingBy(pipeline.heard)).toEqual(last);
      } finally {
        await pipeline.close();
      }
    }),
    { numRuns: 200 },
  );
});

const CALM = { isDown: false, isLost: false, restarts: false };

/** What somebody who heard all this takes for firing. */
function firingBy(heard: readonly string[]): string[] {
  const firing = new Set<string>();
  for (const part of heard.flatMap((message) => message.split('; '))) {
    const [status, names = ''] = part.split(' ');
    for (const name of names.split(',')) {
      if (status === 'firing') firing.add(name);
      else firing.delete(name);
    }
  }
  return [...firing].sort();
}

async function begun(config: (url: string) => string) {
  const story = await Story.begin(started, config);
  return { notifier: story.notifier, sink: story.sink, told: () => story.told, tried: () => story.tried };
}

async function opened(config: (url: string) => string) {
  const story = await begun(config);
  await story.notifier.fire(['x'], { team: 'a', severity: 'critical' });
  await story.notifier.pass(15_000);
  expect(story.told()).toEqual(['10s firing x']);
  return story;
}
