import { describe, expect, it } from 'vitest';
import { sleep } from '../time/clock';
import { FakeClock } from './fake-clock';

describe('FakeClock', () => {
  it('fires timers in order of time, then of creation, each at its own instant', async () => {
    const clock = new FakeClock(1_000);
    const fired: string[] = [];
    const note = (name: string) => () => void fired.push(`${name}@${clock.nowMs()}`);
    clock.setTimer(20, note('late'));
    clock.setTimer(10, note('first'));
    clock.setTimer(10, note('second'));
    clock.setTimer(31, note('never'));
    await clock.advance(30);
    expect(fired).toEqual(['first@1010', 'second@1010', 'late@1020']);
    expect(clock.nowMs()).toBe(1_030);
    expect(clock.pendingTimers).toBe(1);
  });

  it('fires what timers and promises start on the way', async () => {
    const clock = new FakeClock(0);
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for (;;) {
        await sleep(clock, 10);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(clock.nowMs());
      }
    };
    void loop();
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('does not fire a cancelled timer', async () => {
    const clock = new FakeClock();
    let fired = false;
    const timer = clock.setTimer(10, () => (fired = true));
    timer.cancel();
    timer.cancel();
    await clock.advance(20);
    expect(fired).toBe(false);
  });

  it('set jumps without firing; what became due fires at the next advance, at the new time', async () => {
    const clock = new FakeClock(0);
    const fired: number[] = [];
    clock.setTimer(10, () => fired.push(clock.nowMs()));
    clock.set(360_000);
    expect(fired).toEqual([]);
    await clock.advance(0);
    expect(fired).toEqual([360_000]);
  });
});
