import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { EmbeddedNotificationLog } from './embedded-notification-log.store';
import { describeNotificationLog } from './notification-log.contract';
import { NO_RECORD } from './notification-record';

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
  expect([...store.textTable('notification-records').entries()]).toHaveLength(3);
  expect([...store.textTable('notification-expiry').entries()]).toHaveLength(0);
  await store.close();
  await rm(path, { recursive: true });
});
