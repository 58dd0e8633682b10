import fc from 'fast-check';
import { type Alert } from '@tocsin/common/alert/alert';
import { type Arm } from '@tocsin/common/due-queue/due-queue';
import { type FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertBook, type AlertChange, type AlertWrite, type StoredAlert } from './alert-book';

/** What the suite needs of an implementation. */
export interface AlertBookHarness {
  /** Two writers of one installation; one and the same where there can only be one. */
  a: AlertBook;
  b: AlertBook;
  clock: FakeClock;
  /** Position of the change stream, as a flush would read it. */
  position(): Promise<number>;
  /** Due times of members of the due queue `groups`. */
  dueTimes(lane: string, ids: readonly string[]): Promise<readonly (number | null)[]>;
  /** Another instance, opened on what was acknowledged so far; `a` and `b` are not used afterwards. */
  reopen(): Promise<AlertBook>;
  close(): Promise<void>;
}

const nowMs = Date.UTC(2026, 0, 1);

/** Every alert book must pass this. */
export function describeAlertBook(name: string, open: () => Promise<AlertBookHarness>): void {
  describe(`alert book: ${name}`, () => {
    let harness: AlertBookHarness;
    let a: AlertBook;
    let b: AlertBook;

    beforeEach(async () => {
      harness = await open();
      ({ a, b } = harness);
    });
    afterEach(() => harness.close());

    /** Both instances, then one that starts on what they left. */
    async function* everywhere(): AsyncGenerator<AlertBook> {
      yield a;
      yield b;
      yield await harness.reopen();
    }

    /** Both replicas hold all there is. */
    async function synced(): Promise<void> {
      const position = await harness.position();
      expect(await Promise.all([a.reached(position, 10_000), b.reached(position, 10_000)])).toEqual([true, true]);
    }

    it('shows a stored alert at once to its writer, and to others once they reached its position', async () => {
      expect(await a.commit({ writes: [store(null, anAlert('x'))], arms: [] })).toEqual([]);
      expect(a.alerts.get('x')).toMatchObject({ ...anAlert('x'), settledIn: [] });
      await synced();
      expect(b.alerts.get('x')).toEqual(a.alerts.get('x'));
      expect(b.alerts.size).toBe(1);
      expect([...b.alerts.values()]).toEqual([a.alerts.get('x')]);
    });

    it('keeps every field of an alert, whatever its texts hold', async () => {
      const labels = Object.fromEntries([
        ['__proto__', 'a'],
        ['constructor', 'line\nbreak'],
        ['ü', '\u{1f514} "quoted"'],
      ]);
      const alert: Alert = {
        ...anAlert('x'),
        labels,
        annotations: labels,
        generatorURL: 'http://x/?a=b c',
        timeout: true,
        startsAtOffsetMin: 120,
        endsAtOffsetMin: -90,
      };
      await a.commit({ writes: [store(null, alert)], arms: [] });
      await synced();
      for await (const book of everywhere()) expect(book.alerts.get('x')).toMatchObject(alert);
    });

    it('lets exactly one of two writers win that expect the same, and shows the loser what won', async () => {
      for (const expected of [null, 'stored'] as const) {
        const before = expected === null ? null : a.alerts.get('x')!;
        const texts = expected === null ? ['a1', 'b1'] : ['a2', 'b2'];
        const [byA, byB] = await Promise.all([
          a.commit({ writes: [store(before, anAlert('x', { generatorURL: texts[0]! }))], arms: [] }),
          b.commit({ writes: [store(before, anAlert('x', { generatorURL: texts[1]! }))], arms: [] }),
        ]);
        expect([...byA, ...byB]).toEqual(['x']);
        const [winner, loser] = byA.length === 0 ? [a, b] : [b, a];
        expect(loser.alerts.get('x')).toEqual(winner.alerts.get('x'));
        expect(winner.alerts.get('x')!.generatorURL).toBe(byA.length === 0 ? texts[0] : texts[1]);
      }
    });

    it('writes what can be written of a commit, and refuses the rest', async () => {
      await a.commit({ writes: [store(null, anAlert('x')), store(null, anAlert('y'))], arms: [] });
      const { x, y } = { x: a.alerts.get('x')!, y: a.alerts.get('y')! };
      await a.commit({ writes: [touch(x, { endsAtMs: nowMs + 1 }), touch(y, { endsAtMs: nowMs + 1 })], arms: [] });
      const refused = await a.commit({
        writes: [
          store(x, anAlert('x', { generatorURL: 'late' })),
          touch(y, { endsAtMs: 5 }),
          store(null, anAlert('z')),
        ],
        arms: [],
      });
      expect([...refused].sort()).toEqual(['x', 'y']);
      await synced();
      for (const book of [a, b]) {
        expect(book.alerts.get('x')).toEqual({ ...x, endsAtMs: nowMs + 1 });
        expect(book.alerts.get('y')).toEqual({ ...y, endsAtMs: nowMs + 1 });
        expect(book.alerts.get('z')).toMatchObject(anAlert('z'));
      }
    });

    it('refuses to touch, and ignores to forget, what is gone', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      const x = a.alerts.get('x')!;
      await a.commit({ writes: [forget(x)], arms: [] });
      expect(await a.commit({ writes: [touch(x, {}), forget(x)], arms: [] })).toEqual(['x']);
      await synced();
      expect([a.alerts.size, b.alerts.size]).toEqual([0, 0]);
    });

    it('moves only the times with a touch: version and settling stay', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      const stored = a.alerts.get('x')!;
      await a.commit({ writes: [settle(stored, 'g1')], arms: [] });
      const times = { endsAtMs: nowMs + 77, updatedAtMs: nowMs + 7 };
      expect(await a.commit({ writes: [touch(stored, times)], arms: [] })).toEqual([]);
      const touched = { ...stored, ...times, settledIn: ['g1'] };
      expect(a.alerts.get('x')).toEqual(touched);
      await synced();
      expect(b.alerts.get('x')).toEqual(touched);
    });

    it('gives each store a higher version and makes the alert unsettled again', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      const first = a.alerts.get('x')!;
      await a.commit({ writes: [settle(first, 'g1'), settle(first, 'g2')], arms: [] });
      expect(a.alerts.get('x')!.settledIn).toEqual(['g1', 'g2']);
      await a.commit({ writes: [store(a.alerts.get('x')!, anAlert('x'))], arms: [] });
      expect(a.alerts.get('x')!.version).toBeGreaterThan(first.version);
      expect(a.alerts.get('x')!.settledIn).toEqual([]);
      await synced();
      expect(b.alerts.get('x')).toEqual(a.alerts.get('x'));
    });

    it('ignores settling of an outdated version', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      const first = a.alerts.get('x')!;
      await a.commit({ writes: [store(first, anAlert('x'))], arms: [] });
      await a.commit({ writes: [settle(a.alerts.get('x')!, 'g1')], arms: [] });
      expect(await b.commit({ writes: [settle(first, 'g2')], arms: [] })).toEqual([]);
      await synced();
      for await (const book of everywhere()) expect(book.alerts.get('x')!.settledIn).toEqual(['g1']);
    });

    it('keeps an alert unsettled that was stored while it was being settled', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      await synced();
      const seen = a.alerts.get('x')!;
      await Promise.all([
        a.commit({ writes: [store(seen, anAlert('x', { generatorURL: 'again' }))], arms: [] }),
        b.commit({ writes: [settle(seen, 'g1')], arms: [] }),
      ]);
      await synced();
      for await (const book of everywhere()) {
        expect(book.alerts.get('x')).toMatchObject({ generatorURL: 'again', settledIn: [] });
      }
    });

    it('keeps both a touch and settling that meet', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      await synced();
      const seen = a.alerts.get('x')!;
      await Promise.all([
        a.commit({ writes: [touch(seen, { endsAtMs: nowMs + 9 })], arms: [] }),
        b.commit({ writes: [settle(seen, 'g1')], arms: [] }),
        a.commit({ writes: [settle(seen, 'g2')], arms: [] }),
      ]);
      await synced();
      for await (const book of everywhere()) {
        expect(book.alerts.get('x')!.endsAtMs).toBe(nowMs + 9);
        expect([...book.alerts.get('x')!.settledIn].sort()).toEqual(['g1', 'g2']);
      }
    });

    it('forgets an alert only as it was seen', async () => {
      await a.commit({ writes: [store(null, anAlert('x')), store(null, anAlert('y'))], arms: [] });
      const [x, y] = [a.alerts.get('x')!, a.alerts.get('y')!];
      await a.commit({ writes: [touch(y, { endsAtMs: nowMs + 1 })], arms: [] });
      expect(await a.commit({ writes: [forget(x), forget(y)], arms: [] })).toEqual([]);
      await synced();
      for await (const book of everywhere()) {
        expect(book.alerts.get('x')).toBeUndefined();
        expect(book.alerts.get('y')!.endsAtMs).toBe(nowMs + 1);
      }
    });

    it('arms groups with the writes, and nothing when all of them were refused', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [anArm('g1', nowMs + 30)] });
      expect(await harness.dueTimes('lane', ['g1', 'g2'])).toEqual([nowMs + 30, null]);
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [anArm('g2', nowMs + 40)] });
      expect(await harness.dueTimes('lane', ['g2'])).toEqual([null]);
      await a.commit({
        writes: [store(null, anAlert('x')), store(null, anAlert('y'))],
        arms: [anArm('g2', nowMs + 50)],
      });
      await a.commit({ writes: [], arms: [anArm('g3', nowMs + 60)] });
      expect(await harness.dueTimes('lane', ['g1', 'g2', 'g3'])).toEqual([nowMs + 30, nowMs + 50, nowMs + 60]);
    });

    it('tells of changes with what was known before, in order', async () => {
      const seen: AlertChange[] = [];
      b.onChange((changes) => seen.push(...changes));
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      await synced();
      const first = a.alerts.get('x')!;
      await a.commit({ writes: [touch(first, { endsAtMs: nowMs + 1 })], arms: [] });
      await synced();
      const second = a.alerts.get('x')!;
      await a.commit({ writes: [forget(second)], arms: [] });
      await synced();
      expect(seen).toEqual([
        { fingerprint: 'x', before: null, after: first },
        { fingerprint: 'x', before: first, after: second },
        { fingerprint: 'x', before: second, after: null },
      ]);
    });

    it('says that a position was not reached in time', async () => {
      await a.commit({ writes: [store(null, anAlert('x'))], arms: [] });
      await synced();
      const position = await harness.position();
      const late = a.reached(position + 1, 500);
      await harness.clock.advance(500);
      expect(await late).toBe(false);
    });

    it('keeps everything for the next process, the counting of versions included', async () => {
      await a.commit({
        writes: [store(null, anAlert('x')), store(null, anAlert('y')), store(null, anAlert('z'))],
        arms: [],
      });
      const [x, y, z] = ['x', 'y', 'z'].map((fingerprint) => a.alerts.get(fingerprint)!);
      await a.commit({ writes: [settle(x!, 'g1'), touch(y!, { endsAtMs: 5 })], arms: [] });
      await a.commit({ writes: [forget(z!)], arms: [] });
      const kept = sorted(a);
      const reopened = await harness.reopen();
      expect(sorted(reopened)).toEqual(kept);
      expect(reopened.alerts.get('x')!.settledIn).toEqual(['g1']);
      await reopened.commit({ writes: [store(null, anAlert('z'))], arms: [] });
      expect(reopened.alerts.get('z')!.version).toBeGreaterThan(z!.version);
    });

    it('ends equal everywhere whatever two writers do at once', { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(aStep, { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
          async (rounds) => {
            for (const round of rounds) {
              await Promise.all(
                round.map(async ({ writer, fingerprint, action, value }) => {
                  const book = writer === 'a' ? a : b;
                  const known = book.alerts.get(fingerprint);
                  await book.commit({ writes: [stepWrite(fingerprint, known, action, value)], arms: [] });
                }),
              );
            }
            await synced();
            expect(sorted(b)).toEqual(sorted(a));
          },
        ),
        { numRuns: 40 },
      );
      const kept = sorted(a);
      expect(sorted(await harness.reopen())).toEqual(kept);
    });
  });
}

