import { luaCommand, type RedisClient, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { decodeSilence } from './silence-codec';
import { type SilenceState } from './silence-replica';
import readSilencesLua from './commands/readSilences-2.lua';
import scanSilencesLua from './commands/scanSilences-2.lua';

const readCommand = luaCommand('readSilences-2', readSilencesLua);
const scanCommand = luaCommand('scanSilences-2', scanSilencesLua);

/** Most silences one part of a snapshot holds, about. */
const SCAN_COUNT = 1_000;

/** Most ids one read asks for. */
const READ_COUNT = 500;

/** Silences as they are now, and the position of the change stream they are of. */
export async function readSilences(
  redis: RedisClient,
  keys: RedisKeys,
  ids: readonly string[],
): Promise<{ position: number; states: SilenceState[] }[]> {
  const parts = [];
  for (let start = 0; start < ids.length; start += READ_COUNT) {
    const asked = ids.slice(start, start + READ_COUNT);
    const reply = await runLua(redis, readCommand, [keys.alertPosition(), keys.silences()], asked);
    const [position, texts] = reply as [number, (string | null)[]];
    parts.push({ position, states: asked.map((id, index) => stateOf(id, texts[index] ?? null)) });
  }
  return parts;
}

/** The next part of all silences; `next` is null after the last one. */
export async function scanSilences(
  redis: RedisClient,
  keys: RedisKeys,
  cursor: string,
): Promise<{ next: string | null; position: number; states: SilenceState[] }> {
  const reply = await runLua(redis, scanCommand, [keys.alertPosition(), keys.silences()], [cursor, SCAN_COUNT]);
  const [next, position, pairs] = reply as [string, number, string[]];
  return { next: next === '0' ? null : next, position, states: statesOf(pairs) };
}

/** States of id, text, next id, … */
export function statesOf(pairs: readonly (string | null)[]): SilenceState[] {
  const states: SilenceState[] = [];
  for (let at = 0; at < pairs.length; at += 2) states.push(stateOf(pairs[at] ?? '', pairs[at + 1] ?? null));
  return states;
}

function stateOf(id: string, text: string | null): SilenceState {
  return { id, silence: text === null ? null : decodeSilence(id, text) };
}
