import { type Log, onReasonChange } from '../log/log';
import type { RedisConnection } from '../redis/redis-connection.client';
import { type RedisKeys } from '../redis/redis-keys';
import { type Clock, type Timer } from '../time/clock';
import { type Instance, INSTANCE_TTL_MS, type InstanceRegistry } from './instance-registry';

const BEAT_MS = 1_000;

export interface RedisInstanceRegistryOptions {
  /** Application: its instances see each other only. */
  readonly app: string;
  readonly self: Instance;
  /** What it says of itself with every heartbeat. Default: nothing. */
  readonly details?: () => Readonly<Record<string, string>>;
  readonly redis: RedisConnection;
  readonly keys: RedisKeys;
  readonly clock: Clock;
  readonly log: Log;
}

/** Heartbeats in a sorted set; who was heard of lately is alive. */
export class RedisInstanceRegistry implements InstanceRegistry {
  private others: readonly Instance[] = [];
  private timer: Timer | null = null;
  private stopped = false;
  private readonly failure;

  constructor(private readonly options: RedisInstanceRegistryOptions) {
    this.failure = onReasonChange(options.log);
  }

  get self(): Instance {
    const { self, details } = this.options;
    return details === undefined ? self : { ...self, details: details() };
  }

  live(): readonly Instance[] {
    return [this.self, ...this.others].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Announces this instance and learns of the others; goes on doing so. */
  async start(): Promise<void> {
    await this.beat();
  }

  /** Leaves: the others notice at their next heartbeat. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    // Without Redis there is nobody to tell: they notice when the heartbeats stay away.
    await this.options.redis.commands
      .pipeline()
      .zrem(this.key, this.member)
      .hdel(this.detailsKey, this.self.name)
      .exec()
      .catch(() => undefined);
  }

  private async beat(): Promise<void> {
    try {
      const { redis, clock } = this.options;
      const nowMs = clock.nowMs();
      const replies = await redis.commands
        .pipeline()
        .zadd(this.key, String(nowMs), this.member)
        .zremrangebyscore(this.key, '-inf', `(${nowMs - INSTANCE_TTL_MS}`)
        .zrange(this.key, '0', '-1')
        .hset(this.detailsKey, this.self.name, JSON.stringify(this.self.details ?? {}))
        .hgetall(this.detailsKey)
        .exec();
      for (const [error] of replies ?? []) if (error) throw error;
      const members = (replies?.[2]?.[1] ?? []) as string[];
      const details = (replies?.[4]?.[1] ?? {}) as Record<string, string>;
      this.others = members
        .filter((member) => member !== this.member)
        .map(readInstance)
        .map((instance) => withDetails(instance, details[instance.name]));
      await this.forgetDetails(Object.keys(details));
      this.failure.recovered('Heartbeats work again');
    } catch (error) {
      this.failure.failed('Heartbeat failed', error);
    }
    if (!this.stopped) this.timer = this.options.clock.setTimer(BEAT_MS, () => void this.beat());
  }

  /** Of instances that died without leaving. */
  private async forgetDetails(names: readonly string[]): Promise<void> {
    const live = new Set(this.live().map(({ name }) => name));
    const dead = names.filter((name) => !live.has(name));
    if (dead.length > 0) await this.options.redis.commands.hdel(this.detailsKey, ...dead);
  }

  private get detailsKey(): string {
    return this.options.keys.instanceDetails(this.options.app);
  }

  private get key(): string {
    return this.options.keys.instances(this.options.app);
  }

  private get member(): string {
    return `${this.self.name} ${this.self.address}`;
  }
}

function readInstance(member: string): Instance {
  const at = member.indexOf(' ');
  return { name: member.slice(0, at), address: member.slice(at + 1) };
}

function withDetails(instance: Instance, text: string | undefined): Instance {
  return text === undefined || text === '{}'
    ? instance
    : { ...instance, details: JSON.parse(text) as Record<string, string> };
}
