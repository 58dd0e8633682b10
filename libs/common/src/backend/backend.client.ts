import type { EmbeddedStore } from '../embedded/embedded-store.client';
import { type Log, reasonOf } from '../log/log';
import type { RedisConnection } from '../redis/redis-connection.client';
import { redisKeys, type RedisKeys } from '../redis/redis-keys';
import { type Clock, sleep } from '../time/clock';
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
  // Each is loaded only where it is used, so that the process starts sooner.
  if (redisUrl === null) {
    const { EmbeddedStore } = await import('../embedded/embedded-store.client');
    const store = await EmbeddedStore.open(storagePath, log);
    return { kind: 'embedded', clock, store, close: () => store.close() };
  }
  const { RedisConnection } = await import('../redis/redis-connection.client');
  const redis = new RedisConnection({ url: redisUrl, log });
  const shared = new RedisClock({ redis, clock, log });
  let isClosed = false;
  const measured = shared.start().then(() => (isClosed ? undefined : warnOfServer(redis, log)));
  // Without Redis the applications begin all the same: what they do then is theirs to say.
  const limit = new AbortController();
  await Promise.race([measured, sleep(clock, REDIS_WAIT_MS, limit.signal)]);
  limit.abort();
  return {
    kind: 'redis',
    clock: shared,
    redis,
    keys: redisKeys(redisPrefix),
    skewMs: () => shared.skewMs,
    close: async () => {
      isClosed = true;
      shared.stop();
      redis.close();
    },
  };
}

/** How long the start waits for a Redis that does not answer, ms. */
const REDIS_WAIT_MS = 2_000;

async function warnOfServer(redis: RedisConnection, log: Log): Promise<void> {
  try {
    for (const warning of await checkRedisServer(redis)) log.warn('Redis is not set up to keep state', { warning });
  } catch (error) {
    log.warn('The settings of Redis could not be checked', { err: reasonOf(error) });
  }
}