const aStep = fc.record({
  writer: fc.constantFrom('a', 'b'),
  fingerprint: fc.constantFrom('p', 'q', 'r'),
  action: fc.constantFrom('store', 'store', 'touch', 'touch', 'settle', 'forget'),
  value: fc.nat(5),
});

function stepWrite(fingerprint: string, known: StoredAlert | undefined, action: string, value: number): AlertWrite {
  if (known === undefined || action === 'store') {
    return store(known ?? null, anAlert(fingerprint, { generatorURL: `u${value}` }));
  }
  if (action === 'touch') return touch(known, { endsAtMs: nowMs + value });
  return action === 'settle' ? settle(known, `g${value}`) : forget(known);
}

/** All alerts, by fingerprint; the order of settling is of no meaning. */
export function sorted(book: AlertBook): StoredAlert[] {
  const alerts = [...book.alerts.values()].map((alert) => ({ ...alert, settledIn: [...alert.settledIn].sort() }));
  return alerts.sort((x, y) => (x.fingerprint < y.fingerprint ? -1 : 1));
}

export function anAlert(fingerprint: string, changes: Partial<Alert> = {}): Alert {
  return {
    fingerprint,
    labels: { alertname: fingerprint, job: 'node' },
    annotations: { summary: `about ${fingerprint}` },
    startsAtMs: nowMs - 1_000,
    endsAtMs: nowMs + 300_000,
    updatedAtMs: nowMs,
    generatorURL: 'http://prometheus/graph',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    ...changes,
  };
}

export function store(expected: StoredAlert | null, alert: Alert): AlertWrite {
  return { kind: 'store', expected, alert };
}

export function touch(expected: StoredAlert, times: { endsAtMs?: number; updatedAtMs?: number }): AlertWrite {
  const { fingerprint, endsAtMs, updatedAtMs } = { ...expected, ...times };
  return { kind: 'touch', fingerprint, expected, endsAtMs, updatedAtMs };
}

export function settle({ fingerprint, version }: StoredAlert, groupId: string): AlertWrite {
  return { kind: 'settle', fingerprint, version, groupId };
}

export function forget(expected: StoredAlert): AlertWrite {
  return { kind: 'forget', fingerprint: expected.fingerprint, expected };
}

function anArm(id: string, dueMs: number): Arm {
  return { lane: 'lane', id, dueMs, mode: 'keep' };
}
