import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GroupChange, type RuleStateStore } from './rule-state.store';

export interface StoreSetUp {
  readonly store: RuleStateStore;
  /** Another store over the same state, as after a restart. */
  reopen(): Promise<RuleStateStore>;
  tearDown(): Promise<void>;
}

const change = (slotMs: number, written: Record<string, string> = {}, removed: string[] = []): GroupChange => {
  return { slotMs, summary: `as of ${slotMs}`, written: new Map(Object.entries(written)), removed };
};

/** What every way to keep rule states does. */
export function ruleStateContract(name: string, setUp: () => Promise<StoreSetUp>): void {
  describe(`${name} as rule state store`, () => {
    let parts: StoreSetUp;
    let store: RuleStateStore;
    beforeEach(async () => {
      parts = await setUp();
      store = parts.store;
    });
    afterEach(() => parts.tearDown());

    it('knows nothing of a group that was never saved', async () => {
      expect(await store.load('g', null)).toEqual({ kind: 'missing' });
      expect(await store.load('g', 60_000)).toEqual({ kind: 'missing' });
    });

    it('gives back what was saved, with what earlier saves wrote and did not remove', async () => {
      expect(await store.save('g', change(0, { a: '{"x":"ü"}', b: 'B', c: 'C' }))).toBe('saved');
      expect(await store.save('g', change(60_000, { b: 'B2' }, ['c', 'never-there']))).toBe('saved');
      await store.save('other', change(7, { a: 'theirs' }));
      const rules = new Map(Object.entries({ a: '{"x":"ü"}', b: 'B2' }));
      const group = { slotMs: 60_000, summary: 'as of 60000', rules };
      expect(await store.load('g', null)).toEqual({ kind: 'newer', group });
      expect(await store.load('g', 59_999)).toEqual({ kind: 'newer', group });
      expect(await (await parts.reopen()).load('g', null)).toEqual({ kind: 'newer', group });
    });

    it('spares the caller what it knows, and tells when the stored slot is older', async () => {
      await store.save('g', change(60_000, { a: 'A' }));
      expect(await store.load('g', 60_000)).toEqual({ kind: 'known' });
      expect(await store.load('g', 120_000)).toEqual({ kind: 'missing' });
    });

    it('refuses a slot that is not newer, whole', async () => {
      await store.save('g', change(60_000, { a: 'A' }));
      expect(await store.save('g', change(60_000, { a: 'again' }, ['a']))).toBe('late');
      expect(await store.save('g', change(0, { b: 'older' }))).toBe('late');
      const group = { slotMs: 60_000, summary: 'as of 60000', rules: new Map([['a', 'A']]) };
      expect(await (await parts.reopen()).load('g', null)).toEqual({ kind: 'newer', group });
    });

    it('forgets a group', async () => {
      await store.save('g', change(60_000, { a: 'A' }));
      await store.save('h', change(60_000, { a: 'A' }));
      await store.remove('g');
      expect(await store.load('g', null)).toEqual({ kind: 'missing' });
      const reopened = await parts.reopen();
      expect(await reopened.load('g', null)).toEqual({ kind: 'missing' });
      expect(await reopened.load('h', null)).toMatchObject({ kind: 'newer' });
      expect(await reopened.save('g', change(0, { b: 'B' }))).toBe('saved');
      expect(await reopened.load('g', null)).toMatchObject({ group: { rules: new Map([['b', 'B']]) } });
    });

    it('keeps many rules of a group, and long states', async () => {
      const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`rule${n}`, 'x'.repeat(n)]));
      await store.save('g', change(0, many));
      expect(await store.load('g', null)).toMatchObject({ group: { rules: new Map(Object.entries(many)) } });
    });
  });
}
