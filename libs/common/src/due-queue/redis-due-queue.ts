import { type LuaCommand, luaCommand, runLua } from '../redis/lua-command.loader';
import type { RedisConnection } from '../redis/redis-connection.client';
import { type RedisKeys } from '../redis/redis-keys';
import { type Clock } from '../time/clock';
import arm from './commands/arm.lua';
import armDueText from './commands/armDue-N.lua';
import claim from './commands/claim.lua';
import claimDueText from './commands/claimDue-N.lua';
import claimMembersText from './commands/claimMembers-3.lua';
import completeClaimsText from './commands/completeClaims-N.lua';
import copyDueText from './commands/copyDue-N.lua';
import extendClaimsText from './commands/extendClaims-N.lua';
import numbers from './commands/numbers.lua';
import removeUnchangedText from './commands/removeUnchanged-N.lua';
import {
  type Arm,
  type Claim,
  type ClaimResult,
  type Completion,
  type CompletionResult,
  type DueQueue,
  type LaneCapacity,
  type MemberClaim,
  type MemberRevision,
} from './due-queue';

/** Snippets for commands that arm in the same step as they store the work: `--@include numbers`, `--@include arm`. */
export const armSnippets = { numbers, arm };

const snippets = { ...armSnippets, claim };
const armDue = luaCommand('armDue-N', armDueText, snippets);
const claimDue = luaCommand('claimDue-N', claimDueText, snippets);
const claimMembers = luaCommand('claimMembers-3', claimMembersText, snippets);
const extendClaims = luaCommand('extendClaims-N', extendClaimsText);
const completeClaims = luaCommand('completeClaims-N', completeClaimsText);
const removeUnchanged = luaCommand('removeUnchanged-N', removeUnchangedText);
const copyDue = luaCommand('copyDue-N', copyDueText, snippets);

const ARM_MODES: Readonly<Record<Arm['mode'], string>> = { keep: '0', earlier: '1', set: '2' };

/** Keys and arguments the snippet `arm` takes, always the last ones of a command. */
export function armArgs(keys: RedisKeys, queue: string, arms: readonly Arm[]): { keys: string[]; args: string[] } {
  const lanes = new LaneNumbers();
  const each = arms.flatMap(({ lane, id, dueMs, mode }) => [
    String(lanes.of(lane)),
    id,
    String(dueMs),
    ARM_MODES[mode],
  ]);
  return {
    keys: [keys.dueCounter(queue), ...lanes.keys(keys, queue)],
    args: [keys.dueWake(queue), String(lanes.names.length), ...lanes.names, ...each],
  };
}

export interface RedisDueQueueOptions {
  queue: string;
  redis: RedisConnection;
  keys: RedisKeys;
  clock: Clock;
}

/** A due queue shared by all processes of an installation. */
export class RedisDueQueue implements DueQueue {
  private readonly listeners: ((lane: string, dueMs: number) => void)[] = [];

  constructor(private readonly options: RedisDueQueueOptions) {}

  /** Begins to hear of work that other processes arm. */
  async start(): Promise<void> {
    await this.options.redis.subscribe(this.wakeChannel, this.onWake);
  }

  async stop(): Promise<void> {
    await this.options.redis.unsubscribe(this.wakeChannel, this.onWake);
  }

  onArmed(listener: (lane: string, dueMs: number) => void): void {
    this.listeners.push(listener);
  }

  async arm(arms: readonly Arm[]): Promise<void> {
    if (arms.length === 0) return;
    const { keys, args } = armArgs(this.options.keys, this.options.queue, arms);
    await this.run(armDue, keys, [this.now(), ...args]);
  }

  async claim(capacities: readonly LaneCapacity[], leaseMs: number): Promise<ClaimResult> {
    if (capacities.length === 0) return { claims: [], nextDueMs: null };
    const lanes = new LaneNumbers(capacities.map(({ lane }) => lane));
    const keys = [this.counterKey, ...this.laneKeys(lanes)];
    const most = capacities.map(({ max }) => max);
    const reply = await this.run(claimDue, keys, [this.now(), leaseMs, ...most]);
    const [next, ...found] = reply as [string, ...string[][]];
    const claims = found.flatMap((flat, at) => readClaims(lanes.names[at] ?? '', flat));
    claims.sort((a, b) => a.dueMs - b.dueMs);
    return { claims, nextDueMs: next === '' ? null : Number(next) };
  }

  async claimMembers(lane: string, ids: readonly string[], leaseMs: number): Promise<readonly MemberClaim[]> {
    if (ids.length === 0) return [];
    const { keys, queue } = this.options;
    const reply = await this.run(
      claimMembers,
      [this.counterKey, keys.due(queue, lane), keys.dueMeta(queue, lane)],
      [this.now(), leaseMs, ...ids],
    );
    return (reply as string[][]).map((found, at) => {
      const [claim] = found.length > 1 ? readClaims(lane, found) : [];
      if (claim) return { kind: 'claimed', claim };
      return { kind: 'not-due', id: ids[at] ?? '', dueMs: found[0] === undefined ? null : Number(found[0]) };
    });
  }

