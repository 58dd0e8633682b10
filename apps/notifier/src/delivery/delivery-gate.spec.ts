import { describe, expect, it } from 'vitest';
import { DeliveryGate } from './delivery-gate';
import { DEFAULT_LIMITS, type DeliveryLimits } from './delivery-limits';
import { BUSY, DELIVERED } from './testing/delivery-fixture';

const limits = (own: Partial<DeliveryLimits>): DeliveryLimits => ({ ...DEFAULT_LIMITS, ...own });

describe('places', () => {
  it('are as many as may be under way, and come back', () => {
    const own = limits({ maxInFlight: 2 });
    const gate = new DeliveryGate();
    const [first] = [gate.enter(own, 0), gate.enter(own, 0)];
    expect(gate.capacity(own, 0)).toMatchObject({ max: 0, againMs: null });
    expect(gate.leave(first)).toBe(true);
    expect(gate.capacity(own, 0)).toMatchObject({ max: 1 });
  });

  it('that come back are told only to those who found none', () => {
    const gate = new DeliveryGate();
    const pass = gate.enter(DEFAULT_LIMITS, 0);
    expect(gate.capacity(DEFAULT_LIMITS, 0).max).toBe(127);
    expect(gate.leave(pass)).toBe(false);
  });
});

describe('the rate limit', () => {
  const own = limits({ rate: { perSecond: 0.5, burst: 3 } });

  it('lets a burst through, then one each so often, and says when', () => {
    const gate = new DeliveryGate();
    expect(gate.capacity(own, 0).max).toBe(3);
    for (let n = 0; n < 3; n++) gate.attempted(gate.enter(own, 0), DELIVERED, own, 0);
    expect(gate.capacity(own, 0)).toEqual({ max: 0, againMs: 2_000, isRateLimited: true });
    expect(gate.capacity(own, 500)).toEqual({ max: 0, againMs: 2_000, isRateLimited: false });
    expect(gate.capacity(own, 2_000).max).toBe(1);
    expect(gate.capacity(own, 60_000).max).toBe(3);
  });

  it('does not count what needed no attempt', () => {
    const gate = new DeliveryGate();
    for (let n = 0; n < 3; n++) gate.leave(gate.enter(own, 0));
    expect(gate.capacity(own, 0).max).toBe(3);
  });

  it('never stops one who looks again exactly when it said, whatever the rate', () => {
    for (const perSecond of [0.1, 0.3, 1 / 3, 0.7, 3, 7, 33, 1_000]) {
      const odd = limits({ rate: { perSecond, burst: 1 } });
      const gate = new DeliveryGate();
      let nowMs = Date.UTC(2026, 0, 1);
      for (let n = 0; n < 50; n++) {
        const { max, againMs } = gate.capacity(odd, nowMs);
        expect(max, `${perSecond} a second, look ${n}`).toBe(n % 2 === 0 ? 1 : 0);
        if (max > 0) gate.attempted(gate.enter(odd, nowMs), DELIVERED, odd, nowMs);
        nowMs = againMs ?? nowMs;
      }
    }
  });
});

describe('the circuit breaker', () => {
  const own = limits({ circuit: { failures: 2, pauseMs: 15_000 } });

  function opened(): DeliveryGate {
    const gate = new DeliveryGate();
    const passes = [gate.enter(own, 0), gate.enter(own, 0)];
    expect(passes.map((pass) => gate.attempted(pass, BUSY, own, 0))).toEqual([null, 'opened']);
    for (const pass of passes) gate.leave(pass);
    return gate;
  }

  it('lets nothing through until the pause is over, then one', () => {
    const gate = opened();
    expect(gate.capacity(own, 14_999)).toMatchObject({ max: 0, againMs: 15_000 });
    expect(gate.capacity(own, 15_000).max).toBe(1);
    const probe = gate.enter(own, 15_000);
    expect(gate.capacity(own, 15_001)).toMatchObject({ max: 0, againMs: null });
    expect(gate.attempted(probe, DELIVERED, own, 15_002)).toBe('closed');
    expect(gate.leave(probe)).toBe(true);
    expect(gate.capacity(own, 15_002).max).toBe(128);
  });

  it('lets the next one through when the first had nothing to send', () => {
    const gate = opened();
    gate.leave(gate.enter(own, 15_000));
    expect(gate.capacity(own, 15_000).max).toBe(1);
  });

  it('pauses again when the probe fails', () => {
    const gate = opened();
    const probe = gate.enter(own, 15_000);
    expect(gate.attempted(probe, BUSY, own, 16_000)).toBeNull();
    gate.leave(probe);
    expect(gate.capacity(own, 16_000)).toMatchObject({ max: 0, againMs: 31_000 });
  });

  it('closes when a reload takes it away', () => {
    expect(opened().capacity(limits({ circuit: null }), 1).max).toBe(128);
  });
});

describe('a receiver that asks to wait', () => {
  const asksFor = (retryAfterMs: number) => ({ ...BUSY, retryAfterMs });

  it('is left alone until then, whatever else there is to be told', () => {
    const gate = new DeliveryGate();
    const passes = [gate.enter(DEFAULT_LIMITS, 0), gate.enter(DEFAULT_LIMITS, 0)];
    gate.attempted(passes[0]!, asksFor(60_000), DEFAULT_LIMITS, 0);
    gate.attempted(passes[1]!, asksFor(30_000), DEFAULT_LIMITS, 10_000);
    for (const pass of passes) gate.leave(pass);
    expect(gate.capacity(DEFAULT_LIMITS, 59_999)).toMatchObject({ max: 0, againMs: 60_000 });
    expect(gate.capacity(DEFAULT_LIMITS, 60_000).max).toBe(128);
  });

  it('is not waited for longer than five minutes', () => {
    const gate = new DeliveryGate();
    gate.attempted(gate.enter(DEFAULT_LIMITS, 0), asksFor(86_400_000), DEFAULT_LIMITS, 0);
    expect(gate.capacity(DEFAULT_LIMITS, 1)).toMatchObject({ max: 0, againMs: 300_000 });
  });

  it('is left alone beyond the pause of an open circuit', () => {
    const own = limits({ circuit: { failures: 1, pauseMs: 15_000 } });
    const gate = new DeliveryGate();
    gate.leave(gate.enter(own, 0));
    gate.attempted(gate.enter(own, 0), asksFor(20_000), own, 0);
    expect(gate.capacity(own, 1)).toMatchObject({ max: 0, againMs: 20_000 });
    expect(gate.capacity(own, 16_000)).toMatchObject({ max: 0, againMs: 20_000 });
  });
});
