import { type EmbeddedTable, type TableStore } from '@tocsin/common/embedded/embedded-table';

/** Keeps nothing: for what lives in memory only, until Redis is back. */
export class ForgetfulStore implements TableStore {
  table<V>(): EmbeddedTable<V> {
    return { get: () => undefined, put: () => {}, remove: () => {}, entries: () => [], skip: () => {} };
  }

  textTable(): EmbeddedTable<string> {
    return this.table();
  }

  async committed(): Promise<void> {}
}