  async extend(claims: readonly Claim[], leaseMs: number): Promise<readonly Claim[]> {
    if (claims.length === 0) return [];
    const lanes = new LaneNumbers();
    const each = claims.flatMap(({ lane, id, token }) => [lanes.of(lane), id, token]);
    const lost = await this.run(extendClaims, this.laneKeys(lanes), [this.now() + leaseMs, ...each]);
    return (lost as number[]).flatMap((number) => claims[number - 1] ?? []);
  }

  async complete(completions: readonly Completion[]): Promise<readonly CompletionResult[]> {
    if (completions.length === 0) return [];
    const lanes = new LaneNumbers();
    const each = completions.flatMap(({ claim: { lane, id, token, revision }, unchanged, changed }) => [
      lanes.of(lane),
      id,
      token,
      revision,
      unchanged ?? '',
      changed,
    ]);
    const reply = (await this.run(completeClaims, this.laneKeys(lanes), each)) as (number | string)[];
    return completions.map(({ claim }, at) => {
      const due = reply[2 * at + 1];
      if (due !== '') this.tell(claim.lane, Number(due));
      return completionResult(reply[2 * at] as number);
    });
  }

  async removeUnchanged(members: readonly MemberRevision[]): Promise<void> {
    if (members.length === 0) return;
    const lanes = new LaneNumbers();
    const each = members.flatMap(({ lane, id, revision }) => [lanes.of(lane), id, revision]);
    await this.run(removeUnchanged, this.laneKeys(lanes), each);
  }

  async removeLane(lane: string): Promise<void> {
    const { keys, queue, redis } = this.options;
    await redis.commands.unlink(keys.due(queue, lane), keys.dueMeta(queue, lane));
  }

  async copyLane(from: string, to: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { keys, queue } = this.options;
    const target = [this.counterKey, keys.due(queue, to), keys.dueMeta(queue, to)];
    await this.run(copyDue, [keys.due(queue, from), ...target], [this.now(), this.wakeChannel, to, ...ids]);
  }

  async dueTimes(lane: string, ids: readonly string[]): Promise<readonly (number | null)[]> {
    if (ids.length === 0) return [];
    const { keys, queue, redis } = this.options;
    const scores = await redis.commands.zmscore(keys.due(queue, lane), ...ids);
    return scores.map((score) => (score === null ? null : Number(score)));
  }

  async size(lanes: readonly string[]): Promise<number> {
    const { keys, queue, redis } = this.options;
    const sizes = await Promise.all(lanes.map((lane) => redis.commands.zcard(keys.due(queue, lane))));
    return sizes.reduce((total, size) => total + size, 0);
  }

  private readonly onWake = (message: string): void => {
    const blank = message.indexOf(' ');
    this.tell(message.slice(blank + 1), Number(message.slice(0, blank)));
  };

  private tell(lane: string, dueMs: number): void {
    for (const listener of this.listeners) listener(lane, dueMs);
  }

  private run(command: LuaCommand, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return runLua(this.options.redis.commands, command, keys, args);
  }

  private now(): number {
    return this.options.clock.nowMs();
  }

  private laneKeys(lanes: LaneNumbers): string[] {
    return lanes.keys(this.options.keys, this.options.queue);
  }

  private get counterKey(): string {
    return this.options.keys.dueCounter(this.options.queue);
  }

  private get wakeChannel(): string {
    return this.options.keys.dueWake(this.options.queue);
  }
}

/** The lanes of one command, numbered from 1 in the order in which they come up. */
class LaneNumbers {
  private readonly numbers = new Map<string, number>();

  constructor(names: readonly string[] = []) {
    for (const name of names) this.of(name);
  }

  of(lane: string): number {
    let number = this.numbers.get(lane);
    if (number === undefined) this.numbers.set(lane, (number = this.numbers.size + 1));
    return number;
  }

  get names(): readonly string[] {
    return [...this.numbers.keys()];
  }

  keys(keys: RedisKeys, queue: string): string[] {
    return this.names.flatMap((lane) => [keys.due(queue, lane), keys.dueMeta(queue, lane)]);
  }
}

function readClaims(lane: string, flat: readonly string[]): Claim[] {
  const claims: Claim[] = [];
  for (let at = 0; at + 4 < flat.length; at += 5) {
    const [id = '', token, revision, unfinished, dueMs] = flat.slice(at, at + 5);
    claims.push({
      lane,
      id,
      token: Number(token),
      revision: Number(revision),
      unfinished: Number(unfinished),
      dueMs: Number(dueMs),
    });
  }
  return claims;
}

/** Codes of completeClaims-N. */
function completionResult(code: number): CompletionResult {
  if (code < 0) return 'lost';
  return code === 0 ? 'done' : 'changed';
}
