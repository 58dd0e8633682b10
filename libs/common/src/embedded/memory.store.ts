import { type EmbeddedTable, type TableStore } from './embedded-table';

/** A store in memory alone: for simulations and tests. Commits at once. */
export class MemoryStore implements TableStore {
  /** Tables and keys of the rows that could not be read. */
  readonly skipped: string[] = [];
  private readonly tables = new Map<string, Map<string, string>>();

  table<V>(name: string): EmbeddedTable<V> {
    const texts = this.textTable(name);
    const parse = (text: string): V => JSON.parse(text) as V;
    return {
      get: (key) => {
        const text = texts.get(key);
        return text === undefined ? undefined : parse(text);
      },
      put: (key, value) => texts.put(key, JSON.stringify(value)),
      remove: (key) => texts.remove(key),
      *entries() {
        for (const { key, value } of texts.entries()) yield { key, value: parse(value) };
      },
      skip: texts.skip,
    };
  }

  textTable(name: string): EmbeddedTable<string> {
    const rows = this.tables.get(name) ?? new Map<string, string>();
    this.tables.set(name, rows);
    return {
      get: (key) => rows.get(key),
      put: (key, value) => void rows.set(key, value),
      remove: (key) => void rows.delete(key),
      entries: () => [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value })),
      skip: (key) => void this.skipped.push(`${name} ${key}`),
    };
  }

  async committed(): Promise<void> {}
}
