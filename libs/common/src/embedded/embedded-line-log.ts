import { type EmbeddedTable } from './embedded-store.client';

/** A record is about this long, characters: some pages of the disk, and few enough lines to carry over at once. */
const RECORD_LENGTH = 16_384;

/** A record of which fewer lines than this share still count is taken away. */
const MIN_LIVE_SHARE = 1 / 3;

const KEY_DIGITS = 12;

/** Some lines written together. */
interface LogRecord {
  readonly key: string;
  /** Whose lines they are. */
  readonly names: string[];
  /** Lines that still count. */
  live: number;
}

/**
 * One text for each name on disk, written as a log: many lines to a record, since a write costs about the same for one
 * line as for hundreds, and since keys in order fill pages that random ones leave half empty and dirty.
 *
 * The newest line of a name counts; an empty one says that it is gone, and is kept only while older lines say otherwise.
 * Records of which little counts any more are taken away, and what counts in them written again.
 */
export class EmbeddedLineLog {
  private readonly records = new Map<string, LogRecord>();
  /** Where the line that counts is. */
  private readonly newest = new Map<string, LogRecord>();
  /** Lines on disk that count no more, for each name that has any. */
  private readonly outdated = new Map<string, number>();
  /** Records in which little counts. */
  private readonly sparse = new Set<LogRecord>();
  private lastKey = 0;

  /** `textOf` tells the current text of a name, without line breaks; null once it is gone. */
  constructor(
    private readonly table: EmbeddedTable<string>,
    private readonly textOf: (name: string) => string | null,
  ) {}

  /** Reads what is on disk. Once, before all else. */
  load(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const { key, value } of this.table.entries()) {
      if (!/^\d+$/.test(key)) {
        this.table.skip(key, 'its key is no number');
        continue;
      }
      const record: LogRecord = { key, names: [], live: 0 };
      this.records.set(key, record);
      for (const line of value.split('\n')) {
        const end = line.indexOf(' ');
        const name = unescaped(line.slice(0, end));
        this.outdate(name);
        this.place(name, record);
        if (end + 1 < line.length) texts.set(name, line.slice(end + 1));
        else texts.delete(name);
      }
      this.lastKey = Number(key);
    }
    return texts;
  }

  /** Writes the texts of these names, as they are now. */
  write(names: Iterable<string>): void {
    const written = new Set(names);
    for (const name of written) {
      this.outdate(name);
      this.newest.delete(name);
    }
    // First, because what is gone needs no line any more once its older ones are.
    if (this.sparse.size > 0) for (const name of this.takeSparse()) written.add(name);
    this.append(written);
  }

  /** What was written of the name counts no more, which its reader will see from the text itself. */
  drop(name: string): void {
    this.outdate(name);
    this.newest.delete(name);
  }

  /** What is on disk of the name cannot be read: it is as if it were not there. */
  skip(name: string, error: unknown): void {
    this.table.skip(name, error);
    this.drop(name);
  }

  private append(names: Iterable<string>): void {
    let lines: string[] = [];
    let length = 0;
    let record = this.newRecord();
    for (const name of names) {
      const text = this.textOf(name);
      // Nothing on disk says otherwise, so there is nothing to say.
      if (text === null && !this.outdated.has(name)) continue;
      this.place(name, record);
      lines.push(`${escaped(name)} ${text ?? ''}`);
      length += name.length + (text?.length ?? 0);
      if (length < RECORD_LENGTH) continue;
      this.put(record, lines);
      lines = [];
      length = 0;
      record = this.newRecord();
    }
    if (lines.length > 0) this.put(record, lines);
  }

  private newRecord(): LogRecord {
    return { key: String(this.lastKey + 1).padStart(KEY_DIGITS, '0'), names: [], live: 0 };
  }

  private put(record: LogRecord, lines: readonly string[]): void {
    this.lastKey++;
    this.records.set(record.key, record);
    this.table.put(record.key, lines.join('\n'));
  }

  private place(name: string, record: LogRecord): void {
    record.names.push(name);
    record.live++;
    this.newest.set(name, record);
  }

  /** The line that counted does so no more, but is still there. */
  private outdate(name: string): void {
    const record = this.newest.get(name);
    if (record === undefined) return;
    this.outdated.set(name, (this.outdated.get(name) ?? 0) + 1);
    this.loseLine(record);
  }

  private loseLine(record: LogRecord): void {
    record.live--;
    if (record.live < record.names.length * MIN_LIVE_SHARE) this.sparse.add(record);
  }

  /** Removes records in which little counts; returns the names whose lines counted in them. */
  private takeSparse(): string[] {
    const counted: string[] = [];
    // Taking one may make another sparse: then it is taken in the same round, since sets hand out what is added.
    for (const record of this.sparse) {
      this.sparse.delete(record);
      this.records.delete(record.key);
      this.table.remove(record.key);
      for (const name of record.names) {
        if (this.newest.get(name) !== record) {
          this.loseOutdated(name);
        } else {
          this.newest.delete(name);
          counted.push(name);
        }
      }
    }
    return counted;
  }

  private loseOutdated(name: string): void {
    const left = (this.outdated.get(name) ?? 0) - 1;
    if (left > 0) {
      this.outdated.set(name, left);
      return;
    }
    this.outdated.delete(name);
    // If the name is gone, the line that says so has done its service.
    if (this.newest.has(name) && this.textOf(name) === null) this.drop(name);
  }
}

/** Names end at a blank, and lines at their end. */
function escaped(name: string): string {
  return /[% \n]/.test(name) ? name.replace(/[% \n]/g, encodeURIComponent) : name;
}

function unescaped(name: string): string {
  return name.includes('%') ? name.replace(/%(?:20|25|0A)/g, decodeURIComponent) : name;
}
