import { setTimeout as sleep } from 'node:timers/promises';
import { RedisDueQueue } from '@tocsin/common/due-queue/redis-due-queue';
import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { useRedis } from '@tocsin/common/testing/redis-fixture';
import { afterEach, describe, expect, it } from 'vitest';
import { type AlertChange, type StoredAlert } from './alert-book';
import { anAlert, describeAlertBook, forget, settle, sorted, store, touch } from './alert-book.contract';
import { encodeMeta } from './alert-codec';
import { RedisAlertBook } from './redis-alert-book.store';
import { refusedState, runCommit } from './redis-alert-commands';

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

describe('RedisAlertBook', () => {
  const clock = new FakeClock();
  let opened: RedisAlertBook[] = [];

  async function open(instance: string): Promise<RedisAlertBook> {
    const book = await openBook(clock, instance);
    opened.push(book);
    return book;
  }

  afterEach(async () => {
    for (const book of opened) await book.stop();
    opened = [];
  });

  /** Changes the alert behind the back of the change stream. */
  async function changeUnseen(alert: StoredAlert, endsAtMs: number): Promise<void> {
    await redis.admin.hset(redis.keys.alertMeta(), alert.fingerprint, encodeMeta({ ...alert, endsAtMs }));
  }

  async function headIs(position: number): Promise<void> {
    await redis.admin.set(redis.keys.alertPosition(), position);
  }

  it('appends nothing where all was refused', async () => {
    const book = await open('a');
    await book.commit({ writes: [store(null, anAlert('x'))], arms: [] });
    const before = await redis.admin.xlen(redis.keys.alertChanges());
    expect(await book.commit({ writes: [store(null, anAlert('x'))], arms: [] })).toEqual(['x']);
    expect(await redis.admin.xlen(redis.keys.alertChanges())).toBe(before);
    expect(await redis.admin.get(redis.keys.alertPosition())).toBe(String(book.position));
  });

  it('numbers the entries without gaps, and tells no bodies in them', async () => {
    const book = await open('a');
    await book.commit({ writes: [store(null, anAlert('x', { generatorURL: 'secret body' }))], arms: [] });
    const x = book.alerts.get('x')!;
    await Promise.all([1, 2, 3].map((index) => book.commit({ writes: [settle(x, `g${index}`)], arms: [] })));
    const entries = await redis.admin.xrange(redis.keys.alertChanges(), '-', '+');
    expect(entries.map(([id]) => id)).toEqual([0, 1, 2, 3].map((after) => `${x.version + after}-0`));
    expect(JSON.stringify(entries)).not.toContain('secret body');
  });

  it.each([
    ['a group cannot be armed', () => redis.keys.due('groups', 'lane')],
    ['the alerts cannot be compared', () => redis.keys.alertMeta()],
  ])('writes neither alert nor group when %s', async (_, brokenKey) => {
    const book = await open('a');
    await redis.admin.set(brokenKey(), 'of another type');
    const arms = [{ lane: 'lane', id: 'g1', dueMs: 1, mode: 'keep' as const }];
    await expect(book.commit({ writes: [store(null, anAlert('x'))], arms })).rejects.toThrow('WRONGTYPE');
    expect(book.alerts.size).toBe(0);
    await redis.admin.del(brokenKey());
    const written = [redis.keys.alerts(), redis.keys.alertChanges(), redis.keys.due('groups', 'lane')];
    expect(await redis.admin.exists(...written, redis.keys.dueMeta('groups', 'lane'))).toBe(0);
  });

  it('sends the body of a refused alert only to those who do not know it', async () => {
    const book = await open('a');
    await book.commit({ writes: [store(null, anAlert('x'))], arms: [] });
    const first = book.alerts.get('x')!;
    await book.commit({ writes: [touch(first, { endsAtMs: 7 }), settle(first, 'g1')], arms: [] });
    const { refused } = await runCommit(redis.admin, redis.keys, {
      writes: [touch(first, { endsAtMs: 8 })],
      arms: [],
      nowMs: clock.nowMs(),
      writer: 'b',
      keepMs: 1_000,
    });
    expect(refused).toMatchObject([{ fingerprint: 'x', texts: { body: null, settled: `${first.version} g1` } }]);
    expect(refused.flatMap((alert) => refusedState(alert, first)!.alert)).toEqual([
      { ...first, endsAtMs: 7, settledIn: ['g1'] },
    ]);
    expect(refusedState(refused[0]!, { ...first, version: first.version + 1 })).toBeNull();
  });

  it('reads everything anew when an entry is missing', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await a.commit({ writes: [store(null, anAlert('x')), store(null, anAlert('y'))], arms: [] });
    const [x, y] = [a.alerts.get('x')!, a.alerts.get('y')!];
    expect(await b.reached(x.version, 5_000)).toBe(true);
    const told: AlertChange[] = [];
    b.onChange((changes) => told.push(...changes));
    await changeUnseen(x, 77);
    await redis.admin.hdel(redis.keys.alerts(), 'y');
    await headIs(x.version + 2);
    await redis.admin.xadd(redis.keys.alertChanges(), `${x.version + 2}-0`, 'writer', 'z', 'changes', 'f other');
    expect(await b.reached(x.version + 2, 5_000)).toBe(true);
    expect(sorted(b)).toEqual([{ ...x, endsAtMs: 77 }]);
    expect(told).toEqual([
      { fingerprint: 'x', before: x, after: { ...x, endsAtMs: 77 } },
      { fingerprint: 'y', before: y, after: null },
    ]);
  });

  it('reads everything anew after its connection broke', async () => {
    const book = await open('a');
    await book.commit({ writes: [store(null, anAlert('x'))], arms: [] });
    await book.reached(book.alerts.get('x')!.version, 5_000);
    await changeUnseen(book.alerts.get('x')!, 77);
    const clients = String(await redis.admin.client('LIST')).split('\n');
    for (const line of clients.filter((client) => client.includes(` name=${redis.prefix} `))) {
      await redis.admin.client('KILL', 'ID', /id=(\d+)/.exec(line)![1]!);
    }
    await clock.advance(1_000);
    await expect.poll(() => book.alerts.get('x')!.endsAtMs, { timeout: 5_000 }).toBe(77);
  });

  it('notices that positions went on, or back, without entries', async () => {
    const book = await open('a');
    await book.commit({ writes: [store(null, anAlert('x'))], arms: [] });
    const x = book.alerts.get('x')!;
    await book.reached(x.version, 5_000);
    await changeUnseen(x, 77);
    await headIs(x.version + 1);
    expect(await Promise.race([book.reached(x.version + 1, 60_000), sleep(5_000)])).toBe(true);
    expect(book.alerts.get('x')!.endsAtMs).toBe(77);

    await redis.admin.del(redis.keys.alertPosition(), redis.keys.alertChanges(), redis.keys.alerts());
    await expect.poll(() => book.alerts.size, { timeout: 5_000 }).toBe(0);
    expect(book.position).toBe(0);
  });

  it('keeps what changed in the last five minutes in the stream, and little more', async () => {
    const book = await open('a');
    const ages: number[] = [];
    const startMs = clock.nowMs();
    for (let minute = 0; minute < 12; minute++) {
      for (let second = 0; second < 60; second += 15) {
        const known = book.alerts.get('x') ?? null;
        await book.commit({ writes: [store(known, anAlert('x', { startsAtMs: clock.nowMs() - startMs }))], arms: [] });
        ages.push(clock.nowMs());
        await clock.advance(15_000);
      }
    }
    const kept = await redis.admin.xlen(redis.keys.alertChanges());
    const oldestMs = ages[ages.length - kept]!;
    const lastMs = ages.at(-1)!;
    expect(lastMs - oldestMs).toBeGreaterThanOrEqual(300_000 - 15_000);
    expect(lastMs - oldestMs).toBeLessThanOrEqual(300_000 + 120_000);
    expect(await redis.admin.llen(redis.keys.alertChangeMarks())).toBeLessThanOrEqual(7);
  });

  it('is complete when it starts, also while others write', async () => {
    const a = await open('a');
    const names = Array.from({ length: 5_000 }, (_, index) => `f${index}`);
    for (let start = 0; start < names.length; start += 250) {
      const writes = names.slice(start, start + 250).map((name) => store(null, anAlert(name)));
      expect(await a.commit({ writes, arms: [] })).toEqual([]);
    }
    let isOpen = false;
    const writing = (async () => {
      for (let round = 0; !isOpen; round++) {
        const [moved, gone, born] = [names[6 + ((round * 7) % 2_400)]!, names[2_500 + round]!, `new${round}`];
        const writes = [
          touch(a.alerts.get(moved)!, { endsAtMs: round }),
          store(a.alerts.get('f5')!, anAlert('f5', { generatorURL: `${round}` })),
          forget(a.alerts.get(gone)!),
          store(null, anAlert(born)),
        ];
        expect(await a.commit({ writes, arms: [] })).toEqual([]);
      }
    })();
    const b = await open('b');
    isOpen = true;
    await writing;
    expect(await b.reached(a.position, 5_000)).toBe(true);
    expect(sorted(b)).toEqual(sorted(a));
  });
});
