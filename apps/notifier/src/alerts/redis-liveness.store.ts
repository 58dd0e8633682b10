import { luaCommand, type RedisClient, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import beatLivenessLua from './commands/beatLiveness-1.lua';
import recoverLivenessLua from './commands/recoverLiveness-1.lua';
import repairLivenessLua from './commands/repairLiveness-1.lua';
import { type Beat, type Liveness, OUTAGE_AFTER_MS, type RepairProgress, type RepairRequest } from './liveness';

const beatLiveness = luaCommand('beatLiveness-1', beatLivenessLua);
const repairLiveness = luaCommand('repairLiveness-1', repairLivenessLua);
const recoverLiveness = luaCommand('recoverLiveness-1', recoverLivenessLua);

/** Liveness of an installation: the latest beat of any of its notifiers. */
export class RedisLiveness implements Liveness {
  private readonly key: string;

  constructor(
    private readonly redis: RedisClient,
    keys: RedisKeys,
  ) {
    this.key = keys.liveness();
  }

  async beat(nowMs: number): Promise<Beat> {
    const sinceMs = (await runLua(this.redis, beatLiveness, [this.key], [nowMs, OUTAGE_AFTER_MS])) as number | null;
    return sinceMs === null ? { kind: 'ok' } : { kind: 'outage', sinceMs };
  }

  async tryRepair({ owner, nowMs, ttlMs, doneTo }: RepairRequest): Promise<RepairProgress | null> {
    const reply = await runLua(this.redis, repairLiveness, [this.key], [owner, nowMs, ttlMs, doneTo]);
    return reply === null ? null : { doneTo: reply as string };
  }

  async recovered(owner: string, nowMs: number): Promise<void> {
    await runLua(this.redis, recoverLiveness, [this.key], [owner, nowMs]);
  }
}
