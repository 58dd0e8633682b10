import { statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { AppError } from '../errors/app-error';
import { type Log, nullLog, onReasonChange, reasonOf } from '../log/log';
import { type EmbeddedTable, readRow, type TableStore } from './embedded-table';
import { STORAGE_FULL, STORAGE_UNUSABLE, STORAGE_WRITE_FAILED } from './embedded.errors';
import { type FolderLock, lockFolder } from './folder-lock.client';
import { makeFolder } from './make-folder.client';

interface Write {
  table: string;
  key: string;
  /** Null: removed. */
  value: string | null;
}

const MOST_TABLES = 64;

/** Address space (not memory, not disk) for the state: mapped once, because each growth would keep the old mapping. */
const MAP_BYTES = 2 ** 34;

/** A disk with less left counts as full, MiB: LMDB itself does not survive a transaction that fails for want of room.
 *  More than one turn ever writes. */
const LEAST_FREE_MIB = 64;
const LEAST_FREE = LEAST_FREE_MIB * 1_024 * 1_024;
const IN_MEMORY = 'what was sent takes effect, but is kept in memory only';
const WRITE_FAILED = 'writing to --storage.path failed: nothing is kept until a restart';
const FULL = `the disk is full: less than ${LEAST_FREE_MIB} MiB are free for --storage.path`;

/** How often a full disk is looked at again, ms. */
const RETRY_MS = 1_000;

/**
 * State under one storage path, held by one process: an LMDB environment with named tables.
 *
 * Reads come from memory in the parts that use it; this is what they write through to and load from. All writes of one
 * event-loop turn, in whatever tables, are one transaction. A committed transaction survives the process; the operating
 * system writes it to the disk at once, but a commit does not wait for that (what a power cut may undo is some
 * milliseconds, and never half a transaction).
 *
 * While the disk is full, writes are held in memory and `committed` fails, so that the caller can refuse what it could
 * not keep and go on with the rest. After any other failed transaction nothing is written until a restart.
 */
export class EmbeddedStore implements TableStore {
  private readonly tables = new Map<string, Database<string, string>>();
  private readonly failure;

  /** Of the newest transaction: LMDB's promise, and ours. */
  private newest: Promise<boolean> | null = null;
  private commit: Promise<void> = Promise.resolve();
  private isTurnOpen = false;

  /** What waits for room on the disk, newest write of each key. Null: there is room. */
  private held: Map<string, Write> | null = null;
  private retry: NodeJS.Timeout | null = null;
  /** Why nothing is written any more. */
  private broken: AppError | null = null;

  /** Rows that could not be read since the start. */
  unreadableRows = 0;

  private constructor(
    private readonly root: RootDatabase<string, string>,
    private readonly lock: FolderLock,
    private readonly freeBytes: () => number,
    private readonly log: Log,
  ) {
    this.failure = onReasonChange(log);
  }

  /** Opens a path, creating it where it is missing; refuses one that is in use. */
  static async open(path: string, log: Log = nullLog, freeBytes = () => freeBytesOf(path)): Promise<EmbeddedStore> {
    const lock = await usable(path, () => {
      makeFolder(path);
      return lockFolder(path);
    });
    try {
      const root = await usable(path, () =>
        open<string, string>({
          path: join(path, 'state'),
          noSubdir: false,
          encoding: 'string',
          maxDbs: MOST_TABLES,
          mapSize: MAP_BYTES,
          // Pages are written over anyway, and the file is ours alone.
          noMemInit: true,
        }),
      );
      return new EmbeddedStore(root, lock, freeBytes, log);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** A table of values kept as JSON. */
  table<V>(name: string): EmbeddedTable<V> {
    const texts = this.textTable(name);
    return {
      get: (key) => {
        const text = texts.get(key);
        return text === undefined ? undefined : readRow(texts, key, () => parse<V>(text));
      },
      put: (key, value) => texts.put(key, JSON.stringify(value)),
      remove: (key) => texts.remove(key),
      *entries() {
        for (const { key, value: text } of texts.entries()) {
          const value = readRow(texts, key, () => parse<V>(text));
          if (value !== undefined) yield { key, value };
        }
      },
      skip: texts.skip,
    };
  }

  /** A table of texts, for values that are text already. */
  textTable(name: string): EmbeddedTable<string> {
    const database = this.database(name);
    return {
      get: (key) => database.get(key),
      put: (key, value) => this.write({ table: name, key, value }),
      remove: (key) => this.write({ table: name, key, value: null }),
      entries: () => database.getRange(),
      skip: (key, error) => {
        this.unreadableRows++;
        this.log.error('A row of the state cannot be read, and is left out', {
          table: name,
          key,
          err: reasonOf(error),
        });
      },
    };
  }

  /** Resolves once everything written so far is committed. */
  async committed(): Promise<void> {
    if (this.held) throw new AppError(STORAGE_FULL, `${FULL}; ${IN_MEMORY}, send it again until it is accepted`);
    await this.commit;
  }

  /** Why state is kept in memory only; null: it is not. */
  get problem(): string | null {
    return this.held ? FULL : this.broken && WRITE_FAILED;
  }

  /** Waits for what was written, then lets go of the path. */
  async close(): Promise<void> {
    if (this.retry) clearInterval(this.retry);
    this.releaseHeld();
    await this.committed().catch(() => undefined);
    // After a failed transaction LMDB waits for ever here; the end of the process closes it.
    if (!this.broken) await this.root.close();
    await this.lock.release();
  }

  private database(name: string): Database<string, string> {
    let database = this.tables.get(name);
    if (!database) this.tables.set(name, (database = this.root.openDB(name, { encoding: 'string' })));
    return database;
  }

  private write(write: Write): void {
    if (this.broken) return;
    if (!this.isTurnOpen) this.openTurn();
    if (this.held) this.held.set(`${write.table}\0${write.key}`, write);
    else this.apply(write);
  }

  /** Writes of one turn are all held or all written, so that a transaction is whole. */
  private openTurn(): void {
    this.isTurnOpen = true;
    setImmediate(() => (this.isTurnOpen = false));
    if (!this.held && this.freeBytes() < LEAST_FREE) this.hold();
  }

  private apply({ table, key, value }: Write): void {
    const database = this.database(table);
    const committing = value === null ? database.remove(key) : database.put(key, value);
    if (committing === this.newest) return;
    this.newest = committing;
    this.commit = committing.then(ignore, (error: unknown) => this.breakDown(error));
    this.commit.catch(ignore); // who needs to know awaits `committed`
    // LMDB makes a promise of its own when the turn ends; if nobody listened to it, its failure would end the process.
    setImmediate(() => this.root.committed.then(ignore, ignore));
  }

  private hold(): void {
    this.held = new Map();
    this.failure.failed('Storage is full: state is kept in memory only', FULL);
    this.retry = setInterval(() => this.releaseHeld(), RETRY_MS);
    this.retry.unref();
  }

  private releaseHeld(): void {
    const { held } = this;
    if (!held || this.broken || this.freeBytes() < LEAST_FREE) return;
    if (this.retry) clearInterval(this.retry);
    this.held = null;
    this.failure.recovered('Storage has room again');
    for (const write of held.values()) this.write(write);
  }

  private async breakDown(error: unknown): Promise<never> {
    this.broken = new AppError(STORAGE_WRITE_FAILED, `${WRITE_FAILED}; ${IN_MEMORY}`);
    this.failure.failed('Storage failed: state is kept in memory only until a restart', await causeOf(error));
    throw this.broken;
  }
}

const ignore = (): void => undefined;

function freeBytesOf(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Values are written by us alone. */
function parse<V>(text: string): V {
  return JSON.parse(text) as V;
}

/** LMDB's commit error holds its cause as a promise that is rejected in the same turn, if at all. */
async function causeOf(error: unknown): Promise<unknown> {
  const cause = error instanceof Error && 'commitError' in error ? error.commitError : null;
  if (!(cause instanceof Promise)) return error;
  const soon = new Promise((done) => setImmediate(done, error));
  return Promise.race([cause.catch((reason: unknown) => reason), soon]);
}

async function usable<T>(path: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(STORAGE_UNUSABLE, `storage path ${resolve(path)} cannot be used`, { cause });
  }
}
