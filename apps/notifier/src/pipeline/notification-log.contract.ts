import { type Arm, type DueQueue, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeadLetterIndex } from './dead-letter-index';
import { type NotificationLog, type RecordWrite } from './notification-log';
import {
  type DeadLetter,
  type DeliveryIntent,
  NO_RECORD,
  type NotificationRecord,
  type Told,
} from './notification-record';

/** What the suite needs of an implementation. */
export interface NotificationLogHarness {
  /** Two users of one installation; one and the same where there can only be one. */
  a: NotificationLog & DeadLetterIndex;
  b: NotificationLog & DeadLetterIndex;
  groups: DueQueue;
  deliveries: DueQueue;
  clock: FakeClock;
  /** Makes the alert book's change stream one entry longer and returns its position. */
  changeBook(): Promise<number>;
  /** Lets this much time pass, for servers too, which expire by their own clock. */
  elapse(ms: number): Promise<void>;
  /** Another instance, opened on what was acknowledged so far; `a` and `b` are not used afterwards. */
  reopen(): Promise<NotificationLog & DeadLetterIndex>;
  close(): Promise<void>;
}

/** Every notification log must pass this. */
export function describeNotificationLog(name: string, open: () => Promise<NotificationLogHarness>): void {
  describe(`notification log: ${name}`, () => {
    let harness: NotificationLogHarness;
    let a: NotificationLog & DeadLetterIndex;
    let b: NotificationLog & DeadLetterIndex;

    beforeEach(async () => {
      harness = await open();
      ({ a, b } = harness);
    });
    afterEach(() => harness.close());

    /** Both instances, then one that starts on what they left. */
    async function* everywhere(): AsyncGenerator<NotificationLog & DeadLetterIndex> {
      yield a;
      yield b;
      yield await harness.reopen();
    }

    async function recordOf(log: NotificationLog, groupId: string, integration: string) {
      const { records } = await log.load([groupId]);
      return records.get(groupId)?.get(integration);
    }

    it('has no records of a group it was told nothing about', async () => {
      const { records } = await a.load(['g1', 'g2']);
      expect([...records]).toEqual([
        ['g1', new Map()],
        ['g2', new Map()],
      ]);
    });

    it('gives back what was written, one revision higher', async () => {
      const record: NotificationRecord = { ...aRecord(7), told, intent: anIntent(8), deadLetter };
      expect(await a.write([aWrite('g1', [{ integration: 'r ü:1/webhook/0', expectedRevision: 0, record }])])).toEqual([
        'written',
      ]);
      for await (const log of everywhere()) {
        expect(await recordOf(log, 'g1', 'r ü:1/webhook/0')).toEqual({ ...record, revision: 1 });
      }
    });

    it('keeps groups and integrations apart', async () => {
      const write = (groupId: string, integration: string, sequence: number) =>
        aWrite(groupId, [{ integration, expectedRevision: 0, record: aRecord(sequence) }]);
      await a.write([write('g1', 'x', 1), write('g1', 'y', 2), write('g11', 'x', 3)]);
      const { records } = await b.load(['g1', 'g11']);
      const sequences = [...records].map(([id, of]) => [
        id,
        [...of].map(([key, { sequence }]) => [key, sequence]).sort(),
      ]);
      expect(sequences).toEqual([
        [
          'g1',
          [
            ['x', 1],
            ['y', 2],
          ],
        ],
        ['g11', [['x', 3]]],
      ]);
    });

    it('tells the position of the alert book', async () => {
      const before = (await a.load([])).position;
      const position = await harness.changeBook();
      expect(position).toBeGreaterThan(before);
      expect((await a.load(['g1'])).position).toBe(position);
      expect((await b.load([])).position).toBe(position);
    });

    it('loads and writes more groups than fit in one command', async () => {
      const ids = Array.from({ length: 300 }, (_, index) => `g${index}`);
      const writes = ids.map((id, index) =>
        aWrite(id, [{ integration: 'x', expectedRevision: 0, record: aRecord(index) }], [anArm(id)]),
      );
      expect(new Set(await a.write(writes))).toEqual(new Set(['written']));
      const { records } = await b.load(ids);
      expect(ids.map((id) => records.get(id)?.get('x')?.sequence)).toEqual(ids.map((_, index) => index));
      expect((await harness.deliveries.dueTimes('lane', ids)).every((dueMs) => dueMs !== null)).toBe(true);
    });

    it('loads and writes records that are too large for one command together', async () => {
      const ids = ['g1', 'g2', 'g3', 'g4', 'g5'];
      const error = 'x'.repeat(150_000);
      const big = (sequence: number): NotificationRecord => ({
        ...aRecord(sequence),
        deadLetter: { ...deadLetter, error },
      });
      const results = await a.write(
        ids.map((id, index) => aWrite(id, [change(index === 3 ? 9 : 0, big(index))], [anArm(id)])),
      );
      expect(results).toEqual(['written', 'written', 'written', 'conflict', 'written']);
      const { records } = await b.load(ids);
      expect(ids.map((id) => records.get(id)?.get('x')?.deadLetter?.error === error)).toEqual([
        true,
        true,
        true,
        false,
        true,
      ]);
      const armed = await harness.deliveries.dueTimes('lane', ids);
      expect(armed.map((dueMs) => dueMs !== null)).toEqual([true, true, true, false, true]);
    });

    it('writes nothing of a group in which one record has another revision', async () => {
      await a.write([aWrite('g1', [{ integration: 'x', expectedRevision: 0, record: aRecord(1) }])]);
      const results = await a.write([
        aWrite(
          'g1',
          [
            { integration: 'new', expectedRevision: 0, record: aRecord(2) },
            { integration: 'x', expectedRevision: 0, record: aRecord(3) },
          ],
          [anArm('d1')],
        ),
        aWrite('g2', [{ integration: 'x', expectedRevision: 0, record: aRecord(4) }], [anArm('d2')]),
      ]);
      expect(results).toEqual(['conflict', 'written']);
      expect(await recordOf(a, 'g1', 'new')).toBeUndefined();
      expect(await recordOf(a, 'g1', 'x')).toMatchObject({ revision: 1, sequence: 1 });
      const [refused, armed] = await harness.deliveries.dueTimes('lane', ['d1', 'd2']);
      expect([refused, armed === null]).toEqual([null, false]);
    });

    it('refuses to write on a record that is gone', async () => {
      expect(await a.write([aWrite('g1', [{ integration: 'x', expectedRevision: 3, record: aRecord(1) }])])).toEqual([
        'conflict',
      ]);
    });

    it('lets an attempt record nothing once its intent was replaced', async () => {
      await a.write([aWrite('g1', [change(0, { ...aRecord(5), intent: anIntent(5) })])]);
      const attempted = (await recordOf(a, 'g1', 'x'))!;
      // While the attempt is under way, another flush decides again.
      expect(await b.write([aWrite('g1', [change(1, { ...aRecord(6), intent: anIntent(6) })])])).toEqual(['written']);
      const afterAttempt = { ...attempted, told, intent: null };
      expect(await a.write([aWrite('g1', [change(attempted.revision, afterAttempt)])])).toEqual(['conflict']);
      const current = (await recordOf(a, 'g1', 'x'))!;
      expect(current).toMatchObject({ revision: 2, sequence: 6, told: null, intent: { sequence: 6 } });
      expect(await a.write([aWrite('g1', [change(current.revision, { ...current, told })])])).toEqual(['written']);
      expect(await recordOf(b, 'g1', 'x')).toMatchObject({ revision: 3, told, intent: { sequence: 6 } });
    });

    it('lets exactly one of two writers win that read the same revision', async () => {
      await a.write([aWrite('g1', [change(0, aRecord(1))])]);
      const results = await Promise.all([
        a.write([aWrite('g1', [change(1, aRecord(10))], [anArm('a')])]),
        b.write([aWrite('g1', [change(1, aRecord(20))], [anArm('b')])]),
      ]);
      expect(results.flat().sort()).toEqual(['conflict', 'written']);
      const aWon = results[0][0] === 'written';
      expect(await recordOf(a, 'g1', 'x')).toMatchObject({ revision: 2, sequence: aWon ? 10 : 20 });
      const armed = await harness.deliveries.dueTimes('lane', ['a', 'b']);
      expect(armed.map((dueMs) => dueMs !== null)).toEqual([aWon, !aWon]);
    });

    it.each(['groups', 'deliveries'] as const)('writes under a claim of %s for the claimer only', async (queue) => {
      const { clock } = harness;
      const due = harness[queue];
      const claim = async () => {
        const [first] = (await due.claim([{ lane: 'l1', max: 1 }], LEASE_MS)).claims;
        if (first === undefined) throw new Error('expected a claim');
        return { queue, claim: first };
      };
      await due.arm([{ lane: 'l1', id: 'g1', dueMs: clock.nowMs(), mode: 'keep' }]);
      const first = await claim();
      expect(await a.write([{ ...aWrite('g1', [change(0, aRecord(1))]), fence: first }])).toEqual(['written']);

      await clock.advance(LEASE_MS * 3);
      const second = await claim();
      const late = { ...aWrite('g1', [change(1, aRecord(2))], [anArm('d1')]), fence: first };
      const current = { ...aWrite('g1', [change(1, aRecord(3))]), fence: second };
      expect(await b.write([late, current])).toEqual(['lost', 'written']);
      expect(await recordOf(a, 'g1', 'x')).toMatchObject({ revision: 2, sequence: 3 });
      expect(await harness.deliveries.dueTimes('lane', ['d1'])).toEqual([null]);

      await due.complete([{ claim: second.claim, unchanged: null, changed: 0 }]);
      expect(await a.write([{ ...aWrite('g1', [change(2, aRecord(4))]), fence: second }])).toEqual(['lost']);
    });

    it('tells claims of groups and deliveries apart in one call', async () => {
      const { clock, groups, deliveries } = harness;
      for (const due of [groups, deliveries]) {
        await due.arm([{ lane: 'l1', id: 'g1', dueMs: clock.nowMs(), mode: 'keep' }]);
      }
      const [ofGroup] = (await groups.claim([{ lane: 'l1', max: 1 }], LEASE_MS)).claims;
      const [ofDelivery] = (await deliveries.claim([{ lane: 'l1', max: 1 }], LEASE_MS)).claims;
      if (!ofGroup || !ofDelivery) throw new Error('expected two claims');
      await groups.complete([{ claim: ofGroup, unchanged: null, changed: 0 }]);
      const results = await a.write([
        { ...aWrite('g1', [change(0, aRecord(1))]), fence: { queue: 'groups', claim: ofGroup } },
        { ...aWrite('g1', [change(0, aRecord(2))]), fence: { queue: 'deliveries', claim: ofDelivery } },
      ]);
      expect(results).toEqual(['lost', 'written']);
    });

    it('forgets the records of a group that ended when their time is over, unless it lives again', async () => {
      const { clock } = harness;
      const records = ['gone', 'kept', 'again'];
      await a.write(records.map((id) => aWrite(id, [change(0, aRecord(1))])));
      const expiresAtMs = clock.nowMs() + 150;
      await a.expire([
        { groupId: 'gone', expiresAtMs },
        { groupId: 'again', expiresAtMs },
        { groupId: 'unknown', expiresAtMs },
      ]);
      expect(await b.write([aWrite('again', [change(1, aRecord(2))])])).toEqual(['written']);
      expect(await recordOf(a, 'gone', 'x')).toMatchObject({ sequence: 1 });
      await harness.elapse(151);
      for await (const log of everywhere()) {
        const loaded = await log.load(['gone', 'kept', 'again', 'unknown']);
        expect([...loaded.records].map(([, of]) => of.get('x')?.sequence)).toEqual([undefined, 1, 2, undefined]);
      }
    });

    it('keeps records no longer for a write that says nothing about their group', async () => {
      await a.write([aWrite('g1', [change(0, aRecord(1))])]);
      await a.expire([{ groupId: 'g1', expiresAtMs: harness.clock.nowMs() + 150 }]);
      expect(await b.write([{ ...aWrite('g1', [change(1, aRecord(2))]), isAside: true }])).toEqual(['written']);
      await harness.elapse(151);
      for await (const log of everywhere()) expect(await recordOf(log, 'g1', 'x')).toBeUndefined();
    });

    describe('dead letters', () => {
      const failed = (sequence: number): NotificationRecord => ({ ...aRecord(sequence), deadLetter });

      async function listed(log: DeadLetterIndex, limit = 100): Promise<string[]> {
        const names: string[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page = await log.deadLetters(limit, cursor);
          expect(page.entries.length).toBeLessThanOrEqual(limit);
          names.push(...page.entries.map(({ groupId, integration }) => `${groupId} ${integration}`));
          cursor = page.next;
        }
        return names.sort();
      }

      it('are none at first', async () => {
        expect(await a.deadLetters(10, '')).toEqual({ entries: [], next: null });
        expect(await a.deadLetterCount()).toBe(0);
      });

      it('are listed with the place of their record as long as it has one', async () => {
        const integration = 'r ü:1/webhook/0';
        await a.write([aWrite('g1', [{ integration, expectedRevision: 0, record: failed(1) }])]);
        for await (const log of everywhere()) {
          expect(await log.deadLetters(10, '')).toEqual({
            entries: [{ groupId: 'g1', integration, deadLetter }],
            next: null,
          });
          expect(await log.deadLetterCount()).toBe(1);
        }
        const log = await harness.reopen();
        expect(await log.write([aWrite('g1', [{ integration, expectedRevision: 1, record: aRecord(2) }])])).toEqual([
          'written',
        ]);
        expect(await log.deadLetters(10, '')).toEqual({ entries: [], next: null });
        expect(await log.deadLetterCount()).toBe(0);
      });

      it('are listed in pages, each once', async () => {
        const ids = Array.from({ length: 25 }, (_, index) => `g${index}`);
        await a.write(ids.map((id) => aWrite(id, [change(0, failed(1))])));
        await a.write(ids.map((id) => aWrite(`healthy-${id}`, [change(0, aRecord(1))])));
        expect(await listed(b, 4)).toEqual(ids.map((id) => `${id} x`).sort());
        expect(await listed(b, 25)).toHaveLength(25);
        expect(await b.deadLetterCount()).toBe(25);
      });

      it('of several integrations of a group are told apart', async () => {
        const of = (integration: string, record: NotificationRecord) => ({ integration, expectedRevision: 0, record });
        await a.write([aWrite('g1', [of('x', failed(1)), of('y', aRecord(1)), of('z', failed(1))])]);
        expect(await listed(b)).toEqual(['g1 x', 'g1 z']);
      });

      it('are not listed when their write is refused', async () => {
        await a.write([aWrite('g1', [change(7, failed(1))])]);
        expect(await listed(a)).toEqual([]);
        expect(await a.deadLetterCount()).toBe(0);
      });

      it('go with their records, also those nobody asks for', async () => {
        await a.write(['gone', 'kept'].map((id) => aWrite(id, [change(0, failed(1))])));
        await a.expire([{ groupId: 'gone', expiresAtMs: harness.clock.nowMs() + 150 }]);
        expect(await listed(b)).toEqual(['gone x', 'kept x']);
        await harness.elapse(151);
        await a.write([aWrite('new', [change(0, failed(1))])]);
        expect(await a.deadLetterCount()).toBe(2);
        expect(await listed(b)).toEqual(['kept x', 'new x']);
      });
    });
  });
}

