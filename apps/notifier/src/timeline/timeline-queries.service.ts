import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FoundEvent, type TimelineCursor, type TimelineFilter, TimelineSearch } from './timeline-query';
import { type TimelineService } from './timeline.service';
import { type TimelineStore } from './timeline-store';

/** Text looked through before others get their turn, characters. */
const LOOKED_AT_ONCE = 512 * 1024;

/** What is asked of the timeline. */
export interface TimelineQuestion extends TimelineFilter {
  readonly limit: number;
  /** Only what came before this event. */
  readonly before: TimelineCursor | null;
}

export interface TimelineAnswer {
  /** Newest first. */
  readonly events: readonly FoundEvent[];
  /** Where there may be more. */
  readonly next: TimelineCursor | null;
}

/** Answers questions about what happened. */
export class TimelineQueriesService {
  constructor(
    private readonly store: TimelineStore,
    private readonly timeline: Pick<TimelineService, 'flush'>,
  ) {}

  /** What this instance has seen is in the answer. */
  async query(question: TimelineQuestion): Promise<TimelineAnswer> {
    const { before, limit } = question;
    await this.timeline.flush();
    const search = new TimelineSearch(question);
    const events: FoundEvent[] = [];
    let looked = 0;
    for await (const page of this.store.batches(before?.batch ?? null)) {
      for (const { id, keptAtMs, text } of page) {
        if (search.isPast(keptAtMs)) return { events, next: null };
        const lines = id === before?.batch ? before.line : Infinity;
        for (const found of search.find(id, text, lines)) {
          if (events.push(found) === limit) return { events, next: found.cursor };
        }
        looked += text.length;
        if (looked < LOOKED_AT_ONCE) continue;
        looked = 0;
        await nextTurn();
      }
    }
    return { events, next: null };
  }
}
