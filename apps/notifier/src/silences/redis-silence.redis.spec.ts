import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { afterEach, describe, expect, it } from 'vitest';
import { RedisAlertBook } from '../alerts/redis-alert-book.store';
import { RedisSilenceStore } from './redis-silence.store';
import { type SilenceWrite } from './silence-store';
import { describeSilenceStore } from './silence-store.contract';
import { aSilence } from './testing/a-silence';

const redis = useRedis();
const clock = new FakeClock();
let books: RedisAlertBook[] = [];

async function open(instance: string) {
  const connection = redis.connect();
  const book = new RedisAlertBook({
    redis: connection.commands,
    blocking: connection.blocking(),
    keys: redis.keys,
    clock,
    log: nullLog,
    instance,
  });
  books.push(book);
  await book.start();
  return { book, silences: new RedisSilenceStore(book) };
}

async function position(): Promise<number> {
  return Number(await redis.admin.get(redis.keys.alertPosition()));
}

afterEach(async () => {
  for (const book of books) await book.stop();
  books = [];
});

describeSilenceStore('redis', async () => {
  const [a, b] = [await open('a'), await open('b')];
  return {
    a: a.silences,
    b: b.silences,
    async synced() {
      const head = await position();
      expect(await Promise.all([a.book.reached(head, 10_000), b.book.reached(head, 10_000)])).toEqual([true, true]);
    },
    reopen: async () => (await open('c')).silences,
    close: async () => {},
  };
});

describe('RedisSilenceStore', () => {
  const store = (id: string): SilenceWrite => ({ kind: 'store', expectedVersion: 0, silence: aSilence({ id }) });

  it('has one entry in the change stream for each write, which counts as reached once the silence is there', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await a.silences.write([store('x'), store('y')], 9);
    const head = await position();
    expect(await a.book.reached(head, 10_000)).toBe(true);
    expect(a.silences.silences.get('x')?.version).toBe(head);
    expect(await b.book.reached(head, 10_000)).toBe(true);
    expect(b.silences.silences.size).toBe(2);
    expect(await redis.admin.xlen(redis.keys.alertChanges())).toBe(1);
    await a.silences.write([{ kind: 'forget', id: 'nothing' }], 9);
    expect(await position()).toBe(head);
  });

  it('is complete when it starts, also while others write', async () => {
    const a = await open('a');
    for (let start = 0; start < 3_000; start += 500) {
      const writes = Array.from({ length: 500 }, (_, index) => store(`s${start + index}`));
      expect(await a.silences.write(writes, 10_000)).toBe('written');
    }
    let isOpen = false;
    const writing = (async () => {
      for (let round = 0; !isOpen; round++) {
        await a.silences.write([store(`new${round}`), { kind: 'forget', id: `s${round * 7}` }], 100_000);
      }
    })();
    const b = await open('b');
    isOpen = true;
    await writing;
    expect(await b.book.reached(a.book.position, 5_000)).toBe(true);
    const all = (silences: RedisSilenceStore) => [...silences.silences.values()].sort((x, y) => (x.id < y.id ? -1 : 1));
    expect(all(b.silences)).toEqual(all(a.silences));
  });

  it('follows a Redis that lost everything', async () => {
    const a = await open('a');
    await a.silences.write([store('x')], 9);
    expect(await a.book.reached(await position(), 5_000)).toBe(true);
    const { alertPosition, alertChanges, silences } = redis.keys;
    await redis.admin.del(alertPosition(), alertChanges(), silences());
    await expect.poll(() => a.silences.silences.size, { timeout: 5_000 }).toBe(0);
  });
});
