import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nullLog } from '../log/log';
import { useProgram } from '../testing/child-program';
import { EmbeddedStore } from './embedded-store.client';
import { STORAGE_FULL, STORAGE_IN_USE, STORAGE_UNUSABLE } from './embedded.errors';

let path: string;
let store: EmbeddedStore;

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'tocsin-store-'));
  store = await EmbeddedStore.open(path);
});
afterEach(async () => {
  await store.close();
  rmSync(path, { recursive: true });
});

const reopen = async (): Promise<void> => {
  await store.close();
  store = await EmbeddedStore.open(path);
};

describe('EmbeddedStore', () => {
  it('keeps what was written, each table by itself, in key order', async () => {
    store.table<{ n: number }>('a').put('y', { n: 2 });
    store.table<{ n: number }>('a').put('x', { n: 1 });
    store.textTable('b').put('x', 'text "as" it is');
    await reopen();
    expect([...store.table('a').entries()]).toEqual([
      { key: 'x', value: { n: 1 } },
      { key: 'y', value: { n: 2 } },
    ]);
    expect([...store.textTable('b').entries()]).toEqual([{ key: 'x', value: 'text "as" it is' }]);
  });

  it('forgets what was removed', async () => {
    const table = store.table<string>('a');
    table.put('x', 'v');
    await store.committed();
    table.remove('x');
    table.remove('never there');
    await store.committed();
    expect(table.get('x')).toBeUndefined();
    await reopen();
    expect([...store.table('a').entries()]).toEqual([]);
  });

  it('shows a value once it is committed', async () => {
    const table = store.table<string>('a');
    table.put('x', 'v');
    await store.committed();
    expect(table.get('x')).toBe('v');
  });

  it('commits all writes of one turn, of all tables and for all who wait, in one transaction', async () => {
    const tables = [store.textTable('a'), store.textTable('b')];
    const database = open({ path: join(path, 'state'), noSubdir: false });
    const transactions = (): number => (database.getStats() as { lastTxnId: number }).lastTxnId;
    const before = transactions();
    const waits = Array.from({ length: 100 }, async (_, n) => {
      tables[n % 2]?.put(`k${n}`, 'v');
      await store.committed();
    });
    await Promise.all(waits);
    expect(transactions()).toBe(before + 1);
    await database.close();
  });

  it('answers at once when nothing was written', async () => {
    await store.committed();
  });

  it('refuses a path that is in use and one that cannot be used', async () => {
    await expect(EmbeddedStore.open(path)).rejects.toMatchObject({ code: STORAGE_IN_USE });
    const file = join(path, 'file');
    writeFileSync(file, '');
    await expect(EmbeddedStore.open(join(file, 'data'))).rejects.toMatchObject({ code: STORAGE_UNUSABLE });
  });

  it('can be opened again after a close, several times', async () => {
    for (let n = 0; n < 3; n++) await reopen();
    store.textTable('a').put('x', 'v');
    await store.committed();
  });
});

describe('EmbeddedStore on a full disk', () => {
  it('fails commits, holds the newest values in memory, and writes them once there is room', async () => {
    let freeBytes = 1e9;
    const full = await EmbeddedStore.open(join(path, 'full'), nullLog, () => freeBytes);
    const table = full.table<number>('a');
    table.put('before', 1);
    table.put('removed', 1);
    await full.committed();
    await nextTurn();
    freeBytes = 1e6;
    table.put('x', 1);
    table.put('x', 2);
    table.remove('removed');
    await expect(full.committed()).rejects.toMatchObject({ code: STORAGE_FULL });
    freeBytes = 1e9;
    await expect
      .poll(() => [...table.entries()], { timeout: 3_000 })
      .toEqual([
        { key: 'before', value: 1 },
        { key: 'x', value: 2 },
      ]);
    await full.committed();
    await full.close();
  });

  it('writes what it holds on closing, if there is room by then', async () => {
    let freeBytes = 1e6;
    const full = await EmbeddedStore.open(join(path, 'full'), nullLog, () => freeBytes);
    full.textTable('a').put('x', 'v');
    freeBytes = 1e9;
    await full.close();
    const again = await EmbeddedStore.open(join(path, 'full'));
    expect(again.textTable('a').get('x')).toBe('v');
    await again.close();
  });

  const nextTurn = (): Promise<void> => new Promise((done) => setImmediate(done));
});

describe('EmbeddedStore in another process', () => {
  const write = useProgram(`
    import { writeSync } from 'node:fs';
    import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
    const store = await EmbeddedStore.open(process.argv[2]);
    const [a, b] = [store.textTable('a'), store.textTable('b')];
    for (let n = 0, failed = 0; failed < 20; n++) {
      a.put(String(n), 'x'.repeat(500));
      b.put(String(n), 'x'.repeat(500));
      await store.committed().then(() => writeSync(1, n + '\\n'), () => failed++);
      if (failed > 0) await new Promise((done) => setTimeout(done, 5));
    }
    await store.close();
    writeSync(1, 'closed\\n');
  `);

  it('has kept everything it acknowledged when it is killed, and whole turns only', async () => {
    await store.close();
    const writer = write([path]);
    await expect.poll(() => writer.lines.length, { timeout: 5_000 }).toBeGreaterThan(50);
    await writer.kill();
    store = await EmbeddedStore.open(path);
    const [a, b] = ['a', 'b'].map((name) => [...store.textTable(name).entries()].map(({ key }) => key));
    expect(a).toEqual(b);
    expect(a).toEqual(expect.arrayContaining([...writer.lines]));
  });

  it('goes on without its storage when a transaction fails, and ends in order', async () => {
    await store.close();
    const writer = write([path], 'trap "" XFSZ; ulimit -S -f 1000; exec "$@"');
    await expect.poll(() => writer.lines.at(-1), { timeout: 10_000 }).toBe('closed');
    const acknowledged = writer.lines.slice(0, -1);
    expect(acknowledged.length).toBeGreaterThan(10);
    store = await EmbeddedStore.open(path);
    expect([...store.textTable('a').entries()].map(({ key }) => key)).toEqual(expect.arrayContaining(acknowledged));
  });
});
