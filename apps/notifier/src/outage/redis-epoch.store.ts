import { randomUUID } from 'node:crypto';
import { luaCommand, type RedisClient, runLuaUnguarded } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import publishEpochLua from './commands/publishEpoch-1.lua';
import takeEpochLua from './commands/takeEpoch-2.lua';

const takeEpoch = luaCommand('takeEpoch-2', takeEpochLua);
const publishEpoch = luaCommand('publishEpoch-1', publishEpochLua);

/** How long the right to restore outlives its owner, ms. */
const RESTORE_TTL_MS = 10_000;

/** How long the trace of a probe stays, s. */
const PROBE_KEPT_S = 60;

const RESTORING = 'restoring ';

/** What a Redis says about which one it is. */
export interface SeenEpoch {
  /** Empty: none. */
  readonly epoch: string;
  /** Last position of the change stream. */
  readonly position: number;
}

/** Whether somebody restores this Redis at the moment. */
export function isBeingRestored({ epoch }: SeenEpoch): boolean {
  return epoch.startsWith(RESTORING);
}

/** The epoch key: a Redis that lost its data has none, and whoever takes it restores the data. */
export class RedisEpoch {
  constructor(
    private readonly redis: RedisClient,
    private readonly keys: RedisKeys,
    instance: string,
  ) {
    this.restoring = `${RESTORING}${instance}`;
  }

  /** The epoch while this instance restores. */
  readonly restoring: string;

  /** Throws where Redis cannot be written to, too: one that only answers is of no use. */
  async read(): Promise<SeenEpoch> {
    const [[epoch, position]] = await Promise.all([
      this.redis.mget(this.keys.epoch(), this.keys.alertPosition()),
      this.redis.set(this.keys.writeProbe(), '', 'EX', PROBE_KEPT_S),
    ]);
    return { epoch: epoch ?? '', position: Number(position ?? 0) };
  }

  /** Takes, or keeps, the sole right to restore; false when the epoch is no longer `expected`. */
  async take(expected: string, position: number): Promise<boolean> {
    const keys = [this.keys.epoch(), this.keys.alertPosition()];
    return (
      (await runLuaUnguarded(this.redis, takeEpoch, keys, [expected, this.restoring, RESTORE_TTL_MS, position])) === 1
    );
  }

  /** Ends the restoring; the new epoch, or null where another instance has taken over. */
  async publish(): Promise<string | null> {
    const epoch = randomUUID();
    const isDone = await runLuaUnguarded(this.redis, publishEpoch, [this.keys.epoch()], [this.restoring, epoch]);
    return isDone === 1 ? epoch : null;
  }
}
