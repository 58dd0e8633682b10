import { type RedisClient } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';

/** A configuration that was pushed for all instances. */
export interface PushedConfig {
  /** When it was pushed, epoch ms. */
  readonly version: number;
  readonly text: string;
}

/** The one configuration of an installation, in its Redis. */
export class PushedConfigStore {
  constructor(
    private readonly redis: RedisClient,
    private readonly keys: RedisKeys,
  ) {}

  /** Null: none was pushed. */
  async read(): Promise<PushedConfig | null> {
    const { version, text } = await this.redis.hgetall(this.keys.pushedConfig());
    return version === undefined || text === undefined ? null : { version: Number(version), text };
  }

  /** 0: none was pushed. */
  async version(): Promise<number> {
    return Number((await this.redis.hget(this.keys.pushedConfig(), 'version')) ?? 0);
  }

  async write({ version, text }: PushedConfig): Promise<void> {
    await this.redis.hset(this.keys.pushedConfig(), { version, text });
  }
}
