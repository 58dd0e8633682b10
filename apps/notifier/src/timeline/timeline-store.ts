import { type TimelineEvent } from './timeline-event';

/** Events that were kept in one go. */
export interface TimelineBatch {
  /** Sorts nothing by itself; a cursor names it. */
  readonly id: string;
  /** When they were kept: none of them, and of the batches before, happened later. */
  readonly keptAtMs: number;
  /** Their lines (`timeline-line.ts`), oldest first, joined by line feeds. */
  readonly text: string;
}

/** How much of the timeline is kept. */
export interface TimelineLimits {
  /** Age up to which events are kept, ms. */
  readonly retentionMs: number;
  /** About how many are kept; one whose line is longer than `ENTRY_LENGTH` counts for several. */
  readonly maxEntries: number;
}

/** Characters of a line that count as one entry. */
export const ENTRY_LENGTH = 512;

/** For how many entries a line counts. */
export function entriesOf(text: string): number {
  return Math.ceil(text.length / ENTRY_LENGTH);
}

/** What happened, shared by all instances of an installation; trimmed from its old end, batch by batch. */
export interface TimelineStore {
  /** Keeps these events in this order, but none whose `state` is the last thing that was said of its key. That is
   *  forgotten when the event that said it is trimmed, or later. */
  append(events: readonly TimelineEvent[]): Promise<void>;

  /** Newest first, in pages. `upTo`: the id of the first batch wanted, or of one that is trimmed; null: the newest. */
  batches(upTo: string | null): AsyncIterable<readonly TimelineBatch[]>;
}
