import { armArgs, armSnippets } from '@tocsin/common/due-queue/redis-due-queue';
import { luaCommand, type RedisClient, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type Clock } from '@tocsin/common/time/clock';
import forgetDeadLettersLua from './commands/forgetDeadLetters-N.lua';
import loadRecordsLua from './commands/loadRecords-N.lua';
import writeRecordsLua from './commands/writeRecords-N.lua';
import {
  type DeadLetterEntry,
  type DeadLetterIndex,
  deadLetterName,
  type DeadLetterPage,
  readDeadLetterName,
} from './dead-letter-index';
import { type LoadedRecords, type NotificationLog, type RecordWrite, type RecordWriteResult } from './notification-log';
import { type NotificationRecord } from './notification-record';
import { decodeRecord, encodeRecord } from './record-codec';

const loadRecords = luaCommand('loadRecords-N', loadRecordsLua);
const writeRecords = luaCommand('writeRecords-N', writeRecordsLua, armSnippets);
const forgetDeadLetters = luaCommand('forgetDeadLetters-N', forgetDeadLettersLua);

/** The due queue where a write arms deliveries. */
const DELIVERIES_QUEUE = 'deliveries';

/** Most groups in one command. */
const MAX_GROUPS = 128;

/** Most text in one command, in UTF-16 units; a single group may be larger. */
const MAX_TEXT = 256 * 1024;

/** Names of dead letters looked at when one is added, so that those of forgotten records go without being asked for. */
const SWEPT_AT_ONCE = 32;

export interface RedisNotificationLogOptions {
  redis: RedisClient;
  keys: RedisKeys;
  clock: Clock;
}

/** The notification records in Redis: one hash a group. */
export class RedisNotificationLog implements NotificationLog, DeadLetterIndex {
  private sweptTo = '';

  constructor(private readonly options: RedisNotificationLogOptions) {}

  async load(groupIds: readonly string[]): Promise<LoadedRecords> {
    const records = new Map<string, ReadonlyMap<string, NotificationRecord>>();
    let position = 0;
    for (let start = 0; start === 0 || start < groupIds.length; start += MAX_GROUPS) {
      const part = groupIds.slice(start, start + MAX_GROUPS);
      const [head, ...groups] = await this.loadPart(part);
      position = Math.max(position, head);
      part.forEach((groupId, index) => records.set(groupId, decodeRecords(groups[index] ?? [])));
    }
    return { position, records };
  }

  async write(writes: readonly RecordWrite[]): Promise<readonly RecordWriteResult[]> {
    const results: RecordWriteResult[] = [];
    for (const part of cutParts(writes.map(encodeWrite))) results.push(...(await this.writePart(part)));
    if (writes.some(({ changes }) => changes.some(({ record }) => record.deadLetter !== null))) await this.sweep();
    return results;
  }

  async expire(groups: readonly { groupId: string; expiresAtMs: number }[]): Promise<void> {
    if (groups.length === 0) return;
    const { redis, keys, clock } = this.options;
    const nowMs = clock.nowMs();
    const pipeline = redis.pipeline();
    for (const { groupId, expiresAtMs } of groups) {
      pipeline.pexpire(keys.notificationRecords(groupId), Math.max(1, expiresAtMs - nowMs));
    }
    const replies = await pipeline.exec();
    for (const [error] of replies ?? []) if (error) throw error;
  }

  async deadLetters(limit: number, cursor: string): Promise<DeadLetterPage> {
    const { redis, keys } = this.options;
    const from = cursor === '' ? '-' : `(${cursor}`;
    const names = await redis.zrangebylex(keys.deadLetters(), from, '+', 'LIMIT', 0, limit);
    const places = names.map(readDeadLetterName);
    const { records } = await this.load([...new Set(places.map(({ groupId }) => groupId))]);
    const entries: DeadLetterEntry[] = [];
    const gone: typeof places = [];
    for (const place of places) {
      const deadLetter = records.get(place.groupId)?.get(place.integration)?.deadLetter ?? null;
      if (deadLetter === null) gone.push(place);
      else entries.push({ ...place, deadLetter });
    }
    await this.forget(gone);
    return { entries, next: names.length < limit ? null : (names.at(-1) ?? null) };
  }

