import { type TimeInterval } from '@tocsin/notifier/time-intervals/time-interval';
import { slowlyContainsTime, ZONES } from '@tocsin/notifier/time-intervals/testing/slow-calendar';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { type Clock, MachineClock } from '@tocsin/common/time/clock';
import { afterEach, describe, expect, it } from 'vitest';
import { checkConfig } from '@tocsin/notifier/config/check-config';
import { compileConfig } from '@tocsin/notifier/config/compile-config';
import { Started } from '../../support/started';
import { ClockedNotifier } from '../support/clocked-notifier';
import { simulated } from '../support/simulated';
import { NOON_MS, Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const HOUR_MS = 3_600_000;
/** How long each of the alerts below fires. */
const LASTS_MS = 6 * HOUR_MS;

const config = (url: string) => `
route: { receiver: team, group_by: [alertname], group_wait: 10s, group_interval: 30s, repeat_interval: 5m }
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

/** A machine whose wall clock can be set while its monotonic clock, which is the test's, runs on. */
class SetClock implements Clock {
  private readonly machine: MachineClock;

  constructor(
    private readonly clock: FakeClock,
    private offsetMs = 0,
  ) {
    const startMs = clock.nowMs();
    this.machine = new MachineClock(
      () => clock.nowMs() + this.offsetMs,
      () => clock.nowMs() - startMs,
    );
  }

  setBy(ms: number): void {
    this.offsetMs += ms;
  }

  nowMs(): number {
    return this.machine.nowMs();
  }

  setTimer(delayMs: number, run: () => void) {
    return this.clock.setTimer(delayMs, run);
  }
}

/** Confirms an alert every minute; `senderMs` is what the clock of its sender is ahead once the wall clock was set. */
async function play(setByMs: number, senderMs: number): Promise<Story> {
  const clock = new FakeClock(NOON_MS);
  const wall = new SetClock(clock);
  const story = await Story.begin(started, config, {}, new ClockedNotifier(clock, {}, undefined, wall));
  const confirm = (aheadMs: number): Promise<void> => {
    const endsAtMs = clock.nowMs() + aheadMs + 240_000;
    return story.notifier.post([{ labels: { alertname: 'a' }, startsAtMs: NOON_MS, endsAtMs }]);
  };
  await confirm(0);
  await story.notifier.pass(100_000);
  wall.setBy(setByMs);
  for (let minute = 0; minute < 6; minute++) {
    await story.notifier.pass(60_000);
    await confirm(senderMs);
  }
  return story;
}

describe('clock trouble (VM#10985, AM#2646, AM#3368)', () => {
  it('a wall clock set back by an hour changes nothing that is told, and when', async () => {
    const undisturbed = await play(0, 0);
    const set = await play(-HOUR_MS, 0);
    expect(undisturbed.told).toEqual(['10s firing a', '340s firing a']);
    expect(set.told).toEqual(undisturbed.told);
  });

  it('a wall clock set forward by an hour resolves nothing: it looks like a suspension', async () => {
    const { told, gists } = await play(HOUR_MS, HOUR_MS);
    expect(new Set(gists)).toEqual(new Set(['firing a']));
    // The repeat interval is over for it, once, and counts from there.
    expect(told.length).toBeLessThanOrEqual(3);
  });

  it('false resolve by expiry (AM#952, Prom#5277, VM#1665): nor does time in which the process did not run', async () => {
    const story = await Story.begin(started, config);
    const { notifier } = story;
    await notifier.fire(['a'], {}, 240_000);
    await notifier.pass(20_000);
    await notifier.halt();
    notifier.clock.set(notifier.clock.nowMs() + 2 * HOUR_MS);
    await notifier.start();
    await notifier.pass(120_000);
    expect(new Set(story.gists)).toEqual(new Set(['firing a']));
    // Nobody confirms it: it ends once the lifetime it had left is over.
    await notifier.pass(180_000);
    expect(story.gists.at(-1)).toBe('resolved a');
  });
});

/** The mute of a route, as the configuration's own reader makes it. */
function intervalOf(interval: string): TimeInterval {
  const text = muted('http://127.0.0.1:1/', interval);
  const checked = checkConfig(text, 'fallback');
  if (!checked.ok) throw new Error(checked.findings.map(({ message }) => message).join());
  const [found] = compileConfig(checked.file, text).timeIntervals.get('mute') ?? [];
  if (found === undefined) throw new Error('expected a time interval');
  return found;
}

/** Everything is muted in the interval; a group for each alert, flushed every ten minutes. */
const muted = (url: string, interval: string) => `
route:
  receiver: team
  group_by: [alertname]
  group_wait: 0s
  group_interval: 10m
  repeat_interval: 30d
  routes: [{ matchers: [alertname!=""], mute_time_intervals: [mute] }]
time_intervals:
  - { name: mute, time_intervals: [${interval}] }
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

/** When each of the alerts is told first, and when a slow calendar says it must be. */
async function compare(interval: string, startMs: number, everyMs: number, count: number): Promise<number> {
  const slow = intervalOf(interval);
  const begins = Array.from({ length: count }, (_, index) => startMs + index * everyMs);
  const { notifications } = await simulated(
    muted('http://127.0.0.1:1/', interval),
    {
      duration: `${Math.round((count * everyMs + LASTS_MS) / 1_000)}s`,
      alerts: begins.map((atMs, index) => ({
        labels: { alertname: `a${index}` },
        at: new Date(atMs).toISOString(),
        endsAt: new Date(atMs + LASTS_MS).toISOString(),
      })),
    },
    startMs,
  );
  let delayed = 0;
  for (const [index, atMs] of begins.entries()) {
    let expectedMs = atMs;
    while (slowlyContainsTime(slow, expectedMs) && expectedMs < atMs + LASTS_MS) expectedMs += 600_000;
    const first = notifications.find(({ alerts: [alert] }) => alert?.labels['alertname'] === `a${index}`);
    const expected = expectedMs < atMs + LASTS_MS ? new Date(expectedMs).toISOString() : null;
    expect([atMs, first ? new Date(first.atMs).toISOString() : null]).toEqual([atMs, expected]);
    if (expectedMs > atMs) delayed++;
  }
  return delayed;
}

describe('clock trouble (AM#5447): mutes end and begin by local time when clocks change', () => {
  const days: Readonly<Record<string, readonly [string, string]>> = {
    'Europe/Berlin': ['2026-03-29', '2026-10-25'],
    'America/New_York': ['2026-03-08', '2026-11-01'],
    'America/St_Johns': ['2026-03-08', '2026-11-01'],
    'Australia/Sydney': ['2026-10-04', '2026-04-05'],
    'Australia/Lord_Howe': ['2026-10-04', '2026-04-05'],
  };
  it.each(ZONES.flatMap((zone) => (days[zone] ?? []).map((day) => [zone, day] as const)))(
    'in %s on %s',
    async (zone, day) => {
      const interval = `{ times: [{ start_time: "01:30", end_time: "03:15" }], location: ${zone} }`;
      // From the evening before in UTC, so that the night is in it wherever the zone is.
      const startMs = Date.parse(`${day}T00:00:00Z`) - 12 * HOUR_MS;
      expect(await compare(interval, startMs, 17 * 60_000, 100)).toBeGreaterThan(1);
    },
  );

  it.each([
    ['29 Feb is the last day of its month', "{ days_of_month: ['-1'] }", '2028-02-27T12:00:00Z'],
    ['28 Feb is, in other years', "{ days_of_month: ['-1'], location: Australia/Sydney }", '2027-02-26T12:00:00Z'],
    [
      'the last three days, over the change of clocks',
      "{ days_of_month: ['-3:-1'], location: Europe/Berlin }",
      '2026-03-28T12:00:00Z',
    ],
    ['29 Feb by its number', "{ days_of_month: ['29'], months: ['2'] }", '2028-02-28T12:00:00Z'],
    ['a month from its end', "{ days_of_month: ['-29:-28'], months: ['february'] }", '2028-01-31T12:00:00Z'],
  ])('%s', async (_, interval, start) => {
    expect(await compare(interval, Date.parse(start), 47 * 60_000, 75)).toBeGreaterThan(3);
  });
});
