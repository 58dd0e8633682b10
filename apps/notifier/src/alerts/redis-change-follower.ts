import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type RedisClient } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type Clock, sleep } from '@tocsin/common/time/clock';
import { readSilences, scanSilences } from '../silences/redis-silence-commands';
import { type SilenceReplica } from '../silences/silence-replica';
import { type ChangeLine, parseChangeLines, type SilenceLine } from './alert-change-lines';
import { readHead, readStates, scanStates } from './redis-alert-commands';
import { type BookChange, type Replica } from './replica';

/** Longest wait for a change, ms. Afterwards the head is compared, and a connection that broke meanwhile is noticed: the
 *  client sends what it was waiting for again by itself. */
const BLOCK_MS = 1_000;

/** A wait that is not answered this long after its end has lost its connection, ms. */
const SILENCE_MS = 5_000;

const RETRY_MS = 500;

/** Entries read at once. */
const READ_ENTRIES = 128;

export interface ChangeFollowerOptions {
  /** Used by nothing else, since it blocks. */
  redis: RedisClient;
  keys: RedisKeys;
  clock: Clock;
  log: Log;
  /** Writer name of this process in the stream. */
  instance: string;
  replica: Replica;
  /** Kept up to date with it: what counts as applied there was applied here before. */
  silences: SilenceReplica;
  /** Resolves once the commits now under way have been answered and applied. */
  ownWritesDone: () => Promise<unknown>;
}

/**
 * Keeps a replica up to date from the change stream.
 *
 * Entries are numbered without gaps. Where one is missing, where the connection broke (the next Redis may have lost
 * entries and numbered others the same), or where positions went back, the replica is read anew: the head first, then
 * all silences and alerts in parts, then what was appended meanwhile.
 */
export class RedisChangeFollower {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private connectionBroke = false;
  /** Those who wait for a reading anew that begins after they asked, and for the one under way. */
  private asked: (() => void)[] = [];
  private awaiting: (() => void)[] = [];

  constructor(private readonly options: ChangeFollowerOptions) {}

  /** Resolves once the replica is complete; keeps trying while Redis is away. */
  start(): Promise<void> {
    this.options.redis.on('close', () => (this.connectionBroke = true));
    const complete = this.readAgain();
    this.running = this.run();
    return complete;
  }

  /** Reads the replica anew; resolves once it is complete. */
  readAgain(): Promise<void> {
    return new Promise((resolve) => this.asked.push(resolve));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const { redis } = this.options;
    // The client does not even fail what waits for a connection that is not there.
    const isAnswered = redis.status === 'ready';
    redis.disconnect();
    if (isAnswered) await this.running;
  }

  private async run(): Promise<void> {
    const { clock, log } = this.options;
    const failure = onReasonChange(log);
    while (!this.stopping.signal.aborted) {
      try {
        this.connectionBroke = false;
        this.awaiting.push(...this.asked.splice(0));
        const completeAt = await this.readAnew();
        failure.recovered('the change stream is followed again');
        await this.follow(completeAt);
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        failure.failed('the change stream cannot be followed', error);
        await sleep(clock, RETRY_MS, this.stopping.signal);
      }
    }
  }

  /** Returns the position at which the replica will be complete. */
  private async readAnew(): Promise<number> {
    const { redis, keys, replica, silences } = this.options;
    const askedAt = replica.position;
    let completeAt = await this.head();
    replica.beginSnapshot(completeAt, askedAt);
    silences.beginSnapshot(completeAt, askedAt);
    for (let cursor: string | null = '0'; cursor !== null;) {
      const part = await scanSilences(redis, keys, cursor);
      silences.apply(part.position, part.states);
      completeAt = Math.max(completeAt, part.position);
      cursor = part.next;
    }
    await scanStates(redis, keys, (position, states) => {
      replica.applyStates(position, states);
      completeAt = Math.max(completeAt, position);
    });
    silences.endSnapshot();
    replica.endSnapshot();
    return completeAt;
  }

