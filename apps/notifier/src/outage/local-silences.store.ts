import { type StoredSilence } from '../silences/silence';
import {
  type SilenceChange,
  type SilenceStore,
  type SilenceView,
  type SilenceWrite,
  type SilenceWriteResult,
} from '../silences/silence-store';

/** Silences in the memory of this process only. */
export class LocalSilences implements SilenceStore {
  private readonly byId: Map<string, StoredSilence>;
  private readonly listeners: ((changes: readonly SilenceChange[]) => void)[] = [];

  constructor(known: Iterable<StoredSilence>) {
    this.byId = new Map([...known].map((silence) => [silence.id, silence]));
  }

  get silences(): SilenceView {
    return this.byId;
  }

  async write(writes: readonly SilenceWrite[], maxCount: number): Promise<SilenceWriteResult> {
    let added = 0;
    for (const write of writes) {
      if (write.kind === 'forget') continue;
      const version = this.byId.get(write.silence.id)?.version ?? 0;
      if (version !== write.expectedVersion) return 'conflict';
      if (version === 0) added++;
    }
    if (added > 0 && this.byId.size + added > maxCount) return 'limit';
    const changes = writes.map((write) => this.apply(write));
    for (const listener of this.listeners) listener(changes);
    return 'written';
  }

  onChange(listener: (changes: readonly SilenceChange[]) => void): void {
    this.listeners.push(listener);
  }

  private apply(write: SilenceWrite): SilenceChange {
    const id = write.kind === 'forget' ? write.id : write.silence.id;
    const before = this.byId.get(id) ?? null;
    if (write.kind === 'forget') {
      this.byId.delete(id);
      return { id, before, after: null };
    }
    const after = { ...write.silence, version: write.expectedVersion + 1 };
    this.byId.set(id, after);
    return { id, before, after };
  }
}
