import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { expect, it } from 'vitest';
import { EmbeddedTimeline } from './embedded-timeline.store';
import { CONTRACT_LIMITS, describeTimelineStore } from './timeline-store.contract';

const open = (store: MemoryStore, clock = new FakeClock()) =>
  new EmbeddedTimeline({ store, clock, limits: CONTRACT_LIMITS });

describeTimelineStore('embedded', async () => {
  const store = new MemoryStore();
  const clock = new FakeClock();
  const timeline = open(store, clock);
  return { a: timeline, b: timeline, clock, reopen: async () => open(store, clock) };
});

it('shows what is not committed yet, and keeps it when that fails', async () => {
  const store = new MemoryStore();
  const table = store.textTable('timeline');
  store.textTable = () => ({ ...table, get: () => undefined });
  store.committed = () => Promise.reject(new Error('the disk is full'));
  const timeline = open(store);
  await timeline.append([{ atMs: 0, kind: 'system', message: 'x' }]);
  const pages = [];
  for await (const page of timeline.batches(null)) pages.push(...page.map(({ text }) => text));
  expect(pages).toEqual([expect.stringContaining('"x"')]);
});