  /** Applies entries as they come; returns when the replica has to be read anew. */
  private async follow(completeAt: number): Promise<void> {
    const { replica } = this.options;
    while (!this.stopping.signal.aborted) {
      if (replica.position >= completeAt) for (const resolve of this.awaiting.splice(0)) resolve();
      if (this.asked.length > 0) return;
      const entries = await this.read(BLOCK_MS);
      const isUnbroken = entries.length > 0 ? await this.applyEntries(entries) : await this.isAtHead();
      if (this.connectionBroke || !isUnbroken) return;
    }
  }

  /** After a wait that brought nothing: false when positions went on all the same (trimmed) or back (lost). */
  private async isAtHead(): Promise<boolean> {
    const { replica } = this.options;
    const before = replica.position;
    const head = await this.head();
    if (head < before) return false;
    if (head <= replica.position) return true;
    const entries = await this.read(0);
    return entries.length > 0 ? this.applyEntries(entries) : head <= replica.position;
  }

  /** False: an entry is missing. */
  private async applyEntries(entries: readonly Entry[]): Promise<boolean> {
    const { replica, silences, instance, ownWritesDone } = this.options;
    if (entries.some(({ writer, position }) => writer === instance && !replica.has(position))) await ownWritesDone();
    // Own entries were applied when they were written: most need not even be parsed.
    const news = entries
      .filter(({ position }) => !replica.has(position))
      .map(({ position, changes }) => ({ position, lines: parseChangeLines(changes) }));
    await this.readBodies(news.flatMap(({ lines }) => lines));
    const linesAt = new Map(news.map(({ position, lines }) => [position, lines]));
    for (const { position } of entries) {
      if (position <= replica.position) continue;
      if (position !== replica.position + 1) return false;
      const lines = linesAt.get(position) ?? [];
      silences.apply(
        position,
        lines.filter(isSilenceGone).map(({ id }) => ({ id, silence: null })),
      );
      replica.apply(position, lines.filter(isComplete));
    }
    return true;
  }

  private async readBodies(lines: readonly ChangeLine[]): Promise<void> {
    const { redis, keys, replica, silences } = this.options;
    const unknown = new Set<string>();
    const changed = new Set<string>();
    for (const line of lines) {
      if (line.kind === 'silence') changed.add(line.id);
      const isKnown = line.kind === 'touch' && replica.get(line.fingerprint)?.version === line.version;
      if (line.kind === 'store' || (line.kind === 'touch' && !isKnown)) unknown.add(line.fingerprint);
    }
    for (const { position, states } of await readStates(redis, keys, [...unknown]))
      replica.applyStates(position, states);
    for (const { position, states } of await readSilences(redis, keys, [...changed])) silences.apply(position, states);
  }

  /** By a Lua command, so that a guard of the client sees it. */
  private head(): Promise<number> {
    const { redis, keys } = this.options;
    return readHead(redis, keys);
  }

  /** The next entries, waiting for one up to `blockMs`; 0 does not wait. */
  private async read(blockMs: number): Promise<Entry[]> {
    const { redis, keys, replica } = this.options;
    const from = ['STREAMS', keys.alertChanges(), `${replica.position}-0`] as const;
    // Redis measures the wait in real time, so this does too.
    const silence = setTimeout(() => redis.disconnect(true), blockMs + SILENCE_MS);
    try {
      const reply =
        blockMs === 0
          ? await redis.xread('COUNT', READ_ENTRIES, ...from)
          : await redis.xread('COUNT', READ_ENTRIES, 'BLOCK', blockMs, ...from);
      return (reply?.[0]?.[1] ?? []).map(([id, fields]) => parseEntry(id, fields));
    } finally {
      clearTimeout(silence);
    }
  }
}

interface Entry {
  position: number;
  writer: string;
  changes: string;
}

function parseEntry(id: string, fields: readonly string[]): Entry {
  const value = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
  return { position: Number.parseInt(id, 10), writer: value('writer'), changes: value('changes') };
}

/** Whether the line says all there is to apply: the bodies of stores were read. */
function isComplete(line: ChangeLine): line is Exclude<ChangeLine, { kind: 'store' } | SilenceLine> & BookChange {
  return line.kind !== 'store' && line.kind !== 'silence' && line.kind !== 'silence-gone';
}

function isSilenceGone(line: ChangeLine): line is Extract<SilenceLine, { kind: 'silence-gone' }> {
  return line.kind === 'silence-gone';
}
