import { Queue } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nullLog } from '../log/log';
import { RedisConnection } from '../redis/redis-connection.client';
import { useProgram } from '../testing/child-program';
import { useRedis } from '../testing/redis-fixture';
import { RedisServer } from '../testing/redis-server';
import { openBullmqConsumer, openBullmqProducer } from './bullmq-queue';
import { type Greeting, greetings, queueContract } from './queue.contract';
import { defineQueue } from './queue-contract';

const redis = useRedis();
const options = () => ({ contract: greetings, redis: redis.connect(), keys: redis.keys, log: nullLog });

queueContract('BullmqQueue', () => ({
  producer: openBullmqProducer(options()),
  consume: (handle) => openBullmqConsumer({ ...options(), handle, concurrency: 1 }),
}));

describe('BullmqQueue', () => {
  it('keeps all its keys under the hash tag, and none of a handled message but its own bookkeeping', async () => {
    const producer = openBullmqProducer(options());
    let handled = 0;
    const consumer = openBullmqConsumer({ ...options(), handle: async () => void handled++, concurrency: 1 });
    await producer.add({ v: 1, to: 'a' });
    await expect.poll(() => handled).toBe(1);
    await consumer.close();
    await producer.close();
    const keys = await redis.admin.keys(`*${redis.prefix}*`);
    expect(keys.filter((key) => !key.startsWith(`{${redis.prefix}}:jobs:greetings:`))).toEqual([]);
    expect(keys.filter((key) => key.includes('greet-a'))).toEqual([]);
  });

  it('puts a message of an unknown version back for a newer consumer', async () => {
    const payload = z.looseObject({ v: z.literal(2), to: z.string() });
    const newer = defineQueue({ ...greetings, payload, jobId: ({ to }) => to });
    const producer = openBullmqProducer({ ...options(), contract: newer });
    const [old, young]: [Greeting[], unknown[]] = [[], []];
    const oldConsumer = openBullmqConsumer({
      ...options(),
      handle: async (message) => void old.push(message),
      concurrency: 1,
    });
    await producer.add({ v: 2, to: 'a' });
    const jobs = new Queue('greetings', { connection: redis.connect().commands, prefix: redis.keys.jobs() });
    await expect.poll(() => jobs.getDelayedCount()).toBe(1);
    const youngConsumer = openBullmqConsumer({
      ...options(),
      contract: newer,
      handle: async (message) => void young.push(message),
      concurrency: 1,
    });
    await oldConsumer.close();
    await expect.poll(() => young, { timeout: 10_000 }).toEqual([{ v: 2, to: 'a' }]);
    expect(old).toEqual([]);
    await Promise.all([producer.close(), youngConsumer.close(), jobs.close()]);
  });

  it('keeps a message of another form where it can be looked at', async () => {
    const producer = openBullmqProducer(options());
    const consumer = openBullmqConsumer({ ...options(), handle: async () => undefined, concurrency: 1 });
    await producer.add({ v: 1 } as unknown as Greeting);
    const jobs = new Queue('greetings', { connection: redis.connect().commands, prefix: redis.keys.jobs() });
    await expect.poll(() => jobs.getFailedCount()).toBe(1);
    expect((await jobs.getFailed())[0]).toMatchObject({ attemptsMade: 1, failedReason: expect.stringContaining('to') });
    await Promise.all([producer.close(), consumer.close(), jobs.close()]);
  });

  it('adds a message that is still there only once', async () => {
    const producer = openBullmqProducer(options());
    await producer.add({ v: 1, to: 'a' });
    await producer.add({ v: 1, to: 'a' });
    const jobs = new Queue('greetings', { connection: redis.connect().commands, prefix: redis.keys.jobs() });
    expect(await jobs.getWaitingCount()).toBe(1);
    await Promise.all([producer.close(), jobs.close()]);
  });
});

it('leaves it to the connection to say that Redis is away', async () => {
  const server = await RedisServer.start();
  const lines: string[] = [];
  const log = { ...nullLog, error: (message: string) => void lines.push(message) };
  const connection = new RedisConnection({ url: server.url, log });
  const parts = { contract: greetings, redis: connection, keys: redis.keys, log };
  let handled = 0;
  const consumer = openBullmqConsumer({ ...parts, handle: async () => void handled++, concurrency: 1 });
  await openBullmqProducer(parts).add({ v: 1, to: 'a' });
  await expect.poll(() => handled).toBe(1);
  await server.stop();
  await expect.poll(() => lines, { timeout: 5_000 }).toContain('Redis is not reachable');
  await new Promise((done) => setTimeout(done, 1_000));
  expect(new Set(lines)).toEqual(new Set(['Redis is not reachable']));
  await consumer.close();
  connection.close();
});

describe('BullmqQueue when a consumer is killed', () => {
  const hold = useProgram(`
    import { z } from 'zod';
    import { nullLog } from '@tocsin/common/log/log';
    import { openBullmqConsumer } from '@tocsin/common/queue/bullmq-queue';
    import { defineQueue } from '@tocsin/common/queue/queue-contract';
    import { RedisConnection } from '@tocsin/common/redis/redis-connection.client';
    import { redisKeys } from '@tocsin/common/redis/redis-keys';
    const [, , url, prefix] = process.argv;
    const contract = defineQueue({ name: 'greetings', payload: z.any(), jobId: () => 'x', attempts: 3, backoffMs: 10 });
    const handle = () => { console.log('held'); return new Promise(() => {}); };
    const redis = new RedisConnection({ url, name: prefix, log: nullLog });
    openBullmqConsumer({ contract, redis, keys: redisKeys(prefix), log: nullLog, handle, concurrency: 1 });
  `);

  it('hands its message to another one within seconds', async () => {
    const producer = openBullmqProducer(options());
    const holder = hold([redis.url, redis.prefix]);
    await producer.add({ v: 1, to: 'a' });
    expect(await holder.firstLine()).toBe('held');
    await holder.kill();
    const got: Greeting[] = [];
    const consumer = openBullmqConsumer({
      ...options(),
      handle: async (message) => void got.push(message),
      concurrency: 1,
    });
    await expect.poll(() => got, { timeout: 12_000 }).toEqual([{ v: 1, to: 'a' }]);
    await Promise.all([producer.close(), consumer.close()]);
  });
});
