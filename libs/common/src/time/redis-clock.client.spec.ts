import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nullLog } from '../log/log';
import { FakeClock, settle } from '../testing/fake-clock';
import { RedisClock, type RedisClockOptions } from './redis-clock.client';

/** Real time of the test: Redis is right, the machine is off by `machineAheadMs`, monotonic time counts from 5 000. */
class World {
  machine = new FakeClock(1_000_000);
  /** How far Redis is behind the machine, ms. */
  machineAheadMs = 30_000;
  /** Ways of each coming round trip: there and back, ms. */
  trips: { there: number; back: number }[] = [];
  isDown = false;
  asked = 0;
  private elsewhereMs = 0;

  get redisMs(): number {
    return this.machine.nowMs() + this.elsewhereMs - this.machineAheadMs;
  }

  readonly monotonicMs = (): number => this.machine.nowMs() + this.elsewhereMs - 995_000;

  /** The machine's clock is set; monotonic time and Redis do not notice. */
  setMachine(aheadMs: number): void {
    this.machine.set(this.machine.nowMs() + aheadMs);
    this.elsewhereMs -= aheadMs;
  }

  readonly redis = {
    commands: {
      time: async (): Promise<[string, string]> => {
        this.asked++;
        if (this.isDown) throw new Error('connection lost');
        const { there, back } = this.trips.shift() ?? { there: 0, back: 0 };
        this.machine.set(this.machine.nowMs() + there);
        const atMs = this.redisMs;
        this.machine.set(this.machine.nowMs() + back);
        return [String(Math.floor(atMs / 1_000)), String((atMs % 1_000) * 1_000)];
      },
    },
  } as unknown as RedisClockOptions['redis'];
}

describe('RedisClock', () => {
  let world: World;
  let clock: RedisClock;

  beforeEach(() => {
    world = new World();
    clock = new RedisClock({ redis: world.redis, clock: world.machine, monotonicMs: world.monotonicMs, log: nullLog });
  });
  afterEach(() => clock.stop());

  it('tells the time of Redis, and how far the machine is ahead of it', async () => {
    await clock.start();
    expect(clock.nowMs()).toBe(world.redisMs);
    expect(clock.skewMs).toBe(30_000);
    await world.machine.advance(1_234);
    expect(clock.nowMs()).toBe(world.redisMs);
  });

  it('trusts the quickest of three round trips', async () => {
    world.trips = [
      { there: 400, back: 0 },
      { there: 2, back: 2 },
      { there: 0, back: 300 },
    ];
    await clock.start();
    expect(clock.nowMs()).toBe(world.redisMs);
    expect(world.asked).toBe(3);
  });

  it('keeps what it knows when a slow measurement agrees with it', async () => {
    await clock.start();
    world.trips = Array.from({ length: 3 }, () => ({ there: 0, back: 800 }));
    await world.machine.advance(10_000);
    expect(world.asked).toBe(6);
    expect(clock.nowMs()).toBe(world.redisMs);
  });

  it('follows Redis every ten seconds', async () => {
    await clock.start();
    world.machineAheadMs = 29_900;
    await world.machine.advance(9_999);
    expect(clock.nowMs()).toBe(world.redisMs - 100);
    await world.machine.advance(1);
    expect(clock.nowMs()).toBe(world.redisMs);
    expect(clock.skewMs).toBe(29_900);
  });

  it('neither goes backwards nor stands still when Redis is set back: it runs at half the pace until they meet', async () => {
    await clock.start();
    const beforeMs = clock.nowMs();
    world.machineAheadMs = 50_000;
    await world.machine.advance(10_000);
    expect(clock.nowMs()).toBe(beforeMs + 5_000);
    await world.machine.advance(9_000);
    expect(clock.nowMs()).toBe(beforeMs + 9_500);
    await world.machine.advance(26_000);
    expect(clock.nowMs()).toBe(world.redisMs);
    expect(clock.nowMs()).toBe(beforeMs + 25_000);
  });

  it.each([-60_000, 60_000])('takes no notice of a machine clock that is set by %i ms', async (ms) => {
    await clock.start();
    const beforeMs = clock.nowMs();
    world.setMachine(ms);
    expect(clock.nowMs()).toBe(beforeMs);
    await settle();
    expect(clock.nowMs()).toBe(beforeMs);
  });

  it('asks at once when the machine clock jumped, since the machine may have been suspended', async () => {
    await clock.start();
    world.setMachine(60_000);
    clock.nowMs();
    clock.nowMs();
    await settle();
    expect(world.asked).toBe(6);
  });

  it('waits for Redis at the start and goes on from what it knows while Redis is away', async () => {
    world.isDown = true;
    let started = false;
    void clock.start().then(() => (started = true));
    await world.machine.advance(5_000);
    expect(started).toBe(false);
    world.isDown = false;
    await world.machine.advance(1_000);
    expect(started).toBe(true);
    world.isDown = true;
    await world.machine.advance(60_000);
    expect(clock.nowMs()).toBe(world.redisMs);
  });

  it('gives up waiting when it is stopped, and leaves no timer', async () => {
    world.isDown = true;
    const starting = clock.start();
    clock.stop();
    await world.machine.advance(1_000);
    await starting;
    expect(world.machine.pendingTimers).toBe(0);
  });
});