const told: Told = { sequence: 4, atMs: 1_000, firing: ['f1'], resolved: ['f2'] };

const deadLetter: DeadLetter = {
  sequence: 3,
  reason: 'repeat interval elapsed',
  atMs: 900,
  attempts: 9,
  error: 'no answer',
  receiver: 'r',
  groupKey: '{}:{}',
  groupLabels: { alertname: 'ü"\n' },
};

function aRecord(sequence: number): NotificationRecord {
  return { ...NO_RECORD, sequence };
}

function anIntent(sequence: number): DeliveryIntent {
  return {
    sequence,
    reason: 'first notification',
    decidedAtMs: 1_000,
    deadlineMs: 2_000,
    attempts: 1,
    lastError: 'HTTP 500',
    alerts: [
      {
        fingerprint: 'f1',
        labels: { alertname: 'ü"\n' },
        annotations: {},
        startsAtMs: 1,
        startsAtOffsetMin: 0,
        endsAtOffsetMin: 0,
        generatorURL: '',
        endsAtMs: 0,
        version: 5,
      },
    ],
    group: {
      receiver: 'r',
      groupKey: '{}:{}',
      groupLabels: {},
      routeLabels: {},
      repeatIntervalMs: 1,
      lane: 'l1',
      revision: 2,
    },
  };
}

function aWrite(groupId: string, changes: RecordWrite['changes'], arms: readonly Arm[] = []): RecordWrite {
  return { groupId, fence: null, changes, arms };
}

function change(expectedRevision: number, record: NotificationRecord): RecordWrite['changes'][number] {
  return { integration: 'x', expectedRevision, record };
}

function anArm(id: string): Arm {
  return { lane: 'lane', id, dueMs: 5_000, mode: 'keep' };
}
