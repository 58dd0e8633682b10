import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock';
import { type Arm, type Claim, type DueQueue } from './due-queue';

/** What a test of the contract needs of an adapter. */
export interface DueQueueHarness {
  /** A queue over the same state each time it is called: another process's view of it, where the adapter has one. */
  open(clock: FakeClock): Promise<DueQueue>;
  close(): Promise<void>;
}

const LEASE = 4_000;
const START = Date.UTC(2026, 0, 1);
const at = (seconds: number): number => START + seconds * 1_000;

/** Every due queue passes this. */
export function dueQueueContract(name: string, harness: () => Promise<DueQueueHarness>): void {
  describe(`${name} keeps the due queue contract`, () => {
    let clock: FakeClock;
    let opened: DueQueueHarness;
    let queue: DueQueue;
    let other: DueQueue;

    beforeEach(async () => {
      clock = new FakeClock(START);
      opened = await harness();
      queue = await opened.open(clock);
      other = await opened.open(clock);
    });
    afterEach(() => opened.close());

    const arm = (id: string, seconds: number, mode: Arm['mode'] = 'keep', lane = 'a'): Promise<void> =>
      queue.arm([{ lane, id, dueMs: at(seconds), mode }]);
    const claimAll = async (by = queue, lane = 'a'): Promise<readonly Claim[]> =>
      (await by.claim([{ lane, max: 100 }], LEASE)).claims;
    const claimOne = async (by = queue): Promise<Claim> => {
      const [claim, ...more] = await claimAll(by);
      if (!claim || more.length > 0) throw new Error('expected one claim');
      return claim;
    };
    const ids = (claims: readonly { id: string }[]): string[] => claims.map(({ id }) => id);
    const dueOf = async (id: string, lane = 'a'): Promise<number | null | undefined> =>
      (await queue.dueTimes(lane, [id]))[0];

    it('tells how many members lanes hold, waiting or leased', async () => {
      await arm('x', -1);
      await arm('y', 60);
      await arm('z', 60, 'keep', 'b');
      await claimAll();
      expect(await queue.size(['a', 'b', 'empty'])).toBe(3);
      expect(await queue.size(['b'])).toBe(1);
    });

    describe('claim', () => {
      it('hands out what is due, oldest first, and tells what is due next', async () => {
        await arm('late', -1);
        await arm('later', 5);
        await arm('latest', -9);
        const { claims, nextDueMs } = await queue.claim([{ lane: 'a', max: 100 }], LEASE);
        expect(ids(claims)).toEqual(['latest', 'late']);
        expect(claims.map(({ dueMs }) => dueMs)).toEqual([at(-9), at(-1)]);
        expect(nextDueMs).toBe(at(4));
      });

      it('hands out a member at its due time, not a millisecond before', async () => {
        await queue.arm([{ lane: 'a', id: 'x', dueMs: START + 1, mode: 'keep' }]);
        expect(await claimAll()).toEqual([]);
        await clock.advance(1);
        expect(ids(await claimAll())).toEqual(['x']);
      });

      it('hands out at most `max` of each lane, the oldest, and tells that more is due', async () => {
        for (let n = 0; n < 4; n++)
          await queue.arm(['a', 'b'].map((lane) => ({ lane, id: `${lane}${n}`, dueMs: at(n - 9), mode: 'keep' })));
        const { claims, nextDueMs } = await queue.claim(
          [
            { lane: 'a', max: 3 },
            { lane: 'b', max: 1 },
          ],
          LEASE,
        );
        expect(ids(claims).sort()).toEqual(['a0', 'a1', 'a2', 'b0']);
        expect(claims.map(({ dueMs }) => dueMs)).toEqual([at(-9), at(-9), at(-8), at(-7)]);
        expect(nextDueMs).toBe(at(-8));
        const lanes = ['b', 'a', 'c'].map((lane) => ({ lane, max: 1 }));
        expect((await queue.claim(lanes, LEASE)).nextDueMs).toBe(at(-7));
      });

      it('hands out nothing of lanes that are not named or have no capacity', async () => {
        await arm('x', 0, 'keep', 'b');
        expect(await queue.claim([{ lane: 'a', max: 5 }], LEASE)).toEqual({ claims: [], nextDueMs: null });
        expect(await queue.claim([{ lane: 'b', max: 0 }], LEASE)).toEqual({ claims: [], nextDueMs: START });
        expect(await queue.claim([], LEASE)).toEqual({ claims: [], nextDueMs: null });
      });

      it('gives each due member to one of several claimers', async () => {
        await queue.arm(
          Array.from({ length: 60 }, (_, n) => ({ lane: 'a', id: `m${n}`, dueMs: START, mode: 'keep' as const })),
        );
        const rounds = await Promise.all(
          Array.from({ length: 8 }, (_, n) => (n % 2 ? queue : other).claim([{ lane: 'a', max: 10 }], LEASE)),
        );
        const claimed = rounds.flatMap(({ claims }) => ids(claims));
        expect(claimed).toHaveLength(60);
        expect(new Set(claimed).size).toBe(60);
      });

      it('hands a member out again when its lease has run out, with a greater token and its first due time', async () => {
        await arm('x', -3);
        const first = await claimOne();
        await clock.advance(LEASE - 1);
        expect(await claimAll(other)).toEqual([]);
        await clock.advance(1);
        const second = await claimOne(other);
        expect(second.token).toBeGreaterThan(first.token);
        expect(second).toMatchObject({ id: 'x', dueMs: at(-3), revision: first.revision });
      });

      it('counts the claims in a row that did not complete', async () => {
        await arm('x', 0);
        for (const unfinished of [0, 1, 2]) {
          expect((await claimOne()).unfinished).toBe(unfinished);
          await clock.advance(LEASE);
        }
        const claim = await claimOne();
        expect(claim.unfinished).toBe(3);
        await queue.complete([{ claim, unchanged: clock.nowMs(), changed: clock.nowMs() }]);
        expect((await claimOne()).unfinished).toBe(0);
      });

      it('keeps tokens and revisions growing when a member was removed meanwhile', async () => {
        await arm('x', 0);
        const first = await claimOne();
        await queue.complete([{ claim: first, unchanged: null, changed: at(9) }]);
        await arm('x', 0);
        const second = await claimOne();
        expect(second.token).toBeGreaterThan(first.token);
        expect(second.revision).toBeGreaterThan(first.revision);
        expect(await queue.complete([{ claim: first, unchanged: null, changed: at(9) }])).toEqual(['lost']);
        expect(await dueOf('x')).toBe(START + LEASE);
      });
    });

    describe('arm', () => {
      it.each([
        ['keeps a due time', 'keep', 3, 5],
        ['moves to an earlier due time', 'earlier', 3, 3],
        ['does not move to a later due time', 'earlier', 9, 5],
        ['is set to a later due time', 'set', 9, 9],
        ['is set to an earlier due time', 'set', 3, 3],
      ] as const)('%s', async (_, mode, second, due) => {
        await arm('x', 5);
        await arm('x', second, mode);
        expect(await dueOf('x')).toBe(at(due));
      });

      it('arms one member several times in one call', async () => {
        await queue.arm([5, 3, 4].map((due) => ({ lane: 'a', id: 'x', dueMs: at(due), mode: 'earlier' })));
        expect(await dueOf('x')).toBe(at(3));
      });

      it('does not shorten or lengthen a lease', async () => {
        await arm('x', 0);
        await claimOne();
        await arm('x', 1, 'earlier');
        await arm('x', 2, 'set');
        await arm('x', 60);
        expect(await dueOf('x')).toBe(START + LEASE);
      });

      it('tells of work that is due before everything else of its lane, here and elsewhere', async () => {
        const told: string[] = [];
        other.onArmed((lane, dueMs) => told.push(`${lane} ${(dueMs - START) / 1_000}`));
        queue.onArmed((lane, dueMs) => told.push(`own ${lane} ${(dueMs - START) / 1_000}`));
        await arm('x', 5);
        await arm('y', 7);
        await arm('z', 3);
        await arm('y', 1, 'earlier');
        await arm('x', 2, 'keep');
        await arm('w', 9, 'keep', 'lane with blanks');
        const heads = ['a 5', 'a 3', 'a 1', 'lane with blanks 9'];
        if (other !== queue) await expect.poll(() => told.filter((line) => !line.startsWith('own'))).toEqual(heads);
        await expect
          .poll(() => told.filter((line) => line.startsWith('own')))
          .toEqual(heads.map((line) => `own ${line}`));
      });
    });

    describe('complete', () => {
      it('removes a member, or sets its next due time', async () => {
        await arm('gone', 0);
        await arm('stays', 0);
        const claims = await claimAll();
        const completions = claims.map((claim) => ({
          claim,
          unchanged: claim.id === 'gone' ? null : at(30),
          changed: at(1),
        }));
        expect(await queue.complete(completions)).toEqual(['done', 'done']);
        expect(await queue.dueTimes('a', ['gone', 'stays'])).toEqual([null, at(30)]);
      });

      it('keeps a member that work was added to while it was leased', async () => {
        await arm('x', 0);
        const claim = await claimOne();
        await arm('x', 60);
        expect(await queue.complete([{ claim, unchanged: null, changed: at(10) }])).toEqual(['changed']);
        expect(await dueOf('x')).toBe(at(10));
        await clock.advance(10_000);
        expect((await claimOne()).revision).toBeGreaterThan(claim.revision);
      });

      it.each([
        ['honours the earliest due time asked for meanwhile', [8, 4, 6], 4],
        ['keeps to its own due time when none asked for is earlier', [80], 10],
      ])('%s', async (_, wishes, due) => {
        await arm('x', 0);
        const claim = await claimOne();
        for (const wish of wishes) await arm('x', wish, 'earlier');
        await queue.complete([{ claim, unchanged: at(20), changed: at(10) }]);
        expect(await dueOf('x')).toBe(at(due));
      });

      it('forgets a wish with the claim that honoured it', async () => {
        await arm('x', 0);
        const first = await claimOne();
        await arm('x', 2, 'earlier');
        await queue.complete([{ claim: first, unchanged: null, changed: at(10) }]);
        await clock.advance(2_000);
        const second = await claimOne();
        await arm('x', 60);
        await queue.complete([{ claim: second, unchanged: null, changed: at(30) }]);
        expect(await dueOf('x')).toBe(at(30));
      });

      it('does nothing for a claim that ran out and was handed to another', async () => {
        await arm('x', 0);
        const mine = await claimOne();
        await clock.advance(LEASE);
        const theirs = await claimOne(other);
        expect(await queue.complete([{ claim: mine, unchanged: null, changed: at(9) }])).toEqual(['lost']);
        expect(await other.complete([{ claim: theirs, unchanged: at(60), changed: at(9) }])).toEqual(['done']);
        expect(await dueOf('x')).toBe(at(60));
      });

      it('ends a claim that ran out while nobody else took the member', async () => {
        await arm('x', 0);
        const claim = await claimOne();
        await clock.advance(LEASE * 2);
        expect(await queue.complete([{ claim, unchanged: at(60), changed: at(9) }])).toEqual(['done']);
      });

      it('does nothing for a claim that was completed before', async () => {
        await arm('x', 0);
        const claim = await claimOne();
        await queue.complete([{ claim, unchanged: at(60), changed: at(9) }]);
        expect(await queue.complete([{ claim, unchanged: null, changed: at(9) }])).toEqual(['lost']);
        expect(await dueOf('x')).toBe(at(60));
      });

      it('tells this process of the next due time', async () => {
        const told: number[] = [];
        await arm('x', 0);
        const claim = await claimOne();
        await arm('x', 3, 'earlier');
        queue.onArmed((_, dueMs) => told.push(dueMs));
        await queue.complete([{ claim, unchanged: null, changed: at(10) }]);
        expect(told).toEqual([at(3)]);
      });
    });

    describe('extend', () => {
      it('renews a lease', async () => {
        await arm('x', 0);
        const claim = await claimOne();
        await clock.advance(3_000);
        expect(await queue.extend([claim], LEASE)).toEqual([]);
        await clock.advance(3_000);
        expect(await claimAll(other)).toEqual([]);
        await clock.advance(1_000);
        expect((await claimOne(other)).dueMs).toBe(START);
      });

      it('tells which claims were lost, and leaves their members alone', async () => {
        await queue.arm(['kept', 'taken', 'removed'].map((id) => ({ lane: id, id, dueMs: START, mode: 'keep' })));
        const lanes = ['kept', 'taken', 'removed'].map((lane) => ({ lane, max: 1 }));
        const { claims } = await queue.claim(lanes, LEASE);
        const [kept, taken, removed] = ['kept', 'taken', 'removed'].map((id) =>
          claims.find((claim) => claim.id === id),
        );
        if (!kept || !taken || !removed) throw new Error('expected three claims');
        await queue.complete([{ claim: removed, unchanged: null, changed: START }]);
        await clock.advance(LEASE);
        await other.claim([{ lane: 'taken', max: 1 }], LEASE);
        await clock.advance(1_000);
        expect(await queue.extend([kept, taken, removed], LEASE)).toEqual([taken, removed]);
        expect(await dueOf('taken', 'taken')).toBe(START + 2 * LEASE);
        expect(await dueOf('kept', 'kept')).toBe(START + 2 * LEASE + 1_000);
        expect(await dueOf('removed', 'removed')).toBeNull();
      });

      it('does not revive a claim that was completed', async () => {
        await arm('x', 0);
        const claim = await claimOne();
        await queue.complete([{ claim, unchanged: at(60), changed: at(60) }]);
        expect(await queue.extend([claim], LEASE)).toEqual([claim]);
        expect(await dueOf('x')).toBe(at(60));
      });
    });

    describe('claimMembers', () => {
      it('claims those that are due and tells when the others are', async () => {
        await arm('due', -1);
        await arm('later', 7);
        await arm('leased', -2);
        await queue.claim([{ lane: 'a', max: 1 }], LEASE);
        const [due, ...rest] = await queue.claimMembers('a', ['due', 'later', 'leased', 'unknown'], LEASE);
        expect(due).toMatchObject({ kind: 'claimed', claim: { lane: 'a', id: 'due', dueMs: at(-1), unfinished: 0 } });
        expect(rest).toEqual([
          { kind: 'not-due', id: 'later', dueMs: at(7) },
          { kind: 'not-due', id: 'leased', dueMs: START + LEASE },
          { kind: 'not-due', id: 'unknown', dueMs: null },
        ]);
        if (due?.kind !== 'claimed') throw new Error('expected a claim');
        expect(await queue.complete([{ claim: due.claim, unchanged: null, changed: START }])).toEqual(['done']);
      });
    });

    describe('removeLane', () => {
      it('forgets the members of one lane, claimed ones too', async () => {
        await arm('x', 0);
        await arm('y', 60);
        await arm('z', 0, 'keep', 'b');
        const claim = await claimOne();
        await queue.removeLane('a');
        expect(await queue.size(['a'])).toBe(0);
        expect(await queue.complete([{ claim, unchanged: at(9), changed: at(9) }])).toEqual(['lost']);
        expect(await dueOf('z', 'b')).toBe(START);
      });
    });

    describe('removeUnchanged', () => {
      it('removes a waiting member at the revision stated', async () => {
        await arm('x', 0);
        const claim = await claimOne();
        await queue.complete([{ claim, unchanged: at(60), changed: at(60) }]);
        await queue.removeUnchanged([{ lane: 'a', id: 'x', revision: claim.revision }]);
        expect(await dueOf('x')).toBeNull();
      });

      it('leaves a member that work was added to, one that is leased, and a namesake that came later', async () => {
        await queue.arm(['changed', 'leased', 'namesake'].map((id) => ({ lane: id, id, dueMs: START, mode: 'keep' })));
        const lanes = ['changed', 'leased', 'namesake'].map((lane) => ({ lane, max: 1 }));
        const { claims } = await queue.claim(lanes, LEASE);
        const free = claims.filter(({ id }) => id !== 'leased');
        await queue.complete(
          free.map((claim) => ({ claim, unchanged: claim.id === 'namesake' ? null : at(60), changed: START })),
        );
        await arm('changed', 90, 'keep', 'changed');
        await arm('namesake', 90, 'keep', 'namesake');
        await queue.removeUnchanged(claims.map(({ lane, id, revision }) => ({ lane, id, revision })));
        expect(await dueOf('changed', 'changed')).toBe(at(60));
        expect(await dueOf('leased', 'leased')).toBe(START + LEASE);
        expect(await dueOf('namesake', 'namesake')).toBe(at(90));
      });
    });

    describe('copyLane', () => {
      it('takes the later due time where both lanes hold a member, and leaves what is leased', async () => {
        for (const id of ['older', 'newer', 'leased']) await arm(id, 10);
        await arm('older', 2, 'keep', 'b');
        await arm('newer', 20, 'keep', 'b');
        await arm('leased', 0, 'keep', 'b');
        await claimAll(queue, 'b');
        await queue.copyLane('a', 'b', ['older', 'newer', 'leased']);
        expect(await queue.dueTimes('b', ['older', 'newer', 'leased'])).toEqual([at(10), at(20), START + LEASE]);
        await clock.advance(2_000);
        expect(await claimAll(queue, 'b')).toEqual([]);
      });

      it('copies the members named with their due times', async () => {
        await arm('waiting', 5);
        await arm('held', 6);
        await arm('other', 7);
        await arm('leased', 0);
        await claimOne();
        await queue.copyLane('a', 'b', ['waiting', 'held', 'leased', 'unknown']);
        expect(await queue.dueTimes('b', ['waiting', 'held', 'leased', 'unknown', 'other'])).toEqual([
          at(5),
          at(6),
          START + LEASE,
          null,
          null,
        ]);
        expect(await queue.dueTimes('a', ['waiting', 'held'])).toEqual([at(5), at(6)]);
        await clock.advance(5_000);
        expect(ids(await claimAll(queue, 'b'))).toEqual(['leased', 'waiting']);
        expect(ids(await claimAll())).toEqual(['leased', 'waiting']);
      });
    });

    it('adds no work to a member that the target lane holds', async () => {
      await arm('x', 5);
      await arm('x', 0, 'keep', 'b');
      const [claim] = await claimAll(queue, 'b');
      if (!claim) throw new Error('expected a claim');
      await queue.copyLane('a', 'b', ['x']);
      expect(await queue.complete([{ claim, unchanged: null, changed: START }])).toEqual(['done']);
    });

    it('takes empty lists', async () => {
      await queue.arm([]);
      await queue.removeUnchanged([]);
      await queue.copyLane('a', 'b', []);
      expect(await queue.extend([], LEASE)).toEqual([]);
      expect(await queue.complete([])).toEqual([]);
      expect(await queue.claimMembers('a', [], LEASE)).toEqual([]);
      expect(await queue.dueTimes('a', [])).toEqual([]);
    });

    it('keeps lanes and members apart whatever characters they hold', async () => {
      const names = ['a', 'a:b', 'b', '1:a', 'é "x" {y}\n', ' '];
      await queue.arm(names.flatMap((lane) => names.map((id) => ({ lane, id, dueMs: START, mode: 'keep' as const }))));
      for (const lane of names) expect(ids(await claimAll(queue, lane)).sort()).toEqual([...names].sort());
    });
  });
}
