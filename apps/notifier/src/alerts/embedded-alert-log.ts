import { type EmbeddedTable } from '@tocsin/common/embedded/embedded-store.client';

/** A record is about this long, characters: some pages of the disk, and few enough lines to carry over at once. */
const RECORD_LENGTH = 16_384;

/** A record of which fewer lines than this share still count is taken away. */
const MIN_LIVE_SHARE = 1 / 3;

const KEY_DIGITS = 12;

/** Some lines written together. */
interface LogRecord {
  readonly key: string;
  readonly fingerprints: string[];
  /** Lines that still count. */
  live: number;
}

/**
 * One text for each alert on disk, written as a log: many lines to a record, since a write costs about the same for one
 * line as for hundreds, and since keys in order fill pages that random ones leave half empty and dirty.
 *
 * The newest line about an alert counts; an empty one says that it is gone, and is kept only while older lines say
 * otherwise. Records of which little counts any more are taken away, and what counts in them written again.
 */
export class EmbeddedAlertLog {
  private readonly records = new Map<string, LogRecord>();
  /** Where the line that counts is. */
  private readonly newest = new Map<string, LogRecord>();
  /** Lines on disk that count no more, for each alert that has any. */
  private readonly outdated = new Map<string, number>();
  /** Records in which little counts. */
  private readonly sparse = new Set<LogRecord>();
  private lastKey = 0;

  /** `textOf` tells the current text of an alert, without line breaks; null once it is gone. */
  constructor(
    private readonly table: EmbeddedTable<string>,
    private readonly textOf: (fingerprint: string) => string | null,
  ) {}

  /** Reads what is on disk. Once, before all else. */
  load(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const { key, value } of this.table.entries()) {
      const record: LogRecord = { key, fingerprints: [], live: 0 };
      this.records.set(key, record);
      for (const line of value.split('\n')) {
        const end = line.indexOf(' ');
        const fingerprint = line.slice(0, end);
        this.outdate(fingerprint);
        this.place(fingerprint, record);
        if (end + 1 < line.length) texts.set(fingerprint, line.slice(end + 1));
        else texts.delete(fingerprint);
      }
      this.lastKey = Number(key);
    }
    return texts;
  }

  /** Writes the texts of these alerts, as they are now. */
  write(fingerprints: readonly string[]): void {
    for (const fingerprint of fingerprints) this.outdate(fingerprint);
    this.append(fingerprints);
    if (this.sparse.size > 0) this.append(this.takeSparse());
  }

  /** What was written of the alert counts no more, which its reader will see from the text itself. */
  drop(fingerprint: string): void {
    this.outdate(fingerprint);
    this.newest.delete(fingerprint);
  }

  private append(fingerprints: readonly string[]): void {
    let lines: string[] = [];
    let length = 0;
    let record = this.newRecord();
    for (const fingerprint of fingerprints) {
      const text = this.textOf(fingerprint);
      // Nothing on disk says otherwise, so there is nothing to say.
      if (text === null && !this.outdated.has(fingerprint)) {
        this.newest.delete(fingerprint);
        continue;
      }
      this.place(fingerprint, record);
      lines.push(`${fingerprint} ${text ?? ''}`);
      length += fingerprint.length + (text?.length ?? 0);
      if (length < RECORD_LENGTH) continue;
      this.put(record, lines);
      lines = [];
      length = 0;
      record = this.newRecord();
    }
    if (lines.length > 0) this.put(record, lines);
  }

  private newRecord(): LogRecord {
    return { key: String(this.lastKey + 1).padStart(KEY_DIGITS, '0'), fingerprints: [], live: 0 };
  }

  private put(record: LogRecord, lines: readonly string[]): void {
    this.lastKey++;
    this.records.set(record.key, record);
    this.table.put(record.key, lines.join('\n'));
  }

  private place(fingerprint: string, record: LogRecord): void {
    record.fingerprints.push(fingerprint);
    record.live++;
    this.newest.set(fingerprint, record);
  }

  /** The line that counted does so no more, but is still there. */
  private outdate(fingerprint: string): void {
    const record = this.newest.get(fingerprint);
    if (record === undefined) return;
    this.outdated.set(fingerprint, (this.outdated.get(fingerprint) ?? 0) + 1);
    this.loseLine(record);
  }

  private loseLine(record: LogRecord): void {
    record.live--;
    if (record.live < record.fingerprints.length * MIN_LIVE_SHARE) this.sparse.add(record);
  }

  /** Removes records in which little counts; returns the alerts whose lines counted in them. */
  private takeSparse(): string[] {
    const counted: string[] = [];
    // Taking one may make another sparse: then it is taken in the same round, since sets hand out what is added.
    for (const record of this.sparse) {
      this.sparse.delete(record);
      this.records.delete(record.key);
      this.table.remove(record.key);
      for (const fingerprint of record.fingerprints) {
        if (this.newest.get(fingerprint) !== record) {
          this.loseOutdated(fingerprint);
        } else {
          this.newest.delete(fingerprint);
          counted.push(fingerprint);
        }
      }
    }
    return counted;
  }

  private loseOutdated(fingerprint: string): void {
    const left = (this.outdated.get(fingerprint) ?? 0) - 1;
    if (left > 0) {
      this.outdated.set(fingerprint, left);
      return;
    }
    this.outdated.delete(fingerprint);
    // If the alert is gone, the line that says so has done its service.
    if (this.newest.has(fingerprint) && this.textOf(fingerprint) === null) this.drop(fingerprint);
  }
}
