import { EmbeddedStore } from '../embedded/embedded-store.client';
import { type Log } from '../log/log';
import type { RedisConnection } from '../redis/redis-connection.client';
import { redisKeys, type RedisKeys } from '../redis/redis-keys';
import { type Clock } from '../time/clock';
import { RedisClock } from '../time/redis-clock.client';
import { checkRedisServer } from '../redis/redis-server.client';

/** Where an application keeps its state. Both applications of one process share it. */
export type Backend = EmbeddedBackend | RedisBackend;

export interface EmbeddedBackend {
  readonly kind: 'embedded';
  readonly clock: Clock;
  readonly store: EmbeddedStore;
  close(): Promise<void>;
}

export interface RedisBackend {
  readonly kind: 'redis';
  /** The installation's clock: the same on every machine. */
  readonly clock: Clock;
  readonly redis: RedisConnection;
  readonly keys: RedisKeys;
  /** How far the machine's clock is ahead of the installation's, ms. */
  skewMs(): number;
  close(): Promise<void>;
}

export interface BackendOptions {
  /** Null: embedded. */
  readonly redisUrl: string | null;
  readonly redisPrefix: string;
  /** Folder of the embedded state. */
  readonly storagePath: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the state: a folder of this process, or the Redis of an installation. */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  const { redisUrl, redisPrefix, storagePath, clock, log } = options;
  if (redisUrl === null) {
    const store = await EmbeddedStore.open(storagePath, log);
    return { kind: 'embedded', clock, store, close: () => store.close() };
  }
  // Loaded only where it is used, so that a process without Redis starts sooner.
  const { RedisConnection } = await import('../redis/redis-connection.client');
  const redis = new RedisConnection({ url: redisUrl, log });
  const shared = new RedisClock({ redis, clock, log });
  await shared.start();
  for (const warning of await checkRedisServer(redis)) log.warn('Redis is not set up to keep state', { warning });
  return {
    kind: 'redis',
    clock: shared,
    redis,
    keys: redisKeys(redisPrefix),
    skewMs: () => shared.skewMs,
    close: async () => {
      shared.stop();
      redis.close();
    },
  };
}
