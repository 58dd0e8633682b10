import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { type AlertBookHarness, describeAlertBook } from './alert-book.contract';
import { EmbeddedAlertBook } from './embedded-alert-book.store';

describeAlertBook('embedded', async (): Promise<AlertBookHarness> => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-book-'));
  const clock = new FakeClock();
  let store = await EmbeddedStore.open(path);
  let groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  let book = new EmbeddedAlertBook(store, groups, clock);
  return {
    a: book,
    b: book,
    clock,
    position: async () => book.position,
    dueTimes: (lane, ids) => groups.dueTimes(lane, ids),
    async reopen() {
      await store.close();
      store = await EmbeddedStore.open(path);
      groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
      return (book = new EmbeddedAlertBook(store, groups, clock));
    },
    async close() {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
});
