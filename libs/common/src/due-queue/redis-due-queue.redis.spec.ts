import { describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock';
import { useRedis } from '../testing/redis-fixture';
import { dueQueueContract } from './due-queue.contract';
import { RedisDueQueue } from './redis-due-queue';

const redis = useRedis();

dueQueueContract('RedisDueQueue', async () => ({
  open: async (clock) => {
    const queue = new RedisDueQueue({ queue: 'q', redis: redis.connect(), keys: redis.keys, clock });
    await queue.start();
    return queue;
  },
  close: async () => undefined,
}));

describe('RedisDueQueue', () => {
  it('hands out greater numbers after Redis lost its data', async () => {
    const clock = new FakeClock();
    const queue = new RedisDueQueue({ queue: 'q', redis: redis.connect(), keys: redis.keys, clock });
    const revisionOf = async (): Promise<number> => {
      await queue.arm([{ lane: 'a', id: 'x', dueMs: clock.nowMs(), mode: 'keep' }]);
      const { claims } = await queue.claim([{ lane: 'a', max: 1 }], 4_000);
      return claims[0]?.revision ?? 0;
    };
    const before = await revisionOf();
    await redis.admin.del(redis.keys.dueCounter('q'), redis.keys.due('q', 'a'), redis.keys.dueMeta('q', 'a'));
    await clock.advance(1);
    expect(await revisionOf()).toBeGreaterThan(before);
  });

  it('claims a member whose metadata is gone', async () => {
    const clock = new FakeClock();
    const queue = new RedisDueQueue({ queue: 'q', redis: redis.connect(), keys: redis.keys, clock });
    await redis.admin.zadd(redis.keys.due('q', 'a'), clock.nowMs() - 1, 'x');
    const { claims } = await queue.claim([{ lane: 'a', max: 1 }], 4_000);
    expect(claims).toMatchObject([{ id: 'x', unfinished: 0, dueMs: clock.nowMs() - 1 }]);
  });

  it('leaves nothing behind but its counter when its members are gone', async () => {
    const clock = new FakeClock();
    const queue = new RedisDueQueue({ queue: 'q', redis: redis.connect(), keys: redis.keys, clock });
    await queue.arm([{ lane: 'a', id: 'x', dueMs: clock.nowMs(), mode: 'keep' }]);
    const { claims } = await queue.claim([{ lane: 'a', max: 1 }], 4_000);
    await queue.complete(claims.map((claim) => ({ claim, unchanged: null, changed: 0 })));
    expect(await redis.admin.keys(`{${redis.prefix}}:*`)).toEqual([redis.keys.dueCounter('q')]);
  });
});
