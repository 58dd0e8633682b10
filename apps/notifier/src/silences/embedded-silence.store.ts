import {
  committedIfPossible,
  type EmbeddedTable,
  readRow,
  type TableStore,
} from '@tocsin/common/embedded/embedded-table';
import { decodeSilence, encodeSilence } from './silence-codec';
import { type StoredSilence } from './silence';
import {
  type SilenceChange,
  type SilenceStore,
  type SilenceView,
  type SilenceWrite,
  type SilenceWriteResult,
} from './silence-store';

/** The silences of a single process: in memory, written through to disk. */
export class EmbeddedSilenceStore implements SilenceStore {
  private readonly byId = new Map<string, StoredSilence>();
  private readonly table: EmbeddedTable<string>;
  private readonly listeners: ((changes: readonly SilenceChange[]) => void)[] = [];
  private lastVersion = 0;

  /** Loads what the store holds. */
  constructor(private readonly store: TableStore) {
    this.table = store.textTable('silences');
    for (const { key, value } of this.table.entries()) {
      const silence = readRow(this.table, key, () => decodeSilence(key, value));
      if (silence === undefined) continue;
      this.byId.set(key, silence);
      this.lastVersion = Math.max(this.lastVersion, silence.version);
    }
  }

  get silences(): SilenceView {
    return this.byId;
  }

  async write(writes: readonly SilenceWrite[], maxCount: number): Promise<SilenceWriteResult> {
    let added = 0;
    for (const write of writes) {
      if (write.kind === 'forget') continue;
      const known = this.byId.get(write.silence.id);
      if ((known?.version ?? 0) !== write.expectedVersion) return 'conflict';
      if (known === undefined) added++;
    }
    if (added > 0 && this.byId.size + added > maxCount) return 'limit';
    this.lastVersion++;
    this.tell(writes.flatMap((write) => this.apply(write) ?? []));
    // A client is told when its silence is not safe; forgetting goes on.
    const isOurs = writes.every(({ kind }) => kind === 'forget');
    await (isOurs ? committedIfPossible(this.store) : this.store.committed());
    return 'written';
  }

  onChange(listener: (changes: readonly SilenceChange[]) => void): void {
    this.listeners.push(listener);
  }

  private apply(write: SilenceWrite): SilenceChange | null {
    const id = write.kind === 'forget' ? write.id : write.silence.id;
    const before = this.byId.get(id) ?? null;
    if (write.kind === 'store') {
      const after = { ...write.silence, version: this.lastVersion };
      this.byId.set(id, after);
      this.table.put(id, encodeSilence(after, after.version));
      return { id, before, after };
    }
    if (before === null) return null;
    this.byId.delete(id);
    this.table.remove(id);
    return { id, before, after: null };
  }

  private tell(changes: readonly SilenceChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.listeners) listener(changes);
  }
}
