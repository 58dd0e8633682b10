import { type EmbeddedTable, type TableStore } from '@tocsin/common/embedded/embedded-table';
import { type MovedIn, type MovedInMarker } from './moved-in-marker';

const KEY = 'state';

/** The marker of a single process, on its disk. */
export class EmbeddedMovedInMarker implements MovedInMarker {
  private readonly table: EmbeddedTable<MovedIn>;

  constructor(private readonly store: TableStore) {
    this.table = store.table('moved-in');
  }

  async read(): Promise<MovedIn> {
    return this.table.get(KEY) ?? 'no';
  }

  async write(state: MovedIn): Promise<void> {
    this.table.put(KEY, state);
    await this.store.committed();
  }
}
