import { type Arm } from '@tocsin/common/due-queue/due-queue';
import { armArgs, armSnippets } from '@tocsin/common/due-queue/redis-due-queue';
import { luaCommand, type RedisClient, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type AlertWrite, type StoredAlert } from './alert-book';
import { decodeAlert, decodeMeta, decodeSettled, encodeBody, encodeMeta, metaText } from './alert-codec';
import { type AlertState } from './replica';
import appendChange from './commands/appendChange.lua';
import commitAlertsLua from './commands/commitAlerts-N.lua';
import readAlertsLua from './commands/readAlerts-4.lua';
import readHeadLua from './commands/readHead-1.lua';
import scanAlertsLua from './commands/scanAlerts-4.lua';

/** Snippets for commands that append to the change stream: `--@include numbers`, `--@include appendChange`. */
export const changeSnippets = { ...armSnippets, appendChange };

const commitAlerts = luaCommand('commitAlerts-N', commitAlertsLua, changeSnippets);
const readAlerts = luaCommand('readAlerts-4', readAlertsLua);
const readPosition = luaCommand('readHead-1', readHeadLua);
const scanAlerts = luaCommand('scanAlerts-4', scanAlertsLua);

/** Due queue of group flushes. */
const GROUPS_QUEUE = 'groups';

/** Most alerts one part of a snapshot holds, about. */
const SCAN_COUNT = 1_000;

/** Most fingerprints one read asks for. */
const READ_COUNT = 500;

export interface CommitResult {
  position: number;
  /** Whether anything was written, that is, whether the entry at `position` is this one. */
  written: boolean;
  /** Writes that were refused, with what is stored as of `position`. */
  refused: readonly RefusedAlert[];
}

export interface RefusedAlert {
  fingerprint: string;
  texts: StoredTexts;
}

/** Texts of one alert; `meta` is empty where there is none, `body` null where it is the one already known. */
interface StoredTexts {
  meta: string;
  body: string | null;
  settled: string | null;
}

export async function runCommit(
  redis: RedisClient,
  keys: RedisKeys,
  commit: { writes: readonly AlertWrite[]; arms: readonly Arm[]; nowMs: number; writer: string; keepMs: number },
): Promise<CommitResult> {
  const stores: string[] = [];
  const touches: string[] = [];
  const touchable: string[] = [];
  const settles: string[] = [];
  const forgets: string[] = [];
  for (const write of commit.writes) {
    switch (write.kind) {
      case 'store': {
        const { alert, expected } = write;
        const times = `${alert.endsAtMs} ${alert.updatedAtMs}`;
        stores.push(alert.fingerprint, encodeMeta(expected), times, encodeBody(alert));
        break;
      }
      case 'touch': {
        const { fingerprint, expected, endsAtMs, updatedAtMs } = write;
        touchable.push(encodeMeta(expected));
        touches.push(fingerprint, metaText(expected?.version ?? 0, endsAtMs, updatedAtMs));
        break;
      }
      case 'settle':
        settles.push(write.fingerprint, String(write.version), write.groupId);
        break;
      case 'forget':
        forgets.push(write.fingerprint, encodeMeta(write.expected));
        break;
    }
  }
  const arms = armArgs(keys, GROUPS_QUEUE, commit.arms);
  const counts = [stores.length / 4, touchable.length, settles.length / 3, forgets.length / 2];
  const reply = await runLua(
    redis,
    commitAlerts,
    [...bookKeys(keys), keys.alertChanges(), keys.alertChangeMarks(), ...arms.keys],
    [
      commit.nowMs,
      commit.writer,
      commit.keepMs,
      ...counts,
      ...stores,
      touchable.join('\n'),
      ...touches,
      ...settles,
      ...forgets,
      ...arms.args,
    ],
  );
  const [position, written, ...rest] = reply as [number, number, ...(string | null)[]];
  return { position, written: written === 1, refused: alertTexts(rest) };
}

/** Alerts as they are now, and the position of the change stream they are of. */
export async function readStates(
  redis: RedisClient,
  keys: RedisKeys,
  fingerprints: readonly string[],
): Promise<{ position: number; states: AlertState[] }[]> {
  const parts = [];
  for (let start = 0; start < fingerprints.length; start += READ_COUNT) {
    const reply = await runLua(redis, readAlerts, bookKeys(keys), fingerprints.slice(start, start + READ_COUNT));
    const [position, ...rest] = reply as [number, ...(string | null)[]];
    parts.push({ position, states: alertTexts(rest).map(stateOf) });
  }
  return parts;
}

/** Position of the change stream's last entry. */
export async function readHead(redis: RedisClient, keys: RedisKeys): Promise<number> {
  return (await runLua(redis, readPosition, [keys.alertPosition()], [])) as number;
}

/** Hands over all alerts in parts, and asks for the next part while one is taken. */
export async function scanStates(
  redis: RedisClient,
  keys: RedisKeys,
  take: (position: number, states: AlertState[]) => void,
): Promise<void> {
  const scan = async (cursor: string): Promise<ScanReply> =>
    (await runLua(redis, scanAlerts, bookKeys(keys), [cursor, SCAN_COUNT])) as ScanReply;
  for (let asked: Promise<ScanReply> | null = scan('0'); asked !== null;) {
    const reply: ScanReply = await asked;
    const [next, position, ...rest] = reply;
    asked = next === '0' ? null : scan(next);
    // Where this part cannot be taken, nobody waits for that one.
    asked?.catch(() => undefined);
    take(position, alertTexts(rest).map(stateOf));
  }
}

type ScanReply = [next: string, position: number, ...texts: (string | null)[]];

/** What the book holds of a refused alert. Null: as of this version the body is the known one, which is outdated here,
 *  so something newer is known already. */
export function refusedState({ fingerprint, texts }: RefusedAlert, known: StoredAlert | undefined): AlertState | null {
  const meta = decodeMeta(texts.meta);
  if (meta === null || texts.body !== null) return stateOf({ fingerprint, texts });
  if (known?.version !== meta.version) return null;
  return { fingerprint, alert: { ...known, ...meta, settledIn: decodeSettled(texts.settled, meta.version) } };
}

function stateOf({ fingerprint, texts }: RefusedAlert): AlertState {
  const { meta, body, settled } = texts;
  return {
    fingerprint,
    alert: meta === '' || body === null ? null : decodeAlert(fingerprint, { meta, body, settled }),
  };
}

function alertTexts(reply: readonly (string | null)[]): RefusedAlert[] {
  const alerts: RefusedAlert[] = [];
  for (let at = 0; at < reply.length; at += 4) {
    const texts = { meta: reply[at + 1] ?? '', body: reply[at + 2] ?? null, settled: reply[at + 3] ?? null };
    alerts.push({ fingerprint: reply[at] ?? '', texts });
  }
  return alerts;
}

function bookKeys(keys: RedisKeys): string[] {
  return [keys.alertPosition(), keys.alerts(), keys.alertMeta(), keys.alertSettled()];
}
