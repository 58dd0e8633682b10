import type { Cluster, Redis } from 'ioredis';
import { AppError } from '../errors/app-error';

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

/** Runs a Lua command by its hash, sending its text where the server does not know it. */
export function runLua(
  redis: RedisClient,
  command: LuaCommand,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  if (command.keyCount !== null && command.keyCount !== keys.length)
    throw new AppError('lua_key_count', `${command.name} takes ${command.keyCount} keys, not ${keys.length}`);
  return defined(redis, command)(keys.length, ...keys, ...args);
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
