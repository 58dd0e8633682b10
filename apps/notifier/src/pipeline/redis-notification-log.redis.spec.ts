import { setTimeout as sleep } from 'node:timers/promises';
import { RedisDueQueue } from '@tocsin/common/due-queue/redis-due-queue';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { describeNotificationLog } from './notification-log.contract';
import { RedisNotificationLog } from './redis-notification-log.store';

const redis = useRedis();

describeNotificationLog('redis', async () => {
  const clock = new FakeClock();
  const { keys } = redis;
  const open = () => new RedisNotificationLog({ redis: redis.connect().commands, keys, clock });
  return {
    a: open(),
    b: open(),
    groups: new RedisDueQueue({ queue: 'groups', redis: redis.connect(), keys, clock }),
    deliveries: new RedisDueQueue({ queue: 'deliveries', redis: redis.connect(), keys, clock }),
    clock,
    changeBook: () => redis.admin.incr(keys.alertPosition()),
    async elapse(ms) {
      await clock.advance(ms);
      await sleep(ms);
    },
    reopen: async () => open(),
    close: async () => {},
  };
});
