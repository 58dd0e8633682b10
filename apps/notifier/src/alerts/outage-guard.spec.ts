import { type Log, nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { describe, expect, it, vi } from 'vitest';
import { anAlert } from './alert-book.contract';
import { EmbeddedLiveness } from './embedded-liveness.store';
import { FakeAlertBook } from './fake-alert-book';
import { type Liveness, OUTAGE_AFTER_MS } from './liveness';
import { OutageGuardService } from './outage-guard.service';

const MINUTE_MS = 60_000;

class Setup {
  readonly clock = new FakeClock();
  readonly store = new MemoryStore();
  readonly book = new FakeAlertBook();
  liveness: Liveness = new EmbeddedLiveness(this.store);

  guard(log: Log = nullLog): OutageGuardService {
    return new OutageGuardService(this.book, this.liveness, this.clock, log, 'self');
  }

  /** An alert its sender refreshed now, for four minutes. */
  put(fingerprint: string, lifetimeMs = 4 * MINUTE_MS): void {
    const nowMs = this.clock.nowMs();
    this.book.put({ ...anAlert(fingerprint), endsAtMs: nowMs + lifetimeMs, updatedAtMs: nowMs });
  }

  endsIn(fingerprint: string): number {
    return (this.book.alerts.get(fingerprint)?.endsAtMs ?? 0) - this.clock.nowMs();
  }

  /** Runs until now, then stops for this long. */
  async outage(ms: number, whileUp: () => void | Promise<void> = () => {}): Promise<number> {
    const guard = this.guard();
    await guard.start();
    await whileUp();
    const sinceMs = this.clock.nowMs();
    await guard.stop();
    this.clock.set(sinceMs + ms);
    return sinceMs;
  }
}

describe('OutageGuardService', () => {
  it('is clear after a first start', async () => {
    const setup = new Setup();
    const guard = setup.guard();
    expect(guard.isClear(setup.clock.nowMs())).toBe(false);
    expect(guard.notReadyBecause()).not.toBeNull();
    await guard.start();
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    expect(guard.notReadyBecause()).toBeNull();
    await guard.stop();
    expect(setup.clock.pendingTimers).toBe(0);
  });

  it('changes nothing over a short restart', async () => {
    const setup = new Setup();
    await setup.outage(OUTAGE_AFTER_MS, () => setup.put('x'));
    await setup.guard().start();
    expect(setup.endsIn('x')).toBe(4 * MINUTE_MS - OUTAGE_AFTER_MS);
    expect(setup.book.commits).toEqual([]);
  });

  it('gives alerts the lifetime they had left when it stopped', async () => {
    const setup = new Setup();
    await setup.outage(6 * MINUTE_MS, async () => {
      setup.put('ended', 10_000);
      setup.put('x');
      await setup.clock.advance(MINUTE_MS);
      // Beats are a second apart: this one is accepted after the last of them.
      await setup.clock.advance(500);
      setup.put('y');
    });
    const updatedAtMs = setup.book.alerts.get('x')!.updatedAtMs;
    const warn = vi.fn();
    const guard = setup.guard({ ...nullLog, warn });
    await guard.start();
    expect(setup.endsIn('x')).toBe(3 * MINUTE_MS);
    expect(setup.endsIn('y')).toBe(4 * MINUTE_MS);
    expect(setup.endsIn('ended')).toBeLessThan(0);
    expect(setup.book.alerts.get('x')!.updatedAtMs).toBe(updatedAtMs);
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    expect(warn).toHaveBeenCalledOnce();
    await guard.stop();
  });

  it('writes in batches and beats on', async () => {
    const setup = new Setup();
    await setup.outage(6 * MINUTE_MS, async () => {
      for (let index = 0; index < 600; index++) setup.put(`f${index}`);
      await setup.clock.advance(2_000);
    });
    const guard = setup.guard();
    await guard.start();
    expect(setup.book.commits.map(({ writes }) => writes.length)).toEqual([256, 256, 88]);
    await setup.clock.advance(MINUTE_MS);
    expect(setup.book.commits).toHaveLength(3);
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    await guard.stop();
  });

  it('is not clear while another instance repairs, and does not repair too', async () => {
    const setup = new Setup();
    const sinceMs = await setup.outage(6 * MINUTE_MS, () => setup.put('x'));
    const shared = setup.liveness;
    let otherRepairs = true;
    setup.liveness = {
      beat: (nowMs) => shared.beat(nowMs),
      tryRepair: async (request) => (otherRepairs ? null : shared.tryRepair(request)),
      recovered: (owner, nowMs) => shared.recovered(owner, nowMs),
    };
    const guard = setup.guard();
    await guard.start();
    await setup.clock.advance(3_000);
    expect(guard.isClear(setup.clock.nowMs())).toBe(false);
    expect(setup.book.commits).toEqual([]);

    // The other one died, having done nothing.
    otherRepairs = false;
    await setup.clock.advance(1_000);
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    expect(setup.endsIn('x')).toBe(4 * MINUTE_MS - (sinceMs - setup.book.alerts.get('x')!.updatedAtMs));
    await guard.stop();
  });

  it('takes over where another instance stopped, repairing no alert twice', async () => {
    const setup = new Setup();
    await setup.outage(6 * MINUTE_MS, async () => {
      for (const name of ['a', 'b', 'c']) setup.put(name);
      await setup.clock.advance(1_000);
    });
    await setup.liveness.tryRepair({ owner: 'dead', nowMs: 0, ttlMs: 1, doneTo: 'b' });
    await setup.guard().start();
    expect(setup.book.commits.flatMap(({ writes }) => writes)).toMatchObject([{ fingerprint: 'c' }]);
  });

  it('leaves an alert alone that is heard of while it is repaired', async () => {
    const setup = new Setup();
    await setup.outage(6 * MINUTE_MS, async () => {
      for (const name of ['x', 'y']) setup.put(name);
      await setup.clock.advance(1_000);
    });
    setup.book.beforeCommit = (book) => {
      book.beforeCommit = () => {};
      setup.put('x', 5 * MINUTE_MS);
    };
    await setup.guard().start();
    expect(setup.endsIn('x')).toBe(5 * MINUTE_MS);
    expect(setup.endsIn('y')).toBe(4 * MINUTE_MS - 1_000);
  });

  it('is not clear while the state cannot be reached, and repairs afterwards', async () => {
    const setup = new Setup();
    const shared = setup.liveness;
    let isAway = false;
    setup.liveness = {
      beat: async (nowMs) => {
        if (isAway) throw new Error('away');
        return shared.beat(nowMs);
      },
      tryRepair: (request) => shared.tryRepair(request),
      recovered: (owner, nowMs) => shared.recovered(owner, nowMs),
    };
    const error = vi.fn();
    const guard = setup.guard({ ...nullLog, error });
    await guard.start();
    setup.put('x');
    await setup.clock.advance(1_000);
    isAway = true;
    await setup.clock.advance(OUTAGE_AFTER_MS);
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    await setup.clock.advance(1);
    expect(guard.isClear(setup.clock.nowMs())).toBe(false);
    expect(guard.notReadyBecause()).toContain('cannot be reached');
    await setup.clock.advance(6 * MINUTE_MS);
    expect(error).toHaveBeenCalledOnce();
    isAway = false;
    await setup.clock.advance(1_000);
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    expect(setup.endsIn('x')).toBeGreaterThan(3 * MINUTE_MS);
    await guard.stop();
  });

  it('is not clear in a process that was suspended, until it has beaten again', async () => {
    const setup = new Setup();
    const guard = setup.guard();
    await guard.start();
    setup.put('x');
    await setup.clock.advance(1_000);
    setup.clock.set(setup.clock.nowMs() + 6 * MINUTE_MS);
    expect(guard.isClear(setup.clock.nowMs())).toBe(false);
    await setup.clock.advance(1_000);
    expect(guard.isClear(setup.clock.nowMs())).toBe(true);
    expect(setup.endsIn('x')).toBeGreaterThan(3 * MINUTE_MS);
    await guard.stop();
  });
});
