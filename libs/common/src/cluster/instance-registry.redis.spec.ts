import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Log, nullLog } from '../log/log';
import { FakeClock } from '../testing/fake-clock';
import { useRedis } from '../testing/redis-fixture';
import { type RedisConnection } from '../redis/redis-connection.client';
import { EmbeddedInstanceRegistry } from './embedded-instance-registry';
import { RedisInstanceRegistry } from './redis-instance-registry';

const redis = useRedis();
let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

const instance = (name: string) => ({ name, address: `${name}:9093` });
const open = (name: string, app = 'notifier', log: Log = nullLog, connection: RedisConnection = redis.connect()) =>
  new RedisInstanceRegistry({ app, self: instance(name), redis: connection, keys: redis.keys, clock, log });
const withConfig = (name: string, config: () => string) =>
  new RedisInstanceRegistry({
    app: 'notifier',
    self: instance(name),
    details: () => ({ config: config() }),
    redis: redis.connect(),
    keys: redis.keys,
    clock,
    log: nullLog,
  });

/** Sets a heartbeat off and waits for its answer, after which the next one is set. */
const heartbeat = async (others = 0): Promise<void> => {
  await clock.advance(1_000);
  await expect.poll(() => clock.pendingTimers).toBe(others + 1);
};

describe('RedisInstanceRegistry', () => {
  it('knows itself at once and the others from their heartbeats, by name', async () => {
    const [b, a] = [open('b'), open('a')];
    expect(b.live()).toEqual([instance('b')]);
    await b.start();
    await a.start();
    expect(a.live()).toEqual([instance('a'), instance('b')]);
    await heartbeat(1);
    expect(b.live()).toEqual([instance('a'), instance('b')]);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('tells applications apart', async () => {
    const [notifier, evaluator] = [open('n'), open('e', 'evaluator')];
    await notifier.start();
    await evaluator.start();
    expect(evaluator.live()).toEqual([instance('e')]);
    await Promise.all([notifier.stop(), evaluator.stop()]);
  });

  it('forgets one that left with the next heartbeat, and one that died after five seconds', async () => {
    const [a, left] = [open('a'), open('left')];
    await redis.admin.zadd(redis.keys.instances('notifier'), clock.nowMs(), 'died died:9093');
    await left.start();
    await a.start();
    expect(a.live().map(({ name }) => name)).toEqual(['a', 'died', 'left']);
    await left.stop();
    await heartbeat();
    expect(a.live().map(({ name }) => name)).toEqual(['a', 'died']);
    for (let n = 0; n < 4; n++) await heartbeat();
    expect(a.live().map(({ name }) => name)).toEqual(['a', 'died']);
    await heartbeat();
    expect(a.live().map(({ name }) => name)).toEqual(['a']);
    await a.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells what each says of itself, as it changes, and forgets it with the instance', async () => {
    let config = 'old';
    const [a, b] = [withConfig('a', () => config), withConfig('b', () => 'new')];
    await redis.admin.hset(redis.keys.instanceDetails('notifier'), 'died', '{}');
    await b.start();
    await a.start();
    config = 'newer';
    await heartbeat(1);
    await heartbeat(1);
    expect(b.live().map(({ name, details }) => [name, details])).toEqual([
      ['a', { config: 'newer' }],
      ['b', { config: 'new' }],
    ]);
    await a.stop();
    expect(await redis.admin.hkeys(redis.keys.instanceDetails('notifier'))).toEqual(['b']);
    await b.stop();
  });

  it('keeps what it knew while Redis is away, and says so once', async () => {
    const error = vi.fn();
    const connection = redis.connect();
    const [a, b] = [open('a', 'notifier', { ...nullLog, error }, connection), open('b')];
    await b.start();
    await a.start();
    connection.close();
    for (let n = 0; n < 3; n++) await heartbeat(1);
    expect(a.live().map(({ name }) => name)).toEqual(['a', 'b']);
    expect(error).toHaveBeenCalledTimes(1);
    await Promise.all([a.stop(), b.stop()]);
  });
});

describe('EmbeddedInstanceRegistry', () => {
  it('knows only itself', () => {
    expect(new EmbeddedInstanceRegistry(instance('a')).live()).toEqual([instance('a')]);
  });
});