  deadLetterCount(): Promise<number> {
    return this.options.redis.zcard(this.options.keys.deadLetters());
  }

  /** Looks at some names, in turns. What was written before is written, whatever comes of this. */
  private async sweep(): Promise<void> {
    const { next } = await this.deadLetters(SWEPT_AT_ONCE, this.sweptTo).catch(() => ({ next: null }));
    this.sweptTo = next ?? '';
  }

  /** Takes names off the list whose records have expired, unless one came back meanwhile. */
  private async forget(places: readonly { groupId: string; integration: string }[]): Promise<void> {
    if (places.length === 0) return;
    const { redis, keys } = this.options;
    const recordKeys = places.map(({ groupId }) => keys.notificationRecords(groupId));
    const args = places.flatMap(({ groupId, integration }) => [integration, deadLetterName(groupId, integration)]);
    await runLua(redis, forgetDeadLetters, [keys.deadLetters(), ...recordKeys], args);
  }

  private async loadPart(groupIds: readonly string[]): Promise<[number, ...string[][]]> {
    const { redis, keys } = this.options;
    const recordKeys = groupIds.map((groupId) => keys.notificationRecords(groupId));
    return (await runLua(redis, loadRecords, [keys.alertPosition(), ...recordKeys], [])) as [number, ...string[][]];
  }

  private async writePart(part: readonly EncodedWrite[]): Promise<RecordWriteResult[]> {
    const { redis, keys, clock } = this.options;
    const claimed: string[] = [];
    const args = part.flatMap(({ write: { fence, arms, changes, isAside }, changeArgs }) => [
      fence === null ? 0 : numberOf(claimed, keys.dueMeta(fence.queue, fence.claim.lane)),
      fence?.claim.id ?? '',
      fence?.claim.token ?? '',
      changes.length,
      arms.length,
      isAside === true ? 0 : 1,
      ...changeArgs,
    ]);
    const arms = armArgs(
      keys,
      DELIVERIES_QUEUE,
      part.flatMap(({ write }) => write.arms),
    );
    const reply = await runLua(
      redis,
      writeRecords,
      [
        keys.deadLetters(),
        ...part.map(({ write }) => keys.notificationRecords(write.groupId)),
        ...claimed,
        ...arms.keys,
      ],
      [clock.nowMs(), part.length, claimed.length, ...args, ...arms.args],
    );
    return (reply as number[]).map(resultOf);
  }
}

interface EncodedWrite {
  write: RecordWrite;
  changeArgs: (string | number)[];
  length: number;
}

function encodeWrite(write: RecordWrite): EncodedWrite {
  let length = 0;
  const changeArgs = write.changes.flatMap(({ integration, expectedRevision, record }) => {
    const text = encodeRecord({ ...record, revision: expectedRevision + 1 });
    length += text.length;
    const name = deadLetterName(write.groupId, integration);
    return [integration, expectedRevision, text, record.deadLetter === null ? `-${name}` : `+${name}`];
  });
  return { write, changeArgs, length };
}

function cutParts(writes: readonly EncodedWrite[]): EncodedWrite[][] {
  const parts: EncodedWrite[][] = [];
  let part: EncodedWrite[] = [];
  let length = 0;
  for (const write of writes) {
    if (part.length === MAX_GROUPS || (part.length > 0 && length + write.length > MAX_TEXT)) {
      parts.push(part);
      part = [];
      length = 0;
    }
    part.push(write);
    length += write.length;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Number of a key from 1, in the order in which they come up. */
function numberOf(keys: string[], key: string): number {
  const known = keys.indexOf(key);
  return known >= 0 ? known + 1 : keys.push(key);
}

function decodeRecords(flat: readonly string[]): ReadonlyMap<string, NotificationRecord> {
  const records = new Map<string, NotificationRecord>();
  for (let at = 0; at < flat.length; at += 2) records.set(flat[at] ?? '', decodeRecord(flat[at + 1] ?? ''));
  return records;
}

/** Codes of writeRecords-N. */
function resultOf(code: number): RecordWriteResult {
  if (code === 0) return 'written';
  return code === -1 ? 'lost' : 'conflict';
}
