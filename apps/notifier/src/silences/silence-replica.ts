import { type StoredSilence } from './silence';
import { type SilenceChange, type SilenceView } from './silence-store';

/** What is stored of one silence; null: nothing. */
export interface SilenceState {
  readonly id: string;
  readonly silence: StoredSilence | null;
}

/**
 * All silences in memory.
 *
 * Versions are positions of the change stream, so a newer one wins in whatever order they come. That something is gone
 * has no version: it is remembered until the whole stream up to there was applied, after which older news are known by
 * the position they were read at.
 */
export class SilenceReplica implements SilenceView {
  private readonly byId = new Map<string, StoredSilence>();
  /** Positions at which silences were forgotten, ahead of what was applied. */
  private readonly goneAt = new Map<string, number>();
  private snapshot: { head: number; seen: Set<string> } | null = null;
  private readonly listeners: ((changes: readonly SilenceChange[]) => void)[] = [];

  /** `appliedTo`: position up to which the change stream was applied. */
  constructor(private readonly appliedTo: () => number) {}

  get(id: string): StoredSilence | undefined {
    return this.byId.get(id);
  }

  values(): IterableIterator<StoredSilence> {
    return this.byId.values();
  }

  get size(): number {
    return this.byId.size;
  }

  onChange(listener: (changes: readonly SilenceChange[]) => void): void {
    this.listeners.push(listener);
  }

  /** Applies what was stored as of this position: own writes, what an entry of the stream says, what was read. */
  apply(position: number, states: readonly SilenceState[]): void {
    const appliedTo = this.appliedTo();
    for (const [id, at] of this.goneAt) if (at <= appliedTo) this.goneAt.delete(id);
    for (const { id } of states) this.snapshot?.seen.add(id);
    if (position < appliedTo) return;
    const changes: SilenceChange[] = [];
    for (const { id, silence } of states) {
      const before = this.byId.get(id) ?? null;
      if (silence === null) {
        if (position > appliedTo) this.goneAt.set(id, Math.max(position, this.goneAt.get(id) ?? 0));
        if (before !== null && before.version <= position) changes.push(this.put(id, before, null));
      } else if (silence.version > Math.max(before?.version ?? 0, this.goneAt.get(id) ?? 0)) {
        changes.push(this.put(id, before, silence));
      }
    }
    this.tell(changes);
  }

  /** Starts over from what is stored as of `head`: parts read after it follow, then `endSnapshot`. Where positions went
   *  back, what is known is of another time line: anything counts as newer. */
  beginSnapshot(head: number, askedAt: number): void {
    this.snapshot = { head, seen: new Set() };
    if (head >= askedAt) return;
    this.goneAt.clear();
    for (const [id, silence] of this.byId) this.byId.set(id, { ...silence, version: 0 });
  }

  /** What the snapshot did not contain is gone, unless it was written after its head. */
  endSnapshot(): void {
    if (this.snapshot === null) return;
    const { head, seen } = this.snapshot;
    this.snapshot = null;
    const changes: SilenceChange[] = [];
    for (const [id, before] of this.byId) {
      if (!seen.has(id) && before.version <= head) changes.push(this.put(id, before, null));
    }
    this.tell(changes);
  }

  private put(id: string, before: StoredSilence | null, after: StoredSilence | null): SilenceChange {
    if (after === null) this.byId.delete(id);
    else this.byId.set(id, after);
    return { id, before, after };
  }

  private tell(changes: readonly SilenceChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.listeners) listener(changes);
  }
}
