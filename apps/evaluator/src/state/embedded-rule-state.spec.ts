import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { memoryStore } from '../testing/memory-store';
import { EmbeddedRuleStateStore } from './embedded-rule-state.store';
import { ruleStateContract } from './rule-state.contract';
import { GROUP_RETENTION_MS } from './rule-state.store';

ruleStateContract('EmbeddedRuleStateStore', async () => {
  const path = await mkdtemp(join(tmpdir(), 'tocsin-rule-state-'));
  const clock = new FakeClock(0);
  let disk = await EmbeddedStore.open(path);
  return {
    store: new EmbeddedRuleStateStore(disk, clock),
    reopen: async () => {
      await disk.close();
      disk = await EmbeddedStore.open(path);
      return new EmbeddedRuleStateStore(disk, clock);
    },
    tearDown: async () => {
      await disk.close();
      await rm(path, { recursive: true });
    },
  };
});

it('drops groups at the start that were not evaluated for a week', async () => {
  const disk = memoryStore();
  const clock = new FakeClock(0);
  const store = new EmbeddedRuleStateStore(disk, clock);
  await store.save('old', { slotMs: 0, summary: '', written: new Map([['a', 'A']]), removed: [] });
  await store.save('new', { slotMs: 1, summary: '', written: new Map([['a', 'A']]), removed: [] });
  clock.set(GROUP_RETENTION_MS + 1);
  const later = new EmbeddedRuleStateStore(disk, clock);
  expect(await later.load('old', null)).toEqual({ kind: 'missing' });
  expect(await later.load('new', null)).toMatchObject({ kind: 'newer' });
  expect([...disk.textTable('rule-state').entries()].map(({ key }) => key)).toEqual(['new', 'new/a']);
});

it('leaves out a group that cannot be read', async () => {
  const disk = memoryStore();
  const table = disk.textTable('rule-state');
  table.put('bad', 'garbage');
  table.put('bad/rule', 'A');
  table.put('good', '5 summary');
  const store = new EmbeddedRuleStateStore(disk, new FakeClock(0));
  expect(await store.load('bad', null)).toEqual({ kind: 'missing' });
  expect(await store.load('good', null)).toMatchObject({ kind: 'newer', group: { slotMs: 5 } });
  expect(disk.skipped).toEqual(['rule-state bad']);
});
