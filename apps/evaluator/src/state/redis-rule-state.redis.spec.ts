import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { expect, it } from 'vitest';
import { RedisRuleStateStore } from './redis-rule-state.store';
import { ruleStateContract } from './rule-state.contract';
import { GROUP_RETENTION_MS } from './rule-state.store';

const redis = useRedis();

const open = () => new RedisRuleStateStore(redis.connect(), redis.keys);

ruleStateContract('RedisRuleStateStore', async () => ({
  store: open(),
  reopen: async () => open(),
  tearDown: async () => {},
}));

it('lets go of a group a week after its last evaluation', async () => {
  await open().save('g', { slotMs: 0, summary: '', written: new Map([['a', 'A']]), removed: [] });
  const leftMs = await redis.admin.pttl(redis.keys.ruleState('g'));
  expect(leftMs).toBeGreaterThan(GROUP_RETENTION_MS - 60_000);
  expect(leftMs).toBeLessThanOrEqual(GROUP_RETENTION_MS);
});
