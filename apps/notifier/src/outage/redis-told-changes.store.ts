import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type RedisClient } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type Clock, sleep } from '@tocsin/common/time/clock';
import { type NotificationLog } from '../pipeline/notification-log';
import { type NotificationRecord } from '../pipeline/notification-record';
import { withoutIntent } from './merge-told';
import { type KnownGroups } from './state-ports';
import { type ToldMirror, type ToldRecord } from './told-mirror';

/** How long an entry is kept at least, ms; who slept longer reads everything anew. */
const KEPT_MS = 60_000;
const BLOCK_MS = 1_000;
/** A wait that is not answered this long after its end has lost its connection, ms. */
const SILENCE_MS = 5_000;
const RETRY_MS = 1_000;
const READ_ENTRIES = 128;
const MAX_GROUPS = 128;

export interface ToldChangesOptions {
  readonly redis: RedisClient;
  /** Used by nothing else, since it blocks. */
  readonly blocking: RedisClient;
  readonly keys: RedisKeys;
  readonly clock: Clock;
  readonly log: Log;
  /** Writer name of this process in the stream. */
  readonly instance: string;
  readonly mirror: ToldMirror;
  /** Reads records; the mirror learns from it. */
  readonly records: Pick<NotificationLog, 'load'>;
  readonly groups: () => KnownGroups;
}

/**
 * Tells other instances what was told, and keeps the mirror up to date with what they told: a stream beside the
 * notification log. It is no part of deciding, so an entry that is lost costs at most a repetition after an outage.
 */
export class RedisToldChanges {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private connectionBroke = false;

  constructor(private readonly options: ToldChangesOptions) {}

  start(): void {
    if (this.stopping.signal.aborted) return;
    this.options.blocking.on('close', () => (this.connectionBroke = true));
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { blocking } = this.options;
    // The client does not even fail what waits for a connection that is not there.
    const isAnswered = blocking.status === 'ready';
    blocking.disconnect();
    if (isAnswered) await this.running;
  }

  /** Tells the others; nobody waits for it. */
  publish(told: readonly ToldRecord[]): void {
    const { redis, keys, clock, instance } = this.options;
    const records = told.map(({ groupId, integration, record }) => [groupId, integration, withoutIntent(record)]);
    const oldest = Math.max(0, clock.nowMs() - KEPT_MS);
    redis
      .xadd(keys.toldChanges(), 'MINID', '~', oldest, '*', 'writer', instance, 'records', JSON.stringify(records))
      .catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { clock, log } = this.options;
    const failure = onReasonChange(log);
    while (!this.stopping.signal.aborted) {
      try {
        this.connectionBroke = false;
        const from = await this.lastId();
        await this.readAll();
        failure.recovered('what others told is followed again');
        await this.follow(from);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        failure.failed('what others told cannot be followed', error);
        await sleep(clock, RETRY_MS, this.stopping.signal);
      }
    }
  }

  private async lastId(): Promise<string> {
    const { blocking, keys } = this.options;
    const last = await blocking.xrevrange(keys.toldChanges(), '+', '-', 'COUNT', 1);
    return last[0]?.[0] ?? '0-0';
  }

  private async readAll(): Promise<void> {
    const { records, groups, mirror, clock } = this.options;
    const { ids, has, recordsKeptMs } = groups();
    mirror.prune(has, clock.nowMs() - recordsKeptMs);
    const all = [...ids()];
    for (let start = 0; start < all.length && !this.stopping.signal.aborted; start += MAX_GROUPS) {
      await records.load(all.slice(start, start + MAX_GROUPS));
    }
  }

  /** Applies entries as they come; returns when some may have been missed, and from time to time to forget. */
  private async follow(from: string): Promise<void> {
    let last = from;
    const beganMs = performance.now();
    while (!this.stopping.signal.aborted && performance.now() - beganMs < FORGET_EVERY_MS) {
      const askedMs = performance.now();
      for (const [id, fields] of await this.read(last)) {
        last = id;
        this.apply(fields);
      }
      if (this.connectionBroke || performance.now() - askedMs > KEPT_MS / 2) return;
    }
  }

  private apply(fields: readonly string[]): void {
    const { instance, mirror } = this.options;
    const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    if (value('writer') === instance) return;
    const records = JSON.parse(value('records')) as [string, string, NotificationRecord][];
    for (const [groupId, integration, record] of records) mirror.put({ groupId, integration, record });
  }

  private async read(from: string): Promise<[id: string, fields: string[]][]> {
    const { blocking, keys } = this.options;
    // Redis measures the wait in real time, so this does too.
    const silence = setTimeout(() => blocking.disconnect(true), BLOCK_MS + SILENCE_MS);
    try {
      const streams = ['STREAMS', keys.toldChanges(), from] as const;
      const reply = await blocking.xread('COUNT', READ_ENTRIES, 'BLOCK', BLOCK_MS, ...streams);
      return reply?.[0]?.[1] ?? [];
    } finally {
      clearTimeout(silence);
    }
  }
}

/** Records of groups that ended are looked through this often, ms. */
const FORGET_EVERY_MS = 3_600_000;
