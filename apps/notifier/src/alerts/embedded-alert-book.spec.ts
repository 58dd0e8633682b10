import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { useProgram } from '@tocsin/common/testing/child-program';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { describe, expect, it } from 'vitest';
import { type AlertWrite } from './alert-book';
import {
  type AlertBookHarness,
  anAlert,
  describeAlertBook,
  forget,
  store as storeWrite,
  touch,
} from './alert-book.contract';
import { EmbeddedAlertBook } from './embedded-alert-book.store';

async function open(path: string, clock: FakeClock) {
  const store = await EmbeddedStore.open(path);
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  return { store, groups, book: new EmbeddedAlertBook(store, groups, clock) };
}

describeAlertBook('embedded', async (): Promise<AlertBookHarness> => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-book-'));
  const clock = new FakeClock();
  let opened = await open(path, clock);
  return {
    a: opened.book,
    b: opened.book,
    clock,
    position: async () => opened.book.position,
    dueTimes: (lane, ids) => opened.groups.dueTimes(lane, ids),
    async reopen() {
      await opened.store.close();
      opened = await open(path, clock);
      return opened.book;
    },
    async close() {
      await opened.store.close();
      await rm(path, { recursive: true });
    },
  };
});

describe('EmbeddedAlertBook', () => {
  const start = useProgram(`
    import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
    import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
    import { machineClock as clock } from '@tocsin/common/time/clock';
    import { EmbeddedAlertBook } from './apps/notifier/src/alerts/embedded-alert-book.store';

    const store = await EmbeddedStore.open(process.argv[2]);
    const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
    const book = new EmbeddedAlertBook(store, groups, clock);
    const times = { startsAtMs: 0, startsAtOffsetMin: 0, endsAtOffsetMin: 0, timeout: false };
    for (let round = 1; ; round++) {
      const writes = Array.from({ length: 20 }, (_, index) => {
        const fingerprint = 'f' + ((round * 7 + index) % 50);
        const expected = book.alerts.get(fingerprint) ?? null;
        const end = { endsAtMs: round, updatedAtMs: round };
        if (expected !== null && round % 5 !== 0) return { kind: 'touch', fingerprint, expected, ...end };
        const alert = { fingerprint, labels: { alertname: 'A', round: String(round) }, annotations: {}, generatorURL: '', ...times, ...end };
        return { kind: 'store', expected, alert };
      });
      await book.commit({ writes, arms: [{ lane: 'l', id: 'g' + round, dueMs: round, mode: 'keep' }] });
      console.log(round);
    }
  `);

  it.each([1, 2, 3])('has lost nothing that was acknowledged when it is killed (%i)', async (run) => {
    const path = await mkdtemp(join(tmpdir(), 'tocsin-book-'));
    const program = start([path]);
    while (program.lines.length < 40 * run * run) await new Promise((resolve) => setTimeout(resolve, 3));
    await program.kill();
    const acknowledged = Number(program.lines.at(-1));

    const { store, groups, book } = await open(path, new FakeClock());
    const alerts = [...book.alerts.values()];
    const lastRound = Math.max(...alerts.map(({ endsAtMs }) => endsAtMs));
    // What was under way when the process died may be there or not, but then whole.
    expect(lastRound - acknowledged).toBeLessThanOrEqual(1);
    expect(lastRound).toBeGreaterThanOrEqual(acknowledged);
    for (const { fingerprint, endsAtMs, labels } of alerts) {
      expect(endsAtMs).toBe(lastRoundOf(Number(fingerprint.slice(1)), lastRound, 1));
      expect(Number(labels['round'])).toBe(lastStoreOf(Number(fingerprint.slice(1)), lastRound));
    }
    expect(alerts).toHaveLength(50);
    const due = await groups.dueTimes(
      'l',
      Array.from({ length: lastRound + 1 }, (_, index) => `g${index + 1}`),
    );
    expect(due).toEqual([...Array.from({ length: lastRound }, (_, index) => index + 1), null]);
    await store.close();
    await rm(path, { recursive: true });
  });

  it('writes a refresh of many alerts as one record', async () => {
    const store = new MemoryStore();
    const clock = new FakeClock();
    const book = new EmbeddedAlertBook(store, new EmbeddedDueQueue({ queue: 'groups', store, clock }), clock);
    const names = Array.from({ length: 256 }, (_, index) => `f${index}`);
    await book.commit({ writes: names.map((name) => storeWrite(null, anAlert(name))), arms: [] });
    const stored = [...store.textTable('alerts').entries()];
    await book.commit({
      writes: names.map((name) => touch(book.alerts.get(name)!, { endsAtMs: 9 })),
      arms: [],
    });
    expect([...store.textTable('alerts').entries()]).toEqual(stored);
    expect([...store.textTable('alert-touches').entries()]).toHaveLength(1);
  });

  it('keeps no touches of alerts that are gone', async () => {
    const store = new MemoryStore();
    const clock = new FakeClock();
    const book = new EmbeddedAlertBook(store, new EmbeddedDueQueue({ queue: 'groups', store, clock }), clock);
    const commit = (writes: readonly AlertWrite[]) => book.commit({ writes, arms: [] });
    const names = Array.from({ length: 100 }, (_, index) => `f${index}`);
    const all = () => names.map((name) => book.alerts.get(name)!);
    await commit(['x', ...names].map((name) => storeWrite(null, anAlert(name))));
    await commit(all().map((alert) => touch(alert, { endsAtMs: 9 })));
    await commit(all().map((alert) => forget(alert)));
    await commit([touch(book.alerts.get('x')!, { endsAtMs: 9 })]);
    expect([...store.textTable('alert-touches').entries()].map(({ value }) => value.split('\n').length)).toEqual([1]);
  });

  it('answers once it is on disk', async () => {
    const path = await mkdtemp(join(tmpdir(), 'tocsin-book-'));
    const { store, book } = await open(path, new FakeClock());
    const done = book.commit({ writes: [storeWrite(null, anAlert('x'))], arms: [] });
    expect([...store.textTable('alerts').entries()]).toEqual([]);
    // A second request that finds nothing left to write waits for the first one's commit.
    await book.commit({ writes: [], arms: [] });
    expect([...store.textTable('alerts').entries()]).toHaveLength(1);
    await done;
    await store.close();
    await rm(path, { recursive: true });
  });
});

/** In a round the program writes 20 alerts of 50, beginning with number 7 × round. */
function lastRoundOf(alert: number, lastRound: number, every: number): number {
  for (let round = lastRound; round > 0; round--) {
    if (round % every === 0 && (((alert - round * 7) % 50) + 50) % 50 < 20) return round;
  }
  return 0;
}

/** It stores alerts it does not know, and all of them in every fifth round. */
function lastStoreOf(alert: number, lastRound: number): number {
  const first = Array.from({ length: lastRound }, (_, index) => index + 1).find(
    (round) => lastRoundOf(alert, round, 1) === round,
  );
  return lastRoundOf(alert, lastRound, 5) || (first ?? 0);
}
