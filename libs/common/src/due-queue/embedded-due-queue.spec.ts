import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedStore } from '../embedded/embedded-store.client';
import { useProgram } from '../testing/child-program';
import { FakeClock } from '../testing/fake-clock';
import { type Claim } from './due-queue';
import { dueQueueContract } from './due-queue.contract';
import { EmbeddedDueQueue } from './embedded-due-queue';

dueQueueContract('EmbeddedDueQueue', async () => {
  const path = mkdtempSync(join(tmpdir(), 'tocsin-due-'));
  const store = await EmbeddedStore.open(path);
  let queue: EmbeddedDueQueue | null = null;
  return {
    open: async (clock) => (queue ??= new EmbeddedDueQueue({ queue: 'q', store, clock })),
    close: async () => {
      await store.close();
      rmSync(path, { recursive: true });
    },
  };
});

describe('EmbeddedDueQueue over restarts', () => {
  const clock = new FakeClock();
  let path: string;
  let store: EmbeddedStore;

  beforeEach(async () => {
    path = mkdtempSync(join(tmpdir(), 'tocsin-due-'));
    store = await EmbeddedStore.open(path);
  });
  afterEach(async () => {
    await store.close();
    rmSync(path, { recursive: true });
  });

  const openQueue = (): EmbeddedDueQueue => new EmbeddedDueQueue({ queue: 'q', store, clock });
  const restart = async (): Promise<EmbeddedDueQueue> => {
    await store.close();
    store = await EmbeddedStore.open(path);
    return openQueue();
  };
  const claimOne = async (queue: EmbeddedDueQueue): Promise<Claim> => {
    const { claims } = await queue.claim([{ lane: 'a', max: 9 }], 4_000);
    if (!claims[0]) throw new Error('expected a claim');
    return claims[0];
  };

  it('lets what killed five processes in a row wait a minute after the next start', async () => {
    let queue = openQueue();
    await queue.arm([{ lane: 'a', id: 'x', dueMs: clock.nowMs(), mode: 'keep' }]);
    for (let kills = 0; kills < 5; kills++) {
      expect((await claimOne(queue)).unfinished).toBe(kills);
      queue = await restart();
    }
    expect((await queue.claim([{ lane: 'a', max: 9 }], 4_000)).claims).toEqual([]);
    await clock.advance(60_000);
    expect((await claimOne(queue)).unfinished).toBe(5);
  });

  it('keeps due times, revisions and unfinished claims; leases end', async () => {
    const queue = openQueue();
    await queue.arm([
      { lane: 'a', id: 'x', dueMs: clock.nowMs() - 5, mode: 'keep' },
      { lane: 'a', id: 'y', dueMs: clock.nowMs() + 5, mode: 'keep' },
    ]);
    const before = await claimOne(queue);
    await queue.extend([before], 60_000);
    const again = await restart();
    const after = await claimOne(again);
    expect(after).toMatchObject({ id: 'x', dueMs: before.dueMs, revision: before.revision, unfinished: 1 });
    expect(await again.dueTimes('a', ['y'])).toEqual([clock.nowMs() + 5]);
  });

  it('forgets removed members, and hands out no revision twice', async () => {
    const queue = openQueue();
    await queue.arm([{ lane: 'a', id: 'x', dueMs: clock.nowMs(), mode: 'keep' }]);
    const before = await claimOne(queue);
    await queue.complete([{ claim: before, unchanged: null, changed: 0 }]);
    await clock.advance(1);
    const again = await restart();
    expect(await again.dueTimes('a', ['x'])).toEqual([null]);
    await again.arm([{ lane: 'a', id: 'x', dueMs: clock.nowMs(), mode: 'keep' }]);
    expect((await claimOne(again)).revision).toBeGreaterThan(before.revision);
  });

  it('arms in the same transaction as other writes of the turn', async () => {
    const table = store.table<number>('work');
    const queue = openQueue();
    table.put('x', 1);
    queue.armNow([{ lane: 'a', id: 'x', dueMs: 1, mode: 'keep' }]);
    await store.committed();
    expect(table.get('x')).toBe(1);
    expect([...store.textTable('due-log-q').entries()].map(({ value }) => value)).toEqual([
      expect.stringMatching(/^1:ax 1 \d+ 0$/),
    ]);
  });

  it('keeps its order of due times among many members that move, and does not grow with moves', async () => {
    const queue = openQueue();
    const arms = Array.from({ length: 500 }, (_, n) => ({
      lane: 'a',
      id: `m${n}`,
      dueMs: (n * 7919) % 1_000,
      mode: 'earlier' as const,
    }));
    for (let round = 0; round < 5; round++) queue.armNow(arms.map((arm) => ({ ...arm, dueMs: arm.dueMs - round })));
    const { claims } = await queue.claim([{ lane: 'a', max: 500 }], 4_000);
    expect(claims.map(({ dueMs }) => dueMs)).toEqual(arms.map(({ dueMs }) => dueMs - 4).sort((a, b) => a - b));
  });

  it('hands members that are due at the same time out in the order in which they were armed', async () => {
    const queue = openQueue();
    const names = Array.from({ length: 20 }, (_, n) => `m${(n * 7) % 20}`);
    queue.armNow(names.map((id) => ({ lane: 'a', id, dueMs: 1, mode: 'keep' })));
    const { claims } = await queue.claim([{ lane: 'a', max: 20 }], 4_000);
    expect(claims.map(({ id }) => id)).toEqual(names);
  });

  const claimAndDie = useProgram(`
    import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
    import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
    import { machineClock as clock } from '@tocsin/common/time/clock';
    const store = await EmbeddedStore.open(process.argv[2]);
    const queue = new EmbeddedDueQueue({ queue: 'q', store, clock });
    await queue.claim([{ lane: 'a', max: 1 }], 4000);
    process.kill(process.pid, 'SIGKILL');
  `);

  it('has counted a claim by the time it is handed out, whatever kills the process then', async () => {
    await openQueue().arm([{ lane: 'a', id: 'x', dueMs: clock.nowMs(), mode: 'keep' }]);
    await store.close();
    await claimAndDie([path]).ended();
    store = await EmbeddedStore.open(path);
    expect((await claimOne(openQueue())).unfinished).toBe(1);
  });
});
