import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nullLog } from '../log/log';
import { FakeClock } from '../testing/fake-clock';
import { MemoryStore } from '../testing/memory-store';
import { DueRunner, type DueRunnerOptions, type LeasedClaim } from './due-runner.service';
import { EmbeddedDueQueue } from './embedded-due-queue';

const LEASE = 4_000;

describe('DueRunner', () => {
  let clock: FakeClock;
  let queue: EmbeddedDueQueue;
  let runner: DueRunner;
  /** Batches handed out, and how to end each. */
  let handed: { at: number; claims: readonly LeasedClaim[]; end: () => void; fail: () => void }[];

  beforeEach(() => {
    clock = new FakeClock();
    queue = new EmbeddedDueQueue({ queue: 'q', store: new MemoryStore(), clock });
    handed = [];
  });
  afterEach(async () => {
    const stopping = runner.stop(0);
    await clock.advance(0);
    await stopping;
  });

  const startMs = Date.UTC(2026, 0, 1);
  const start = (options: Partial<DueRunnerOptions> = {}): void => {
    runner = new DueRunner({
      queue,
      clock,
      leaseMs: LEASE,
      lanes: () => [{ lane: 'a', max: 100 }],
      handle: (claims) =>
        new Promise((end, reject) => {
          handed.push({ at: clock.nowMs() - startMs, claims, end, fail: () => reject(new Error('broken')) });
        }),
      mayClaim: () => true,
      onPoison: () => undefined,
      log: nullLog,
      ...options,
    });
    runner.start();
  };
  const arm = (id: string, dueMs: number): Promise<void> =>
    queue.arm([{ lane: 'a', id, dueMs: startMs + dueMs, mode: 'earlier' }]);
  const batches = (): string[][] => handed.map(({ claims }) => claims.map(({ id }) => id));
  const completeAll = async (batch: number): Promise<void> => {
    const claims = handed[batch]?.claims ?? [];
    await queue.complete(claims.map((claim) => ({ claim, unchanged: null, changed: clock.nowMs() })));
    handed[batch]?.end();
    await clock.advance(0);
  };

  it('hands members on at their due times, oldest first', async () => {
    await arm('later', 700);
    await arm('b', -1);
    await arm('a', -2);
    start();
    await clock.advance(0);
    await clock.advance(2_000);
    expect(batches()).toEqual([['a', 'b'], ['later']]);
    expect(handed.map(({ at }) => at)).toEqual([0, 700]);
  });

  it('wakes for what is armed while it sleeps, and not before it is due', async () => {
    await arm('far', 60_000);
    start();
    await clock.advance(100);
    await arm('near', 350);
    await arm('now', 0);
    await clock.advance(300);
    expect(handed.map(({ at }) => at)).toEqual([100, 350]);
  });

  it('looks every second for what nobody told it of', async () => {
    start({ queue: Object.assign(Object.create(queue) as EmbeddedDueQueue, { onArmed: () => undefined }) });
    await clock.advance(1_500);
    await arm('x', 0);
    await clock.advance(499);
    expect(batches()).toEqual([]);
    await clock.advance(1);
    expect(batches()).toEqual([['x']]);
  });

  it('looks again when a member is completed with an earlier due time than all others', async () => {
    await arm('x', 0);
    start();
    await clock.advance(0);
    const [claim] = handed[0]?.claims ?? [];
    if (!claim) throw new Error('expected a claim');
    await queue.complete([{ claim, unchanged: clock.nowMs() + 50, changed: 0 }]);
    await clock.advance(50);
    expect(batches()).toEqual([['x'], ['x']]);
  });

  it('does not wait for one batch before it claims the next, as far as lanes allow', async () => {
    start({ lanes: () => [{ lane: 'a', max: 2 - runner.load }] });
    await arm('x', 0);
    await clock.advance(0);
    await arm('y', 0);
    await arm('z', 0);
    await clock.advance(0);
    expect(batches()).toEqual([['x'], ['y']]);
    await completeAll(0);
    expect(batches()).toEqual([['x'], ['y'], ['z']]);
  });

  it('claims at most 256 of a lane at once', async () => {
    await queue.arm(
      Array.from({ length: 300 }, (_, n) => ({ lane: 'a', id: `m${n}`, dueMs: startMs, mode: 'keep' as const })),
    );
    start({ lanes: () => [{ lane: 'a', max: 1_000 - runner.load }] });
    await clock.advance(0);
    expect(handed.map(({ claims }) => claims.length)).toEqual([256, 44]);
  });

  it('claims nothing while it may not, and at once when told that it may', async () => {
    let may = false;
    await arm('x', 0);
    start({ mayClaim: () => may });
    await clock.advance(3_100);
    expect(batches()).toEqual([]);
    may = true;
    runner.wake();
    await clock.advance(0);
    expect(handed.map(({ at }) => at)).toEqual([3_100]);
  });

  it('renews the leases of what is under way, and of nothing else', async () => {
    await arm('x', 0);
    start();
    await clock.advance(20_000);
    expect(handed).toHaveLength(1);
    expect(handed[0]?.claims[0]?.isHeld()).toBe(true);
    await completeAll(0);
    await clock.advance(20_000);
    expect(handed).toHaveLength(1);
  });

  it('repeats what failed once its lease has run out', async () => {
    await arm('x', 0);
    start();
    await clock.advance(0);
    handed[0]?.fail();
    await clock.advance(LEASE);
    expect(handed.map(({ at }) => at)).toEqual([0, LEASE]);
    expect(handed[1]?.claims[0]?.unfinished).toBe(1);
  });

  it('survives a handler that throws at once', async () => {
    await arm('x', 0);
    let calls = 0;
    start({
      handle: () => {
        calls++;
        throw new Error('at once');
      },
    });
    await clock.advance(LEASE + 1_000);
    expect(calls).toBe(2);
    expect(runner.load).toBe(0);
  });

  it('hands members that did not complete three times on alone', async () => {
    await queue.arm(['x', 'y'].map((id) => ({ lane: 'a', id, dueMs: startMs, mode: 'keep' as const })));
    for (let n = 0; n < 3; n++) {
      await queue.claim([{ lane: 'a', max: 9 }], 1);
      await clock.advance(1);
    }
    await arm('z', 0);
    start();
    await clock.advance(0);
    expect(batches()).toEqual([['z'], ['x'], ['y']]);
  });

  it('tries a member that five claims did not end once a minute, and says so', async () => {
    await arm('x', 0);
    for (let n = 0; n < 5; n++) {
      await queue.claim([{ lane: 'a', max: 9 }], 1);
      await clock.advance(1);
    }
    const poison: string[] = [];
    start({ onPoison: ({ id, unfinished }) => poison.push(`${id} ${unfinished}`) });
    await clock.advance(0);
    handed[0]?.fail();
    await clock.advance(59_000);
    expect(batches()).toEqual([['x']]);
    await clock.advance(1_001);
    expect(batches()).toEqual([['x'], ['x']]);
    expect(poison).toEqual(['x 5', 'x 6']);
    await completeAll(1);
    await arm('x', 70_000);
    await clock.advance(70_000);
    expect(handed[2]?.claims[0]?.unfinished).toBe(0);
  });

  it('looks again at the instant it is told', async () => {
    let max = 0;
    await arm('x', 0);
    start({ lanes: () => [{ lane: 'a', max }] });
    await clock.advance(0);
    max = 1;
    runner.wakeAt(startMs + 300);
    await clock.advance(299);
    expect(batches()).toEqual([]);
    await clock.advance(1);
    expect(batches()).toEqual([['x']]);
  });

  it('tells a claim whose member another one took that it is lost', async () => {
    await arm('x', 0);
    start();
    await clock.advance(0);
    const [claim] = handed[0]?.claims ?? [];
    if (!claim) throw new Error('expected a claim');
    await queue.complete([{ claim, unchanged: clock.nowMs() + 60_000, changed: 0 }]);
    expect(claim.isHeld()).toBe(true);
    await clock.advance(LEASE / 3);
    expect(claim.isHeld()).toBe(false);
  });

  it('holds nothing after a pause longer than the lease, though nobody took it', async () => {
    await arm('x', 0);
    start();
    await clock.advance(0);
    clock.set(clock.nowMs() + LEASE);
    expect(handed[0]?.claims[0]?.isHeld()).toBe(false);
    await clock.advance(0);
    expect(handed[0]?.claims[0]?.isHeld()).toBe(false);
  });

  it('reports a failure of the queue once, tries again with growing delays, and goes on', async () => {
    const errors = vi.fn();
    const infos = vi.fn();
    const claim = vi.spyOn(queue, 'claim').mockRejectedValue(new Error('away'));
    await arm('x', 0);
    start({ log: { ...nullLog, error: errors, info: infos } });
    await clock.advance(5_000);
    expect(errors).toHaveBeenCalledTimes(1);
    expect(claim).toHaveBeenCalledTimes(6);
    claim.mockRestore();
    await clock.advance(2_000);
    expect(batches()).toEqual([['x']]);
    expect(infos).toHaveBeenCalledTimes(1);
  });

  it('renews at once what it claimed and heard of late', async () => {
    await arm('x', 0);
    const claim = queue.claim.bind(queue);
    const extend = vi.spyOn(queue, 'extend');
    vi.spyOn(queue, 'claim').mockImplementationOnce(async (...args) => {
      const result = await claim(...args);
      clock.set(clock.nowMs() + 2_500);
      return result;
    });
    start();
    await clock.advance(0);
    expect(extend).toHaveBeenCalledTimes(1);
    await clock.advance(2_000);
    expect(handed[0]?.claims[0]?.isHeld()).toBe(true);
  });

  it('keeps its claims when they cannot be renewed, as long as their leases last', async () => {
    const errors = vi.fn();
    await arm('x', 0);
    start({ log: { ...nullLog, error: errors } });
    await clock.advance(0);
    const extend = vi.spyOn(queue, 'extend').mockRejectedValue(new Error('away'));
    await clock.advance(2_000);
    expect(handed[0]?.claims[0]?.isHeld()).toBe(true);
    extend.mockRestore();
    await clock.advance(10_000);
    expect(handed).toHaveLength(1);
    expect(errors).toHaveBeenCalledTimes(1);
  });

  describe('stop', () => {
    it('claims nothing more and waits for what is under way, whose leases it renews', async () => {
      await arm('x', 0);
      await arm('y', 1_000);
      start();
      await clock.advance(0);
      let stopped: boolean | null = null;
      void runner.stop().then((isDone) => (stopped = isDone));
      await clock.advance(10_000);
      expect(stopped).toBeNull();
      expect(handed[0]?.claims[0]?.isHeld()).toBe(true);
      await completeAll(0);
      expect(stopped).toBe(true);
      expect(batches()).toEqual([['x']]);
      expect(clock.pendingTimers).toBe(0);
    });

    it('gives up waiting at its limit', async () => {
      await arm('x', 0);
      start();
      await clock.advance(0);
      const stopping = runner.stop(500);
      await clock.advance(500);
      expect(await stopping).toBe(false);
      expect(clock.pendingTimers).toBe(0);
    });

    it('gives back what it was claiming when it was stopped', async () => {
      await arm('x', 0);
      const claim = queue.claim.bind(queue);
      let answer = (): void => undefined;
      vi.spyOn(queue, 'claim').mockImplementation(async (...args) => {
        const result = await claim(...args);
        await new Promise<void>((done) => (answer = done));
        return result;
      });
      start();
      await clock.advance(0);
      const stopping = runner.stop();
      answer();
      expect(await stopping).toBe(true);
      expect(handed).toEqual([]);
      expect(await queue.dueTimes('a', ['x'])).toEqual([startMs]);
    });
  });
});
