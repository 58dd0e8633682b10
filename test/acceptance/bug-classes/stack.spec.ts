import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { alertsQueue } from '@tocsin/common/queue/alerts.queue';
import { openBullmqConsumer, openBullmqProducer } from '@tocsin/common/queue/bullmq-queue';
import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { openBackend } from '@tocsin/common/backend/backend.client';
import { nullLog } from '@tocsin/common/log/log';
import { machineClock } from '@tocsin/common/time/clock';
import { LEASE_MS, POISON_INTERVAL_MS } from '@tocsin/common/due-queue/due-queue';
import { afterEach, describe, expect, it } from 'vitest';
import { postAlerts } from '../../support/alertmanager-api';
import { anAlert } from '../../support/alerts';
import { startOwnRedis, startRedis, type RedisPlace } from '../../support/redis';
import { Started } from '../../support/started';
import { sleep, waitFor } from '../../support/wait-for';
import { gist, WebhookSink } from '../../support/webhook-sink';
import { InProcessNotifier } from '../support/in-process-notifier';
import { MovableClock } from '../support/movable-clock';
import { GROUP_INTERVAL_MS, GROUP_WAIT_MS, Pipeline } from '../support/pipeline';

const started = new Started();
afterEach(() => started.stopAll());

const config = (url: string, by = 'alertname') => `
route: { receiver: team, group_by: [${by}], group_wait: 300ms, group_interval: 1s, repeat_interval: 24h }
receivers:
  - { name: team, webhook_configs: [{ url: "${url}" }] }
`;

const gists = (sink: WebhookSink): string[] => sink.accepted.map((arrival) => gist(arrival)).sort();

/** What an evaluator hands over after one evaluation. */
function message(slotMs: number, ...alertnames: string[]): AlertsMessage {
  const alerts = alertnames.map((alertname) => ({
    labels: { alertname },
    annotations: {},
    startsAtMs: slotMs,
    endsAtMs: slotMs + 600_000,
    generatorURL: '',
  }));
  return { v: 1, ruleGroupId: 'rules', slotMs, alerts } as unknown as AlertsMessage;
}

async function redisBackend(place: RedisPlace) {
  const backend = await openBackend({
    redisUrl: place.url,
    redisPrefix: place.prefix,
    storagePath: '',
    clock: machineClock,
    log: nullLog,
  });
  if (backend.kind !== 'redis') throw new Error('expected Redis');
  await started.add({ stop: () => backend.close() });
  return backend;
}

describe('a job can run twice (BMQ#439, OptimalBits/bull#1310, PR#311)', () => {
  it('a message that several notifiers are handed, again and late, is told once', async () => {
    const redis = await started.add(startRedis());
    const sink = await started.add(WebhookSink.start());
    const start = () => started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), redis));
    await start();
    await start();
    const backend = await redisBackend(redis);
    const slotMs = Date.now();
    // The id guards only while the job exists: here it never does.
    for (let copy = 0; copy < 3; copy++) {
      const producer = openBullmqProducer({
        ...backend,
        contract: { ...alertsQueue, jobId: () => `copy-${copy}` },
        log: nullLog,
      });
      await producer.add(message(slotMs, 'a', 'b'));
      await producer.close();
      await sleep(400);
    }
    await waitFor('both', () => sink.accepted.length >= 2);
    await sleep(2_500);
    expect(gists(sink)).toEqual(['firing a', 'firing b']);
  });

  it('a deliverer that was paused past its lease sends nothing any more', async () => {
    const pipeline = Pipeline.inMemory();
    await pipeline.fire('a');
    pipeline.clock.set(pipeline.clock.nowMs() + GROUP_WAIT_MS);
    await pipeline.flush();
    // Paused between claim and sending, while another takes the delivery over.
    let isPaused = false;
    pipeline.countFromHere();
    pipeline.pause = async (_, what) => {
      if (what !== 'after load' || isPaused) return;
      isPaused = true;
      pipeline.clock.set(pipeline.clock.nowMs() + LEASE_MS + 1);
      await pipeline.deliver();
    };
    await pipeline.deliver();
    expect(isPaused).toBe(true);
    pipeline.pause = async () => {};
    await pipeline.workFor(2 * GROUP_INTERVAL_MS);
    expect(pipeline.heard).toEqual(['firing a']);
  });
});

it('a retained job with the same id swallows the next (BMQ#977, BMQ#1662): after attempts are spent the next slot gets through, and its id is new', async () => {
  const redis = await started.add(startRedis());
  const backend = await redisBackend(redis);
  const contract = { ...alertsQueue, attempts: 2, backoffMs: 10 };
  const handled: number[] = [];
  const consumer = openBullmqConsumer({
    ...backend,
    contract,
    concurrency: 1,
    log: nullLog,
    handle: async ({ slotMs }) => {
      handled.push(slotMs);
      if (slotMs === 1) throw new Error('cannot be handled');
    },
  });
  const producer = openBullmqProducer({ ...backend, contract, log: nullLog });
  await producer.add(message(1, 'a'));
  await waitFor('both attempts', () => handled.length === 2);
  const queue = new Queue(contract.name, { connection: backend.redis.commands, prefix: backend.keys.jobs() });
  await waitFor('the failed job', async () => (await queue.getFailedCount()) === 1);
  for (const slotMs of [2, 3, 4]) await producer.add(message(slotMs, 'a'));
  await waitFor('the next slots', () => handled.length === 5);
  expect(handled).toEqual([1, 1, 2, 3, 4]);
  // What went well leaves nothing behind that could swallow anything.
  await waitFor(
    'nothing left',
    async () => (await queue.getJobCounts('completed', 'active', 'wait', 'delayed'))['completed'] === 0,
  );
  await Promise.all([producer.close(), consumer.close(), queue.close()]);
});

