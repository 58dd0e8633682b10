import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Liveness, OUTAGE_AFTER_MS } from './liveness';

/** What the suite needs of an implementation. */
export interface LivenessHarness {
  /** Two instances of one installation; one and the same where there can only be one. */
  a: Liveness;
  b: Liveness;
  isShared: boolean;
  /** Another instance, opened on what is kept; `a` and `b` are not used afterwards. */
  reopen(): Promise<Liveness>;
  close(): Promise<void>;
}

const ok = { kind: 'ok' };
const startMs = Date.UTC(2026, 0, 1);

/** Every liveness must pass this. */
export function describeLiveness(name: string, open: () => Promise<LivenessHarness>): void {
  describe(`liveness: ${name}`, () => {
    let harness: LivenessHarness;
    let a: Liveness;
    let b: Liveness;

    beforeEach(async () => {
      harness = await open();
      ({ a, b } = harness);
    });
    afterEach(() => harness.close());

    const repair = (liveness: Liveness, owner: string, nowMs: number, doneTo = '') =>
      liveness.tryRepair({ owner, nowMs, ttlMs: 1_000, doneTo });

    it('has no outage when it starts for the first time', async () => {
      expect(await a.beat(startMs)).toEqual(ok);
      expect(await b.beat(startMs + OUTAGE_AFTER_MS)).toEqual(ok);
    });

    it('has no outage as long as anybody beats', async () => {
      for (let beat = 0; beat < 10; beat++) expect(await a.beat(startMs + beat * OUTAGE_AFTER_MS)).toEqual(ok);
      expect(await b.beat(startMs + 9 * OUTAGE_AFTER_MS + 1)).toEqual(ok);
    });

    it('reports an outage, to everybody and with its begin, until it is repaired', async () => {
      await a.beat(startMs);
      const outage = { kind: 'outage', sinceMs: startMs };
      for (const laterMs of [OUTAGE_AFTER_MS + 1, OUTAGE_AFTER_MS + 1_000, 10 * OUTAGE_AFTER_MS]) {
        expect(await a.beat(startMs + laterMs)).toEqual(outage);
        expect(await b.beat(startMs + laterMs)).toEqual(outage);
      }
      const laterMs = startMs + 11 * OUTAGE_AFTER_MS;
      await repair(a, 'a', laterMs);
      await a.recovered('a', laterMs);
      expect(await b.beat(laterMs + 1)).toEqual(ok);
    });

    it('is not set back by a beat that comes late', async () => {
      await a.beat(startMs + OUTAGE_AFTER_MS);
      await b.beat(startMs);
      expect(await a.beat(startMs + 2 * OUTAGE_AFTER_MS)).toEqual(ok);
    });

    it('lets one instance repair at a time, and another where that one stopped', async () => {
      expect(await repair(a, 'a', startMs)).toEqual({ doneTo: '' });
      expect(await repair(a, 'a', startMs + 500, 'f3')).toEqual({ doneTo: 'f3' });
      if (harness.isShared) {
        expect(await repair(b, 'b', startMs + 1_499)).toBeNull();
        await b.recovered('b', startMs + 1_499);
      }
      expect(await repair(b, 'b', startMs + 1_500)).toEqual({ doneTo: 'f3' });
      expect(await repair(b, 'b', startMs + 1_600, 'f7')).toEqual({ doneTo: 'f7' });
      if (harness.isShared) expect(await repair(a, 'a', startMs + 1_700, 'f5')).toBeNull();
    });

    it('starts the next repair from the beginning', async () => {
      await repair(a, 'a', startMs, 'f3');
      await a.recovered('a', startMs);
      expect(await repair(b, 'b', startMs)).toEqual({ doneTo: '' });
    });

    it('keeps all of it for the next process', async () => {
      await a.beat(startMs);
      await repair(a, 'a', startMs, 'f3');
      const reopened = await harness.reopen();
      expect(await reopened.beat(startMs + OUTAGE_AFTER_MS + 1)).toEqual({ kind: 'outage', sinceMs: startMs });
      expect(await repair(reopened, 'c', startMs + OUTAGE_AFTER_MS + 1)).toEqual({ doneTo: 'f3' });
    });
  });
}
