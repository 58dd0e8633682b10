import type { RedisConnection } from './redis-connection.client';
import { redisWarnings } from './redis-server-check';

/** Asks Redis about itself; returns warnings for the log. */
export async function checkRedisServer({ commands }: Pick<RedisConnection, 'commands'>): Promise<string[]> {
  const info = await commands.info();
  const save = await commands.config('GET', 'save').then(
    (reply) => String((reply as string[])[1] ?? ''),
    () => null, // managed servers refuse CONFIG
  );
  return redisWarnings({ info, save });
}
