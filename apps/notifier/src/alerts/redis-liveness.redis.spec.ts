import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { describeLiveness } from './liveness.contract';
import { RedisLiveness } from './redis-liveness.store';

const redis = useRedis();

describeLiveness('redis', async () => {
  const open = () => new RedisLiveness(redis.connect().commands, redis.keys);
  return { a: open(), b: open(), isShared: true, reopen: async () => open(), close: async () => {} };
});
