import { type EmbeddedTable } from '@tocsin/common/embedded/embedded-table';
import { MemoryStore } from '@tocsin/common/embedded/memory.store';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, describe, expect, it } from 'vitest';
import { metric } from '../../support/alertmanager-api';
import { Started } from '../../support/started';
import { waitFor } from '../../support/wait-for';
import { type SinkBehaviour, WebhookSink } from '../../support/webhook-sink';
import { ClockedNotifier } from '../support/clocked-notifier';
import { GROUP_INTERVAL_MS, GROUP_WAIT_MS, Pipeline } from '../support/pipeline';
import { NOON_MS, Story } from '../support/story';

const started = new Started();
afterEach(() => started.stopAll());

const MINUTE_MS = 60_000;

/** A group for each alert. */
const config = (url: string, delivery = 'circuit_breaker: off', more = '') => `
global: { delivery: { ${delivery} } }
route:
  { receiver: team, group_by: [alertname], group_wait: 10s, group_interval: 1m, repeat_interval: 5m }
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }${more}] }
`;

interface DeadLetters {
  readonly deadLetters: readonly { error: string; attempts: number; groupLabels: Record<string, string> }[];
}

const deadLetters = async ({ notifier }: Story) =>
  ((await notifier.ask('GET', '/api/tocsin/v1/dead-letters')) as DeadLetters).deadLetters;

it('retry storm, memory growth on a dead receiver (AM#5018, GPAM PR#154, PR#160, AM#2659, AM#5182, AM#4503): an hour of churn against it leave nothing behind', async () => {
  const story = await Story.begin(started, (url) => config(url, 'circuit_breaker: { failures: 10, pause: 15s }'));
  const { notifier, sink } = story;
  await sink.behave({ kind: 'status', status: 503 });
  const sizes: { rows: number; timers: number; attempts: number }[] = [];
  for (let minute = 0; minute < 60; minute++) {
    await notifier.fire([`churn${minute}`]);
    if (minute >= 3) await notifier.end([`churn${minute - 3}`]);
    await notifier.pass(MINUTE_MS);
    const tables = ['due-log-groups', 'due-log-deliveries', 'notification-log', 'notification-expiry'];
    const rows = tables.reduce((sum, table) => sum + [...notifier.store.textTable(table).entries()].length, 0);
    sizes.push({ rows, timers: notifier.clock.pendingTimers, attempts: sink.arrivals.length });
  }
  const most = (of: 'rows' | 'timers', from: number, to: number) =>
    Math.max(...sizes.slice(from, to).map((size) => size[of]));
  // Records live on for two repeat intervals; from then on nothing grows.
  expect(most('rows', 45, 60)).toBeLessThanOrEqual(most('rows', 15, 30) + 4);
  expect(most('timers', 45, 60)).toBeLessThanOrEqual(most('timers', 15, 30) + 4);
  // With the circuit open one probe a pause: four a minute.
  expect((sizes[59]?.attempts ?? 0) - (sizes[19]?.attempts ?? 0)).toBeLessThanOrEqual(40 * 4 + 10);
  expect(story.told).toEqual([]);
  await sink.behave({ kind: 'accept' });
  await notifier.pass(2 * MINUTE_MS);
  expect(new Set(story.gists)).toEqual(new Set(['firing churn57', 'firing churn58', 'firing churn59']));
});

describe('silent failure or flood (AM#311, AM#2857, AM#5322, G#43733): a notification ends as delivered or as a dead letter, after a bounded number of attempts', () => {
  const status = (code: number): SinkBehaviour => ({ kind: 'status', status: code });
  it.each<[string, SinkBehaviour, number]>([
    ['rejected with 400', status(400), 1],
    ['rejected with 401', status(401), 1],
    ['rejected with 404', status(404), 1],
    ['rejected with 413', status(413), 1],
    ['throttled with 429', status(429), 20],
    ['failed with 500', status(500), 20],
    ['failed with 503', status(503), 20],
    ['refused by its host', { kind: 'refuse' }, 20],
  ])('%s', async (_, behaviour, most) => {
    const story = await Story.begin(started, config);
    const { notifier, sink } = story;
    await sink.behave(behaviour);
    await notifier.fire(['a']);
    await notifier.pass(69_999);
    expect(sink.arrivals.length).toBeLessThanOrEqual(most);
    // Its time is one group interval.
    await notifier.pass(2_000);
    const [letter, ...others] = await deadLetters(story);
    expect(letter).toMatchObject({ groupLabels: { alertname: 'a' }, error: expect.stringMatching(/\S/) as string });
    expect(others).toEqual([]);
    expect(await metric(notifier.url, 'tocsin_dead_letters')).toBe(1);
    await sink.behave({ kind: 'accept' });
    await notifier.pass(2 * MINUTE_MS);
    expect(story.gists).toEqual(['firing a']);
    expect(await deadLetters(story)).toEqual([]);
  });
});

