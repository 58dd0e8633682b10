import { armArgs, armSnippets } from '@tocsin/common/due-queue/redis-due-queue';
import { luaCommand, type RedisClient, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type Clock } from '@tocsin/common/time/clock';
import loadRecordsLua from './commands/loadRecords-N.lua';
import writeRecordsLua from './commands/writeRecords-N.lua';
import { type LoadedRecords, type NotificationLog, type RecordWrite, type RecordWriteResult } from './notification-log';
import { type NotificationRecord } from './notification-record';
import { decodeRecord, encodeRecord } from './record-codec';

const loadRecords = luaCommand('loadRecords-N', loadRecordsLua);
const writeRecords = luaCommand('writeRecords-N', writeRecordsLua, armSnippets);

/** Due queues whose claims fence a write, and where it arms deliveries. */
const GROUPS_QUEUE = 'groups';
const DELIVERIES_QUEUE = 'deliveries';

/** Most groups in one command. */
const MAX_GROUPS = 128;

/** Most text in one command, in UTF-16 units; a single group may be larger. */
const MAX_TEXT = 256 * 1024;

export interface RedisNotificationLogOptions {
  redis: RedisClient;
  keys: RedisKeys;
  clock: Clock;
}

/** The notification records in Redis: one hash a group. */
export class RedisNotificationLog implements NotificationLog {
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

  private async loadPart(groupIds: readonly string[]): Promise<[number, ...string[][]]> {
    const { redis, keys } = this.options;
    const recordKeys = groupIds.map((groupId) => keys.notificationRecords(groupId));
    return (await runLua(redis, loadRecords, [keys.alertPosition(), ...recordKeys], [])) as [number, ...string[][]];
  }

  private async writePart(part: readonly EncodedWrite[]): Promise<RecordWriteResult[]> {
    const { redis, keys, clock } = this.options;
    const lanes: string[] = [];
    const args = part.flatMap(({ write: { fence, arms, changes }, changeArgs }) => [
      fence === null ? 0 : laneNumber(lanes, fence.lane),
      fence?.id ?? '',
      fence?.token ?? '',
      changes.length,
      arms.length,
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
        ...part.map(({ write }) => keys.notificationRecords(write.groupId)),
        ...lanes.map((lane) => keys.dueMeta(GROUPS_QUEUE, lane)),
        ...arms.keys,
      ],
      [clock.nowMs(), part.length, lanes.length, ...args, ...arms.args],
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
    return [integration, expectedRevision, text];
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

/** Number of a lane from 1, in the order in which they come up. */
function laneNumber(lanes: string[], lane: string): number {
  const known = lanes.indexOf(lane);
  return known >= 0 ? known + 1 : lanes.push(lane);
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
