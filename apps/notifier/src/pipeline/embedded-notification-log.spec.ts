import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { EmbeddedNotificationLog } from './embedded-notification-log.store';
import { describeNotificationLog } from './notification-log.contract';
import { NO_RECORD } from './notification-record';
import { encodeRecord } from './record-codec';

async function openLog(path: string, clock: FakeClock, position: () => number) {
  const store = await EmbeddedStore.open(path);
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  return {
    store,
    groups,
    deliveries,
    log: new EmbeddedNotificationLog({ store, clock, groups, deliveries, position }),
  };
}

describeNotificationLog('embedded', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-log-'));
  const clock = new FakeClock();
  let position = 3;
  let opened = await openLog(path, clock, () => position);
  return {
    a: opened.log,
    b: opened.log,
    groups: opened.groups,
    deliveries: opened.deliveries,
    clock,
    changeBook: async () => ++position,
    elapse: (ms) => clock.advance(ms),
    async reopen() {
      await opened.store.close();
      opened = await openLog(path, clock, () => position);
      return opened.log;
    },
    async close() {
      await opened.store.close();
      await rm(path, { recursive: true });
    },
  };
});

it('goes on in memory when the disk is full, so that a flush is not repeated at the pace of its lease', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-log-'));
  const clock = new FakeClock();
  const store = await EmbeddedStore.open(path, nullLog, () => 0);
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  const log = new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => 0 });
  groups.armNow([{ lane: 'l', id: 'g', dueMs: clock.nowMs(), mode: 'keep' }]);
  await expect(store.committed()).rejects.toThrow();
  const [claim] = (await groups.claim([{ lane: 'l', max: 1 }], 4_000)).claims;
  if (!claim) throw new Error('expected a claim');
  const change = { integration: 'i', expectedRevision: 0, record: { ...NO_RECORD, sequence: 7 } };
  expect(await log.write([{ groupId: 'g', fence: { queue: 'groups', claim }, changes: [change], arms: [] }])).toEqual([
    'written',
  ]);
  expect(await groups.complete([{ claim, unchanged: clock.nowMs() + 60_000, changed: 0 }])).toEqual(['done']);
  expect((await log.load(['g'])).records.get('g')?.get('i')?.sequence).toBe(7);
  await store.close();
  await rm(path, { recursive: true });
});

it('removes expired records from the disk without being asked for them', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-log-'));
  const clock = new FakeClock();
  const { store, log } = await openLog(path, clock, () => 0);
  const write = (groupId: string) =>
    log.write([
      { groupId, fence: null, changes: [{ integration: 'x', expectedRevision: 0, record: NO_RECORD }], arms: [] },
    ]);
  const ids = Array.from({ length: 20 }, (_, index) => `g${index}`);
  for (const id of ids) await write(id);
  await log.expire(ids.map((groupId) => ({ groupId, expiresAtMs: clock.nowMs() + 1_000 })));
  await clock.advance(1_000);
  for (const id of ['later1', 'later2', 'later3']) await write(id);
  const lines = [...store.textTable('notification-log').entries()].flatMap(({ value }) => value.split('\n'));
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['6:later1x', '6:later2x', '6:later3x']);
  expect([...store.textTable('notification-expiry').entries()]).toHaveLength(0);
  await store.close();
  await rm(path, { recursive: true });
});

it('takes over the records of an earlier version, once', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-log-'));
  const clock = new FakeClock();
  const former = await EmbeddedStore.open(path);
  former.textTable('notification-records').put('1:gteam/webhook/0', encodeRecord({ ...NO_RECORD, revision: 3 }));
  await former.close();
  for (let start = 0; start < 2; start++) {
    const { store, log } = await openLog(path, clock, () => 0);
    const { records } = await log.load(['g']);
    expect(records.get('g')?.get('team/webhook/0')).toMatchObject({ revision: 3 });
    await store.close();
    const after = await EmbeddedStore.open(path);
    expect([...after.textTable('notification-records').entries()]).toEqual([]);
    await after.close();
  }
  await rm(path, { recursive: true });
});
