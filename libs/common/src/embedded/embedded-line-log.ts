import { type EmbeddedTable } from './embedded-table';

/** A record is about this long, characters: some pages of the disk, and few enough lines to carry over at once. */
const RECORD_LENGTH = 16_384;

/** A record of which fewer lines than this share still count is taken away. */
const MIN_LIVE_SHARE = 1 / 3;

const KEY_DIGITS = 12;

/** Some lines written together. */
interface LogRecord {
  readonly key: string;
  /** Whose lines they are. */
  readonly lines: Line[];
  /** Lines that still count. */
  live: number;
}

/** What is on disk of a name: one object, because looking a name up is most of what a line costs. */
interface Line {
  readonly name: string;
  /** Where the line that counts is. */
  record: LogRecord | null;
  /** Lines that count no more. */
  outdated: number;
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
  /** Of every name that has a line on disk. */
  private readonly lines = new Map<string, Line>();
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
      const record: LogRecord = { key, lines: [], live: 0 };
      this.records.set(key, record);
      for (const text of value.split('\n')) {
        const end = text.indexOf(' ');
        const name = unescaped(text.slice(0, end));
        const line = this.lineOf(name);
        this.outdate(line);
        this.place(line, record);
        if (end + 1 < text.length) texts.set(name, text.slice(end + 1));
        else texts.delete(name);
      }
      this.lastKey = Number(key);
    }
    return texts;
  }

  /** Writes the texts of these names, as they are now. */
  write(names: Iterable<string>): void {
    const written: Line[] = [];
    for (const name of new Set(names)) {
      const line = this.lineOf(name);
      this.outdate(line);
      written.push(line);
    }
    // First, because what is gone needs no line any more once its older ones are.
    if (this.sparse.size > 0) written.push(...this.takeSparse());
    this.append(written);
  }

  /** What was written of the name counts no more, which its reader will see from the text itself. */
  drop(name: string): void {
    const line = this.lines.get(name);
    if (line !== undefined) this.outdate(line);
  }

  /** What is on disk of the name cannot be read: it is as if it were not there. */
  skip(name: string, error: unknown): void {
    this.table.skip(name, error);
    this.drop(name);
  }

  private lineOf(name: string): Line {
    return this.lines.get(name) ?? { name, record: null, outdated: 0 };
  }

  private append(written: readonly Line[]): void {
    let texts: string[] = [];
    let length = 0;
    let record = this.newRecord();
    for (const line of written) {
      const { name } = line;
      const text = this.textOf(name);
      // Nothing on disk says otherwise, so there is nothing to say.
      if (text === null && line.outdated === 0) continue;
      this.place(line, record);
      texts.push(`${escaped(name)} ${text ?? ''}`);
      length += name.length + (text?.length ?? 0);
      if (length < RECORD_LENGTH) continue;
      this.put(record, texts);
      texts = [];
      length = 0;
      record = this.newRecord();
    }
    if (texts.length > 0) this.put(record, texts);
  }

  private newRecord(): LogRecord {
    return { key: String(this.lastKey + 1).padStart(KEY_DIGITS, '0'), lines: [], live: 0 };
  }

  private put(record: LogRecord, texts: readonly string[]): void {
    this.lastKey++;
    this.records.set(record.key, record);
    this.table.put(record.key, texts.join('\n'));
  }

  private place(line: Line, record: LogRecord): void {
    // One without lines is not known, or no more.
    if (line.outdated === 0) this.lines.set(line.name, line);
    line.record = record;
    record.lines.push(line);
    record.live++;
  }

  /** The line that counted does so no more, but is still there. */
  private outdate(line: Line): void {
    const { record } = line;
    if (record === null) return;
    line.record = null;
    line.outdated++;
    record.live--;
    if (record.live < record.lines.length * MIN_LIVE_SHARE) this.sparse.add(record);
  }

  /** Removes records in which little counts; returns the lines that counted in them. */
  private takeSparse(): Line[] {
    const counted: Line[] = [];
    // Taking one may make another sparse: then it is taken in the same round, since sets hand out what is added.
    for (const record of this.sparse) {
      this.sparse.delete(record);
      this.records.delete(record.key);
      this.table.remove(record.key);
      for (const line of record.lines) {
        if (line.record !== record) {
          this.loseOutdated(line);
        } else {
          line.record = null;
          if (line.outdated === 0) this.lines.delete(line.name);
          counted.push(line);
        }
      }
    }
    return counted;
  }

  private loseOutdated(line: Line): void {
    line.outdated--;
    if (line.outdated > 0) return;
    if (line.record === null) this.lines.delete(line.name);
    // If the name is gone, the line that says so has done its service.
    else if (this.textOf(line.name) === null) this.outdate(line);
  }
}

/** Names end at a blank, and lines at their end. */
function escaped(name: string): string {
  return /[% \n]/.test(name) ? name.replace(/[% \n]/g, encodeURIComponent) : name;
}

function unescaped(name: string): string {
  return name.includes('%') ? name.replace(/%(?:20|25|0A)/g, decodeURIComponent) : name;
}
