import { type Log, onReasonChange } from '../log/log';
import type { RedisConnection } from '../redis/redis-connection.client';
import { type Clock, type Timer } from './clock';

/** How often Redis is asked for the time, ms. */
const MEASURE_MS = 10_000;
const ROUND_TRIPS = 3;

/** Delay before another try to read the time at the start, ms. */
const RETRY_MS = 1_000;

/** The machine's clock may differ this much from monotonic time before Redis is asked at once, ms: it was set, or the
 *  machine was suspended, which monotonic time does not count. */
const JUMP_MS = 500;

export interface RedisClockOptions {
  readonly redis: Pick<RedisConnection, 'commands'>;
  /** The machine's; its timers are used, and what it is off by is measured. */
  readonly clock: Clock;
  readonly log: Log;
  /** Default: the process' own. */
  readonly monotonicMs?: () => number;
}

/**
 * One clock for all instances of an installation: Redis' `TIME`, carried on by monotonic time between measurements and
 * never going backwards: where it is ahead of Redis it runs at half the pace until Redis has caught up. What the machine's
 * clock says does not matter to it.
 */
export class RedisClock implements Clock {
  private readonly monotonicMs: () => number;
  private readonly failure;
  /** Redis' time minus monotonic time, ms. */
  private offsetMs = 0;
  /** The machine's time minus monotonic time when it was last looked at, ms. */
  private machineOffsetMs = 0;
  private latestMs = 0;
  /** When that was, monotonic ms. */
  private latestAtMs = 0;
  private isMeasured = false;
  private isMeasuring = false;
  private isStopped = false;
  private timer: Timer | null = null;

  constructor(private readonly options: RedisClockOptions) {
    this.monotonicMs = options.monotonicMs ?? (() => performance.now());
    this.failure = onReasonChange(options.log);
    // Until Redis has told its time, the machine's has to do.
    this.offsetMs = this.machineOffsetMs = this.machineAheadMs();
  }

  /** How far the machine's clock is ahead of Redis', ms; 0 until that is known. */
  get skewMs(): number {
    return Math.round(this.machineOffsetMs - this.offsetMs);
  }

  /** Resolves after the first measurement, or when stopped; waits for Redis as long as it takes. */
  async start(): Promise<void> {
    while (!this.isMeasured && !this.isStopped) {
      await this.measure();
      if (!this.isMeasured) await new Promise<void>((done) => this.options.clock.setTimer(RETRY_MS, done));
    }
    this.scheduleNext();
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  nowMs(): number {
    if (Math.abs(this.machineAheadMs() - this.machineOffsetMs) > JUMP_MS && !this.isStopped) void this.measure();
    const monotonicMs = this.monotonicMs();
    const slowedMs = this.latestMs + (monotonicMs - this.latestAtMs) / 2;
    this.latestMs = Math.max(slowedMs, monotonicMs + this.offsetMs);
    this.latestAtMs = monotonicMs;
    return Math.floor(this.latestMs);
  }

  setTimer(delayMs: number, run: () => void): Timer {
    return this.options.clock.setTimer(delayMs, run);
  }

  private scheduleNext(): void {
    if (this.isStopped) return;
    this.timer = this.options.clock.setTimer(MEASURE_MS, () => void this.measure().then(() => this.scheduleNext()));
  }

  private machineAheadMs(): number {
    return this.options.clock.nowMs() - this.monotonicMs();
  }

  private async measure(): Promise<void> {
    if (this.isMeasuring) return;
    this.isMeasuring = true;
    this.machineOffsetMs = this.machineAheadMs();
    try {
      const trips = [];
      for (let trip = 0; trip < ROUND_TRIPS; trip++) trips.push(await this.roundTrip());
      const best = trips.reduce((least, trip) => (trip.tookMs < least.tookMs ? trip : least));
      // Redis read its clock somewhere within the round trip: an offset that fits is kept, however slow the trip was.
      const fits = this.offsetMs >= best.leastMs && this.offsetMs <= best.leastMs + best.tookMs;
      if (!fits || !this.isMeasured) this.offsetMs = best.leastMs + best.tookMs / 2;
      this.isMeasured = true;
      this.failure.recovered('The time of Redis is known again');
    } catch (error) {
      this.failure.failed('The time of Redis could not be read', error);
    }
    this.isMeasuring = false;
  }

  private async roundTrip(): Promise<{ tookMs: number; leastMs: number }> {
    const sentMs = this.monotonicMs();
    const [seconds, micros] = await this.options.redis.commands.time();
    const receivedMs = this.monotonicMs();
    const redisMs = Number(seconds) * 1_000 + Number(micros) / 1_000;
    return { tookMs: receivedMs - sentMs, leastMs: redisMs - receivedMs };
  }
}
