/** A named part of the store: text keys (at most 1 900 bytes) to values. */
export interface EmbeddedTable<V> {
  /** The committed value: puts of this event-loop turn are not visible yet. */
  get(key: string): V | undefined;
  put(key: string, value: V): void;
  remove(key: string): void;
  /** What is committed, in key order. */
  entries(): Iterable<{ key: string; value: V }>;
  /** Says that a row cannot be read and is left out: one bad row keeps nobody from starting. */
  skip(key: string, error: unknown): void;
}

/** What a row says; undefined where it cannot be read and was skipped. */
export function readRow<T>(rows: Pick<EmbeddedTable<unknown>, 'skip'>, key: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    rows.skip(key, error);
    return undefined;
  }
}

/** What parts that keep state need of the store. */
export interface TableStore {
  /** A table of values kept as JSON. */
  table<V>(name: string): EmbeddedTable<V>;
  /** A table of texts, for values that are text already. */
  textTable(name: string): EmbeddedTable<string>;
  /** Resolves once everything written so far is committed. */
  committed(): Promise<void>;
}

/**
 * Waits for the commit where one succeeds. For steps that are done in memory and cost at most a repetition after a crash:
 * on a disk that cannot be written, failing them would only repeat them while the process lives. The store reports it.
 */
export async function committedIfPossible(store: { committed(): Promise<void> }): Promise<void> {
  await store.committed().catch(() => undefined);
}
