import { type Silence, type StoredSilence } from './silence';

/** What a write expects to find: the silence as this instance last saw it, or (0) nothing. */
export type SilenceWrite =
  | { kind: 'store'; expectedVersion: number; silence: Silence }
  /** Forgets it, whatever its version: it has been over for the retention time. */
  | { kind: 'forget'; id: string };

export interface SilenceChange {
  readonly id: string;
  readonly before: StoredSilence | null;
  readonly after: StoredSilence | null;
}

/** Reads of the in-process replica; never a round trip. */
export interface SilenceView {
  get(id: string): StoredSilence | undefined;
  values(): IterableIterator<StoredSilence>;
  readonly size: number;
}

export type SilenceWriteResult = 'written' | 'conflict' | 'limit';

/**
 * Every silence by id, shared by all instances of an installation and mirrored in each.
 *
 * Writes take their place in the alert book's change stream, so that a flush which has reached the stream's head honours
 * every silence that was acknowledged before.
 */
export interface SilenceStore {
  readonly silences: SilenceView;

  /** All or nothing. Resolves once durable. `conflict`: a silence has another version (the replica holds it already);
   *  `limit`: a new silence would make more than `maxCount`, expired ones included. */
  write(writes: readonly SilenceWrite[], maxCount: number): Promise<SilenceWriteResult>;

  /** Calls back after changes were applied to the replica (own and others'). */
  onChange(listener: (changes: readonly SilenceChange[]) => void): void;
}
