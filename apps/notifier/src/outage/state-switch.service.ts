import { isRefusedByGuard } from '@tocsin/common/redis/lua-command.loader';
import { isRedisRefusing, isRedisUnreachable } from '@tocsin/common/redis/redis-unreachable';
import { type Clock, sleep, type Timer } from '@tocsin/common/time/clock';
import { StateUnavailableError } from './outage.errors';
import { type StatePorts } from './state-ports';

/** How long anybody waits for a state that is being moved, ms. */
const WAIT_MS = 10_000;

/** What was sent to a Redis that turned out to be another one is tried again where the state then is: so often, so far
 *  apart. */
const ATTEMPTS = 20;
const RETRY_MS = 100;

/** Which state is worked on, the shared or the local one; closed while it changes hands, so that nothing is written to
 *  the one that was read already. */
export class StateSwitch {
  private isClosed = false;
  private claimsFromMs = 0;
  private readonly waiting = new Set<(error: Error | null) => void>();
  private readonly listeners: ((before: StatePorts, after: StatePorts) => void)[] = [];

  constructor(
    private ports: StatePorts,
    private readonly clock: Clock,
  ) {}

  /** Whether work may be begun. */
  mayClaim(): boolean {
    return !this.isClosed && this.clock.nowMs() >= this.claimsFromMs;
  }

  /** No work is begun before this time, epoch ms. */
  holdClaims(untilMs: number): void {
    this.claimsFromMs = untilMs;
  }

  /** For reads in memory, which never wait. */
  get current(): StatePorts {
    return this.ports;
  }

  /** For everything else: waits while the switch is closed, and throws when that takes too long. */
  async run<T>(work: (ports: StatePorts) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      if (this.isClosed) await this.wait();
      try {
        return await work(this.ports);
      } catch (error) {
        if (isRedisUnreachable(error)) throw new StateUnavailableError('Redis cannot be reached', { cause: error });
        if (isRedisRefusing(error)) throw new StateUnavailableError('Redis takes no writes', { cause: error });
        if (!isRefusedByGuard(error) || attempt === ATTEMPTS) throw error;
        await sleep(this.clock, RETRY_MS);
      }
    }
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.isClosed = false;
    this.release(null);
  }

  /** The end: whoever waits is refused. */
  stop(): void {
    this.release(new StateUnavailableError('the notifier is stopping'));
  }

  change(to: StatePorts): void {
    const before = this.ports;
    if (before === to) return;
    this.ports = to;
    for (const listener of this.listeners) listener(before, to);
  }

  onChange(listener: (before: StatePorts, after: StatePorts) => void): void {
    this.listeners.push(listener);
  }

  private wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer: Timer = this.clock.setTimer(WAIT_MS, () =>
        end(new StateUnavailableError('the state is being moved')),
      );
      const end = (error: Error | null): void => {
        timer.cancel();
        this.waiting.delete(end);
        if (error === null) resolve();
        else reject(error);
      };
      this.waiting.add(end);
    });
  }

  private release(error: Error | null): void {
    for (const end of [...this.waiting]) end(error);
  }
}