it('delayed work is late after a disconnect (BMQ#1658): what fell due while Redis was away is done when it is back', async () => {
  const redis = await started.add(startOwnRedis());
  const sink = await started.add(WebhookSink.start());
  const slow = config(sink.url).replace('group_wait: 300ms', 'group_wait: 2s');
  const one = await started.add(InProcessNotifier.start(slow, new MovableClock(), redis));
  await postAlerts(one.url, [anAlert({ alertname: 'a' })]);
  const postedMs = Date.now();
  // Gone from before the due time to after it, and for less than the grace.
  redis.process?.signal('SIGSTOP');
  await sleep(3_500);
  expect(sink.accepted).toEqual([]);
  redis.process?.signal('SIGCONT');
  await waitFor('the page', () => sink.accepted.length === 1, { limitMs: 4_000 });
  expect(Date.now() - postedMs).toBeLessThan(8_000);
  await sleep(1_500);
  expect(gists(sink)).toEqual(['firing a']);
});

describe('one poison job stops later ones (OptimalBits/bull#1822)', () => {
  class Killed extends Error {}

  it('a notification that kills whoever sends it holds up no other, and is tried with the plain message, then once a minute', async () => {
    const pipeline = Pipeline.inMemory({ groupBy: ['alertname'] });
    const tried: { atMs: number; plain: boolean }[] = [];
    pipeline.answer = async ({ groupLabels, plain }) => {
      if (groupLabels['alertname'] !== 'poison') return { kind: 'delivered' };
      tried.push({ atMs: pipeline.clock.nowMs(), plain: plain === true });
      throw new Killed();
    };
    // Each kill is followed by another process on the same state.
    const live = async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        try {
          await pipeline.workFor(1_000, 1_000);
        } catch (error) {
          if (!(error instanceof Killed)) throw error;
          await pipeline.restart();
        }
      }
    };
    await pipeline.fire('poison');
    for (let turn = 0; turn < 12; turn++) {
      await pipeline.fire(`other${turn}`);
      await live(20_000);
    }
    const others = pipeline.heard.map((text) => text.replace('firing ', ''));
    expect(new Set(others).size).toBe(12);
    expect(tried.slice(0, 3).map(({ plain }) => plain)).toEqual([false, false, false]);
    expect(tried.slice(3).every(({ plain }) => plain)).toBe(true);
    const pauses = tried.slice(5).map(({ atMs }, index) => atMs - (tried[index + 4]?.atMs ?? 0));
    expect(pauses.length).toBeGreaterThan(1);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(POISON_INTERVAL_MS);
  });
});

it('eviction or failover loses acknowledged writes: an emptied Redis resolves nothing and repeats nothing', async () => {
  const redis = await started.add(startRedis());
  const sink = await started.add(WebhookSink.start());
  const one = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), redis));
  await postAlerts(
    one.url,
    ['a', 'b', 'c'].map((alertname) => anAlert({ alertname })),
  );
  await waitFor('all', () => sink.accepted.length === 3);
  await sleep(500);
  const admin = new Redis(redis.url);
  for await (const keys of admin.scanStream({ match: `*${redis.prefix}*`, count: 1_000 })) {
    if ((keys as string[]).length > 0) await admin.unlink(...(keys as string[]));
  }
  admin.disconnect();
  await sleep(3_000);
  expect(gists(sink)).toEqual(['firing a', 'firing b', 'firing c']);
  const alerts = (await (await fetch(`${one.url}/api/v2/alerts`)).json()) as unknown[];
  expect(alerts).toHaveLength(3);
});

it('hot keys and whole-set reads (AM#924, AM#3297): flushes with thousands of alerts read what they need, and Redis stalls for nobody', async () => {
  const redis = await started.add(startOwnRedis(['--appendonly', 'no']));
  const sink = await started.add(WebhookSink.start());
  const one = await started.add(InProcessNotifier.start(config(sink.url, 'group'), new MovableClock(), redis));
  const admin = new Redis(redis.url);
  const alerts = Array.from({ length: 4_000 }, (_, index) =>
    anAlert({ alertname: `a${index}`, group: `g${index % 20}` }),
  );
  await admin.config('RESETSTAT');
  for (let from = 0; from < alerts.length; from += 500) await postAlerts(one.url, alerts.slice(from, from + 500));
  await waitFor('all groups', () => sink.accepted.length >= 20, { limitMs: 20_000 });
  await sleep(1_500);
  const stats = await admin.info('commandstats');
  const calls = (command: string): number =>
    Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  for (const command of ['keys', 'hkeys', 'hvals']) expect([command, calls(command)]).toEqual([command, 0]);
  // The list of the instances, now and then; the records of a group, which are as many as its integrations.
  expect(calls('smembers')).toBeLessThan(20);
  expect(calls('hgetall')).toBeLessThan(alerts.length / 10);
  // A round trip is for a batch of alerts or of groups, never for one alert.
  const trips = ['evalsha', 'eval', 'fcall'].reduce((sum, command) => sum + calls(command), 0);
  expect(trips).toBeLessThan(alerts.length / 4);
  // What keeps Redis busy for everybody is the size of one command.
  const largest = Number(/client_recent_max_input_buffer:(\d+)/.exec(await admin.info('clients'))?.[1]);
  expect(largest).toBeGreaterThan(10_000);
  expect(largest).toBeLessThan(1_500_000);
  admin.disconnect();
});
