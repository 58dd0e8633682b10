import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { expect, it } from 'vitest';
import { EmbeddedSilenceStore } from './embedded-silence.store';
import { describeSilenceStore } from './silence-store.contract';
import { aSilence } from './testing/a-silence';

describeSilenceStore('embedded', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-silences-'));
  let store = await EmbeddedStore.open(path);
  const silences = new EmbeddedSilenceStore(store);
  return {
    a: silences,
    b: silences,
    synced: async () => {},
    async reopen() {
      await store.close();
      store = await EmbeddedStore.open(path);
      return new EmbeddedSilenceStore(store);
    },
    async close() {
      await store.close();
      await rm(path, { recursive: true });
    },
  };
});

it('says when a silence is not safe, and goes on forgetting', async () => {
  const store = new MemoryStore();
  store.committed = () => Promise.reject(new Error('the disk is full'));
  const silences = new EmbeddedSilenceStore(store);
  await expect(
    silences.write([{ kind: 'store', expectedVersion: 0, silence: aSilence({ id: 'x' }) }], 9),
  ).rejects.toThrow('the disk is full');
  expect(await silences.write([{ kind: 'forget', id: 'x' }], 9)).toBe('written');
});
