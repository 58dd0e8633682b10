import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../testing/fake-clock';
import { MachineClock, sleep } from './clock';

describe('MachineClock', () => {
  let wallMs = 0;
  let monotonicMs = 0;
  const clock = (): MachineClock => {
    return new MachineClock(
      () => wallMs,
      () => monotonicMs,
    );
  };

  beforeEach(() => {
    wallMs = 1_000_000;
    monotonicMs = 500.4;
  });

  it('starts at the wall time and runs with the monotonic time', () => {
    const subject = clock();
    wallMs += 250;
    monotonicMs += 250;
    expect(subject.nowMs()).toBe(1_000_250);
  });

  it('neither goes back nor stands still when the wall clock is set back', () => {
    const subject = clock();
    wallMs -= 3_600_000;
    monotonicMs += 10;
    expect(subject.nowMs()).toBe(1_000_010);
    monotonicMs += 10;
    expect(subject.nowMs()).toBe(1_000_020);
  });

  it('takes over the time of a suspension, and keeps it', () => {
    const subject = clock();
    wallMs += 60_000;
    expect(subject.nowMs()).toBe(1_060_000);
    wallMs -= 50_000;
    monotonicMs += 5;
    expect(subject.nowMs()).toBe(1_060_005);
  });

  it('is never behind the wall clock, not by a fraction of a ms', () => {
    const subject = clock();
    wallMs += 1;
    monotonicMs += 0.3;
    expect(subject.nowMs()).toBe(1_000_001);
    wallMs += 400;
    monotonicMs += 1;
    expect(subject.nowMs()).toBe(1_000_401);
  });

  it('answers in whole ms', () => {
    const subject = clock();
    monotonicMs += 0.9;
    expect(subject.nowMs()).toBe(1_000_000);
  });
});

describe('timers of MachineClock', () => {
  let suspendedMs = 0;

  beforeEach(() => {
    suspendedMs = 0;
    vi.useFakeTimers();
  });

  afterEach(() => vi.useRealTimers());

  const start = (delayMs: number) => {
    const run = vi.fn();
    const clock = new MachineClock(
      () => Date.now() + suspendedMs,
      () => performance.now(),
    );
    return { run, timer: clock.setTimer(delayMs, run) };
  };

  it('fire once, at their time', () => {
    const { run } = start(1_000);
    vi.advanceTimersByTime(999);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('may be longer than Node allows', () => {
    const days30 = 30 * 86_400_000;
    const { run } = start(days30);
    vi.advanceTimersByTime(days30 - 1);
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('do not sleep on for long when the machine was suspended', () => {
    const { run } = start(3_600_000);
    suspendedMs = 3_600_000;
    vi.advanceTimersByTime(60_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('can be cancelled, also after the first look at the clock', () => {
    const { run, timer } = start(200_000);
    vi.advanceTimersByTime(130_000);
    timer.cancel();
    vi.advanceTimersByTime(200_000);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('sleep', () => {
  it('ends when the time has passed', async () => {
    const clock = new FakeClock();
    const done = vi.fn();
    void sleep(clock, 100).then(done);
    await clock.advance(99);
    expect(done).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(done).toHaveBeenCalled();
  });

  it.each(['before', 'during'])('ends early when aborted %s it, leaving no timer', async (when) => {
    const clock = new FakeClock();
    const abort = new AbortController();
    if (when === 'before') abort.abort();
    const sleeping = sleep(clock, 100, abort.signal);
    abort.abort();
    await sleeping;
    expect(clock.pendingTimers).toBe(0);
  });
});
