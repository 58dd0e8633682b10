import {
  committedIfPossible,
  type EmbeddedTable,
  readRow,
  type TableStore,
} from '@tocsin/common/embedded/embedded-table';
import { type Clock } from '@tocsin/common/time/clock';
import { LastSaid } from './last-said';
import { type TimelineEvent } from './timeline-event';
import { encodeEvent, statesIn } from './timeline-line';
import { entriesOf, type TimelineBatch, type TimelineLimits, type TimelineStore } from './timeline-store';

export interface EmbeddedTimelineOptions {
  store: TableStore;
  clock: Clock;
  limits: TimelineLimits;
}

interface Kept {
  readonly keptAtMs: number;
  readonly entries: number;
}

const KEY_DIGITS = 12;

/** Batches read in one go. */
const PAGE = 64;

/** The timeline of a single process: one value a batch, in order of its keys. Of what is on disk only times and lengths
 *  are in memory. */
export class EmbeddedTimeline implements TimelineStore {
  private readonly table: EmbeddedTable<string>;
  /** Oldest first. */
  private readonly kept = new Map<string, Kept>();
  /** Texts that the table does not show yet. */
  private readonly uncommitted = new Map<string, string>();
  /** By batches. */
  private readonly said = new LastSaid();
  private entries = 0;
  private lastKey = 0;
  private lastMs = 0;

  /** Reads what the store holds. */
  constructor(private readonly options: EmbeddedTimelineOptions) {
    this.table = options.store.textTable('timeline');
    for (const { key, value } of this.table.entries()) {
      readRow(this.table, key, () => {
        const { keptAtMs, text } = decode(value);
        const states = statesIn(text);
        this.add(key, keptAtMs, entriesIn(text.split('\n')));
        for (const state of states) this.said.isNews(state, key);
      });
    }
  }

  async append(events: readonly TimelineEvent[]): Promise<void> {
    const { store, clock } = this.options;
    const batch = String(this.lastKey + 1).padStart(KEY_DIGITS, '0');
    const texts = events.filter(({ state }) => this.said.isNews(state, batch)).map(encodeEvent);
    if (texts.length === 0) return;
    const keptAtMs = Math.max(this.lastMs, clock.nowMs());
    const value = `${keptAtMs}\n${texts.join('\n')}`;
    this.add(batch, keptAtMs, entriesIn(texts));
    this.table.put(batch, value);
    this.uncommitted.set(batch, value);
    this.trim(keptAtMs);
    const committed = store.committed().then(() => void this.uncommitted.delete(batch));
    await committedIfPossible({ committed: () => committed });
  }

  async *batches(upTo: string | null): AsyncGenerator<readonly TimelineBatch[]> {
    const keys = [...this.kept.keys()].filter((key) => upTo === null || key <= upTo).reverse();
    for (let start = 0; start < keys.length; start += PAGE) {
      yield keys.slice(start, start + PAGE).flatMap((id) => {
        const value = this.uncommitted.get(id) ?? this.table.get(id);
        return value === undefined ? [] : [{ id, ...decode(value) }];
      });
    }
  }

  private add(key: string, keptAtMs: number, entries: number): void {
    this.kept.set(key, { keptAtMs, entries });
    this.entries += entries;
    this.lastKey = Number(key);
    this.lastMs = keptAtMs;
  }

  private trim(nowMs: number): void {
    const { retentionMs, maxEntries } = this.options.limits;
    for (const [key, { keptAtMs, entries }] of this.kept) {
      const isOld = keptAtMs < nowMs - retentionMs;
      if (!isOld && this.entries - entries < maxEntries) return;
      this.forgetStates(key);
      this.kept.delete(key);
      this.uncommitted.delete(key);
      this.table.remove(key);
      this.entries -= entries;
    }
  }

  private forgetStates(batch: string): void {
    const value = this.uncommitted.get(batch) ?? this.table.get(batch);
    for (const state of value === undefined ? [] : statesIn(value)) this.said.forget(state, batch);
  }
}

function decode(value: string): { keptAtMs: number; text: string } {
  const end = value.indexOf('\n');
  const keptAtMs = Number(value.slice(0, end));
  if (Number.isNaN(keptAtMs)) throw new Error('no batch of events');
  return { keptAtMs, text: value.slice(end + 1) };
}

function entriesIn(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + entriesOf(text), 0);
}