it('throttle hides the first event (moira#591): a first page goes ahead of a storm that the rate limit holds back', async () => {
  const story = await Story.begin(started, (url) =>
    config(url, 'circuit_breaker: off, retry_for: 30m, rate_limit: { per_second: 0.2, burst: 1 }'),
  );
  const { notifier, sink } = story;
  await sink.behave({ kind: 'status', status: 503 });
  await notifier.fire(Array.from({ length: 20 }, (_, index) => `noise${index}`));
  await notifier.pass(3 * MINUTE_MS);
  await sink.behave({ kind: 'accept' });
  const beforeMs = notifier.clock.nowMs() - NOON_MS;
  await notifier.fire(['critical']);
  await notifier.pass(16_000);
  const line = story.told.find((text) => text.endsWith('firing critical'));
  // After group_wait the next attempt is its own: one in five seconds.
  expect(parseFloat(line ?? 'never') * 1_000 - beforeMs).toBeLessThanOrEqual(10_000 + 5_000);
});

it('cross-talk between destinations (Prom#16355): one that hangs delays no other, and is told when it answers', async () => {
  const other = await started.add(WebhookSink.start());
  const story = await Story.begin(started, (url) => config(url, 'circuit_breaker: off', `, { url: "${other.url}" }`));
  const { notifier, sink } = story;
  let answer = (): void => {};
  await sink.behave({ kind: 'accept', after: new Promise((resolve) => (answer = resolve)) });
  notifier.held = 3;
  await notifier.fire(['a', 'b', 'c']);
  await notifier.pass(10_000);
  await waitFor('the others', () => other.accepted.length === 3);
  expect(sink.accepted).toEqual([]);
  await waitFor('the attempts', () => sink.arrivals.length === 3);
  notifier.held = 0;
  answer();
  await sink.behave({ kind: 'accept' });
  await notifier.pass(MINUTE_MS);
  expect([...story.gists].sort()).toEqual(['firing a', 'firing b', 'firing c']);
});

it('cross-talk between destinations (Prom#17063): what one makes of its message, others and later messages do not see', async () => {
  const pipeline = await Pipeline.open(2);
  try {
    const seen: string[] = [];
    pipeline.answer = async ({ alerts, groupLabels, routeLabels }, index) => {
      seen.push(`${index} ${alerts.map(({ labels, annotations }) => JSON.stringify([labels, annotations])).join()}`);
      for (const { labels, annotations } of alerts) {
        Object.assign(labels, { spoilt: 'yes' });
        Object.assign(annotations, { spoilt: 'yes' });
      }
      Object.assign(groupLabels, { spoilt: 'yes' });
      Object.assign(routeLabels, { spoilt: 'yes' });
      (alerts as unknown[]).reverse();
      return { kind: 'delivered' };
    };
    await pipeline.fire('a');
    await pipeline.workFor(GROUP_WAIT_MS);
    await pipeline.fire('b');
    await pipeline.workFor(GROUP_INTERVAL_MS);
    const [one, two] = ['a', 'b'].map((alertname) => JSON.stringify([{ alertname }, {}]));
    expect(seen.sort()).toEqual([`0 ${one}`, `0 ${one},${two}`, `1 ${one}`, `1 ${one},${two}`]);
  } finally {
    await pipeline.close();
  }
});

/** A store of which one table cannot be written. */
class FailingStore extends MemoryStore {
  failures = 0;

  constructor(private readonly broken: string) {
    super();
  }

  override textTable(name: string): EmbeddedTable<string> {
    const table = super.textTable(name);
    if (name !== this.broken) return table;
    const fail = (): never => {
      this.failures++;
      throw new Error('no space left on device');
    };
    return { ...table, put: fail, remove: fail };
  }
}

it('notification skipped because a side write failed (VM#10376): a timeline that cannot be written changes nothing that is told', async () => {
  const play = async (store: MemoryStore): Promise<string[]> => {
    const clock = new FakeClock(NOON_MS);
    const story = await Story.begin(started, config, {}, new ClockedNotifier(clock, {}, store));
    await story.notifier.fire(['a', 'b']);
    await story.notifier.silence({ alertname: 'b' }, 120_000);
    await story.notifier.pass(400_000);
    await story.notifier.end(['a', 'b']);
    await story.notifier.pass(120_000);
    return [...story.told].sort();
  };
  const broken = new FailingStore('timeline');
  const expected = await play(new MemoryStore());
  expect(expected).toHaveLength(5);
  expect(await play(broken)).toEqual(expected);
  expect(broken.failures).toBeGreaterThan(0);
});
