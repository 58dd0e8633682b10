import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { expect, it } from 'vitest';
import { RedisTimeline } from './redis-timeline.store';
import { CONTRACT_LIMITS, describeTimelineStore } from './timeline-store.contract';

const redis = useRedis();

const event = { atMs: 0, kind: 'system', message: 'x' } as const;

const open = (clock: FakeClock) =>
  new RedisTimeline({ redis: redis.connect().commands, keys: redis.keys, clock, limits: CONTRACT_LIMITS });

describeTimelineStore('redis', async () => {
  const clock = new FakeClock();
  return { a: open(clock), b: open(clock), clock, reopen: async () => open(clock) };
});

it('lets what was said expire', async () => {
  const clock = new FakeClock();
  await open(clock).append([{ ...event, state: { key: 'key', value: 'a' } }]);
  const period = String(Math.floor(clock.nowMs() / CONTRACT_LIMITS.retentionMs));
  const leftMs = await redis.admin.pttl(redis.keys.timelineStates(period));
  expect(leftMs).toBeGreaterThan(CONTRACT_LIMITS.retentionMs);
  expect(leftMs).toBeLessThanOrEqual(2 * CONTRACT_LIMITS.retentionMs);
});

it('trims many small entries for a large one', async () => {
  const timeline = open(new FakeClock());
  for (let index = 0; index < 99; index++) await timeline.append([event]);
  await timeline.append(Array.from({ length: 90 }, () => event));
  expect(await redis.admin.xlen(redis.keys.timeline())).toBe(11);
});
