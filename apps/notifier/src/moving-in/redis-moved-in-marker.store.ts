import { type RedisClient } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type MovedIn, type MovedInMarker } from './moved-in-marker';

/** The marker of an installation, in its Redis. */
export class RedisMovedInMarker implements MovedInMarker {
  private readonly key: string;

  constructor(
    private readonly redis: RedisClient,
    keys: RedisKeys,
  ) {
    this.key = keys.movedIn();
  }

  async read(): Promise<MovedIn> {
    const state = await this.redis.get(this.key);
    return state === null ? 'no' : (state as MovedIn);
  }

  async write(state: MovedIn): Promise<void> {
    await this.redis.set(this.key, state);
  }
}
