import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Silence, type StoredSilence } from './silence';
import { type SilenceChange, type SilenceStore, type SilenceWrite } from './silence-store';
import { aMatcher, aSilence } from './testing/a-silence';

/** What the suite needs of an implementation. */
export interface SilenceStoreHarness {
  /** Two writers of one installation; one and the same where there can only be one. */
  a: SilenceStore;
  b: SilenceStore;
  /** Both have applied everything that was acknowledged, as a flush waits for it. */
  synced(): Promise<void>;
  /** Another instance, opened on what was acknowledged so far; `a` and `b` are not used afterwards. */
  reopen(): Promise<SilenceStore>;
  close(): Promise<void>;
}

const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Every silence store must pass this. */
export function describeSilenceStore(name: string, open: () => Promise<SilenceStoreHarness>): void {
  describe(`silence store: ${name}`, () => {
    let harness: SilenceStoreHarness;
    let a: SilenceStore;
    let b: SilenceStore;

    beforeEach(async () => {
      harness = await open();
      ({ a, b } = harness);
    });
    afterEach(() => harness.close());

    const store = (id: string, expectedVersion: number, overrides: Partial<Silence> = {}): SilenceWrite => ({
      kind: 'store',
      expectedVersion,
      silence: aSilence({ id, ...overrides }),
    });
    const forget = (id: string): SilenceWrite => ({ kind: 'forget', id });

    it('shows a silence at once to its writer, and to others once they reached its position', async () => {
      expect(await a.write([store('x', 0)], NO_LIMIT)).toBe('written');
      expect(a.silences.get('x')).toMatchObject(aSilence({ id: 'x' }));
      await harness.synced();
      expect(b.silences.get('x')).toEqual(a.silences.get('x'));
      expect([...b.silences.values()]).toEqual([a.silences.get('x')]);
      expect(b.silences.size).toBe(1);
    });

    it('keeps every field, whatever its texts hold', async () => {
      const texts = JSON.parse('{"__proto__":"a","x y":"line\\nbreak \\u2028","ü":"🔔 \\"q\\""}') as Record<
        string,
        string
      >;
      const silence = {
        matcherSets: [[aMatcher('a!~1 .*\n'), aMatcher('ü=')], [aMatcher('b!=🔔')]],
        startsAtMs: -5,
        endsAtMs: 32_503_680_000_000,
        updatedAtMs: 7,
        createdBy: 'a b\n',
        comment: '{}',
        annotations: texts,
      };
      await a.write([store('x', 0, silence)], NO_LIMIT);
      await harness.synced();
      for (const each of [a, b, await harness.reopen()]) expect(each.silences.get('x')).toMatchObject(silence);
    });

    it('lets exactly one of two writers win that expect the same, and shows the loser what won', async () => {
      for (const round of [1, 2]) {
        await harness.synced();
        const version = a.silences.get('x')?.version ?? 0;
        const [byA, byB] = await Promise.all([
          a.write([store('x', version, { comment: `a${round}` })], NO_LIMIT),
          b.write([store('x', version, { comment: `b${round}` })], NO_LIMIT),
        ]);
        expect([byA, byB].sort()).toEqual(['conflict', 'written']);
        const [winner, loser] = byA === 'written' ? [a, b] : [b, a];
        expect(loser.silences.get('x')).toEqual(winner.silences.get('x'));
        expect(winner.silences.get('x')?.comment).toBe(byA === 'written' ? `a${round}` : `b${round}`);
        expect(winner.silences.get('x')!.version).toBeGreaterThan(version);
      }
    });

    it('writes all or nothing', async () => {
      await a.write([store('x', 0)], NO_LIMIT);
      const { version } = a.silences.get('x')!;
      expect(await a.write([store('y', 0), store('x', version + 1)], NO_LIMIT)).toBe('conflict');
      expect(await a.write([store('y', 0), store('z', 7)], NO_LIMIT)).toBe('conflict');
      expect(await a.write([store('x', version, { comment: 'over' }), store('y', 0)], NO_LIMIT)).toBe('written');
      await harness.synced();
      expect(ids(b)).toEqual(['x', 'y']);
      expect(b.silences.get('x')?.comment).toBe('over');
    });

    it('refuses new silences over the limit, and no others', async () => {
      expect(await a.write([store('x', 0), store('y', 0)], 2)).toBe('written');
      const { version } = a.silences.get('x')!;
      expect(await a.write([store('z', 0)], 2)).toBe('limit');
      expect(await a.write([store('x', version), store('z', 0)], 2)).toBe('limit');
      expect(await a.write([store('x', version, { comment: 'new' })], 1)).toBe('written');
      await harness.synced();
      expect(ids(b)).toEqual(['x', 'y']);
      expect(await b.write([store('z', 0)], 3)).toBe('written');
    });

    it('holds the limit when two writers meet', async () => {
      const results = await Promise.all([0, 1, 2, 3, 4, 5].map((n) => (n % 2 ? a : b).write([store(`s${n}`, 0)], 4)));
      expect(results.filter((result) => result === 'written')).toHaveLength(4);
    });

    it('forgets whatever the version, and what is gone silently', async () => {
      await a.write([store('x', 0), store('y', 0)], NO_LIMIT);
      expect(await a.write([forget('x'), forget('z')], NO_LIMIT)).toBe('written');
      expect(await b.write([forget('x')], NO_LIMIT)).toBe('written');
      await harness.synced();
      for (const each of [a, b, await harness.reopen()]) expect(ids(each)).toEqual(['y']);
    });

    it('refuses to change what was forgotten', async () => {
      await a.write([store('x', 0)], NO_LIMIT);
      await harness.synced();
      const { version } = b.silences.get('x')!;
      await a.write([forget('x')], NO_LIMIT);
      expect(await b.write([store('x', version)], NO_LIMIT)).toBe('conflict');
      expect(b.silences.get('x')).toBeUndefined();
    });

    it('tells of changes with what was known before', async () => {
      const seen: SilenceChange[] = [];
      b.onChange((changes) => seen.push(...changes));
      await a.write([store('x', 0)], NO_LIMIT);
      await harness.synced();
      const first = a.silences.get('x')!;
      await a.write([store('x', first.version, { comment: 'second' })], NO_LIMIT);
      await harness.synced();
      const second = a.silences.get('x')!;
      await a.write([forget('x')], NO_LIMIT);
      await harness.synced();
      expect(seen).toEqual([
        { id: 'x', before: null, after: first },
        { id: 'x', before: first, after: second },
        { id: 'x', before: second, after: null },
      ]);
    });

    it('keeps everything for the next process, the counting of versions included', async () => {
      await a.write([store('x', 0), store('y', 0)], NO_LIMIT);
      await a.write([store('x', a.silences.get('x')!.version, { comment: 'two' })], NO_LIMIT);
      const kept = all(a);
      const reopened = await harness.reopen();
      expect(all(reopened)).toEqual(kept);
      const { version } = reopened.silences.get('x')!;
      expect(await reopened.write([store('x', version)], NO_LIMIT)).toBe('written');
      expect(reopened.silences.get('x')!.version).toBeGreaterThan(version);
    });

    it('ends equal everywhere whatever two writers do at once', async () => {
      const aStep = fc.record({
        writer: fc.constantFrom('a', 'b'),
        id: fc.constantFrom('p', 'q', 'r'),
        action: fc.constantFrom('store', 'store', 'forget'),
      });
      const rounds = fc.array(fc.array(aStep, { minLength: 1, maxLength: 6 }), { maxLength: 12 });
      let count = 0;
      await fc.assert(
        fc.asyncProperty(rounds, async (steps) => {
          for (const round of steps) {
            await Promise.all(
              round.map(({ writer, id, action }) => {
                const by = writer === 'a' ? a : b;
                const version = by.silences.get(id)?.version ?? 0;
                const write = action === 'forget' ? forget(id) : store(id, version, { comment: `${count++}` });
                return by.write([write], NO_LIMIT);
              }),
            );
          }
          await harness.synced();
          expect(all(b)).toEqual(all(a));
        }),
        { numRuns: 40 },
      );
      const kept = all(a);
      expect(all(await harness.reopen())).toEqual(kept);
    });
  });
}

function all(store: SilenceStore): StoredSilence[] {
  return [...store.silences.values()].sort((x, y) => (x.id < y.id ? -1 : 1));
}

function ids(store: SilenceStore): string[] {
  return all(store).map(({ id }) => id);
}
