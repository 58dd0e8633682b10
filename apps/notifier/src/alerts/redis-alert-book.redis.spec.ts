import { RedisDueQueue } from '@tocsin/common/due-queue/redis-due-queue';
import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { describeAlertBook } from './alert-book.contract';
import { RedisAlertBook } from './redis-alert-book.store';

const redis = useRedis();

async function openBook(clock: FakeClock, instance: string): Promise<RedisAlertBook> {
  const connection = redis.connect();
  const book = new RedisAlertBook({
    redis: connection.commands,
    blocking: connection.blocking(),
    keys: redis.keys,
    clock,
    log: nullLog,
    instance,
  });
  await book.start();
  return book;
}

describeAlertBook('redis', async () => {
  const clock = new FakeClock();
  const books = [await openBook(clock, 'a'), await openBook(clock, 'b')] as const;
  const opened: RedisAlertBook[] = [...books];
  const groups = new RedisDueQueue({ queue: 'groups', redis: redis.connect(), keys: redis.keys, clock });
  return {
    a: books[0],
    b: books[1],
    clock,
    position: async () => Number(await redis.admin.get(redis.keys.alertPosition())),
    dueTimes: (lane, ids) => groups.dueTimes(lane, ids),
    async reopen() {
      const book = await openBook(clock, 'c');
      opened.push(book);
      return book;
    },
    async close() {
      for (const book of opened) await book.stop();
    },
  };
});
