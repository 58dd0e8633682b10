import type { Cluster, Redis } from 'ioredis';
import { AppError } from '../errors/app-error';
import guardText from './commands/guard.lua';

/** One Redis, or one Redis Cluster. */
export type RedisClient = Redis | Cluster;

/** One Lua file as a command: `claimDue-3.lua` takes 3 keys, `armDue-N.lua` as many as it is called with. */
export interface LuaCommand {
  readonly name: string;
  /** Null: varies. */
  readonly keyCount: number | null;
  readonly source: string;
}

const INCLUDE = /^--@include (\w+)$/gm;

/** Makes a command of a Lua file's name (without `.lua`), its text, and the snippets its `--@include name` lines ask for. */
export function luaCommand(file: string, text: string, snippets: Readonly<Record<string, string>> = {}): LuaCommand {
  const [, name, keys] = /^(\w+)-(\d+|N)$/.exec(file) ?? [];
  if (!name || !keys)
    throw new AppError('lua_command_name', `a Lua file is named <command>-<number of keys or N>, not "${file}"`);
  const source = text.replace(INCLUDE, (_, wanted: string) => {
    const snippet = snippets[wanted];
    if (snippet === undefined)
      throw new AppError('lua_include_unknown', `${file}.lua includes "${wanted}", which it was not given`);
    return snippet;
  });
  return { name, keyCount: keys === 'N' ? null : Number(keys), source };
}

/** What must hold in Redis for a command to be run there; looked at by Redis in the same step as the command. */
export interface LuaGuard {
  readonly epochKey: string;
  readonly positionKey: string;
  /** What the epoch must be. */
  readonly epoch: string;
  /** What the position must have reached at least. */
  readonly position: number;
  /** Told of each command that was refused. */
  readonly onRefused: () => void;
}

const guards = new WeakMap<RedisClient, () => LuaGuard>();

/** From now on every Lua command of this client runs only where the guard, asked for each of them, holds. */
export function guardLua(redis: RedisClient, guard: () => LuaGuard): void {
  guards.set(redis, guard);
}

/** What a refused command's error begins with. */
const REFUSED = 'UNKNOWNEPOCH';

/** Whether a command was refused by its guard. */
export function isRefusedByGuard(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith(REFUSED);
}

/** Runs a Lua command by its hash, sending its text where the server does not know it. */
export function runLua(
  redis: RedisClient,
  command: LuaCommand,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const guard = guards.get(redis)?.();
  if (guard === undefined) return runLuaUnguarded(redis, command, keys, args);
  checkKeyCount(command, keys);
  const { epochKey, positionKey, epoch, position, onRefused } = guard;
  const run = defined(redis, guarded(command));
  return run(keys.length + 2, ...keys, epochKey, positionKey, ...args, epoch, position).catch((error: unknown) => {
    if (isRefusedByGuard(error)) onRefused();
    throw error;
  });
}

/** Runs a Lua command whatever a guard of the client says. */
export function runLuaUnguarded(
  redis: RedisClient,
  command: LuaCommand,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  checkKeyCount(command, keys);
  return defined(redis, command)(keys.length, ...keys, ...args);
}

function checkKeyCount({ name, keyCount }: LuaCommand, keys: readonly string[]): void {
  if (keyCount !== null && keyCount !== keys.length)
    throw new AppError('lua_key_count', `${name} takes ${keyCount} keys, not ${keys.length}`);
}

const guardedCommands = new WeakMap<LuaCommand, LuaCommand>();

/** The command behind a guard, which takes the last two keys and arguments for itself. */
function guarded(command: LuaCommand): LuaCommand {
  let made = guardedCommands.get(command);
  if (made === undefined) {
    made = { name: `${command.name}Guarded`, keyCount: null, source: `${guardText}\n${command.source}` };
    guardedCommands.set(command, made);
  }
  return made;
}

type Run = (keyCount: number, ...keysAndArgs: readonly (string | number)[]) => Promise<unknown>;

const definedOn = new WeakMap<RedisClient, Map<LuaCommand, Run>>();

/** The command on this client, defined there on first use. */
function defined(redis: RedisClient, command: LuaCommand): Run {
  let commands = definedOn.get(redis);
  if (!commands) definedOn.set(redis, (commands = new Map()));
  let run = commands.get(command);
  if (!run) {
    redis.defineCommand(command.name, { lua: command.source });
    run = methodOf(redis, command.name).bind(redis);
    commands.set(command, run);
  }
  return run;
}

/** `defineCommand` adds a method that the types do not know. */
function methodOf(redis: RedisClient, name: string): Run {
  return (redis as unknown as Record<string, Run>)[name] as Run;
}
