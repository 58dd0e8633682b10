import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type Timeline, type TimelineEvent } from './timeline-event';
import { type TimelineStore } from './timeline-store';

/** Events that wait at most. */
const MAX_WAITING = 8_192;

/** Events kept in one go, and how long they wait for others, ms. */
const MAX_BATCH = 256;
const FLUSH_MS = 200;

/** How soon a store that failed is tried again, ms. */
const RETRY_MS = 2_000;

/** What is counted of the timeline. */
export interface TimelineMetrics {
  timelineKept(events: number): void;
  timelineDropped(events: number): void;
}

/** Collects events and hands them to the store in batches, in order. A store that fails costs nobody anything: events
 *  wait for it as far as there is room, and the newest are dropped. */
export class TimelineService implements Timeline {
  private waiting: TimelineEvent[] = [];
  private timer: Timer | null = null;
  /** Ends when all that waits, or could, was handed over. */
  private flushing: Promise<void> | null = null;
  private isFailing = false;
  private isStopped = false;
  private readonly followers: Timeline[] = [];
  private readonly failure;

  constructor(
    private readonly store: TimelineStore,
    private readonly clock: Clock,
    private readonly metrics: TimelineMetrics,
    log: Log,
  ) {
    this.failure = onReasonChange(log);
  }

  /** Hands every event to somebody else, too, as it is recorded. */
  follow(follower: Timeline): void {
    this.followers.push(follower);
  }

  record(event: TimelineEvent): void {
    for (const follower of this.followers) follower.record(event);
    if (this.isStopped || this.waiting.length >= MAX_WAITING) return this.metrics.timelineDropped(1);
    this.waiting.push(event);
    if (this.waiting.length >= MAX_BATCH && !this.isFailing) void this.flush();
    else this.timer ??= this.clock.setTimer(this.isFailing ? RETRY_MS : FLUSH_MS, () => void this.flush());
  }

  /** Hands over what waits; resolves when that is done, or failed. */
  flush(): Promise<void> {
    this.timer?.cancel();
    this.timer = null;
    this.flushing ??= this.flushAll().finally(() => (this.flushing = null));
    return this.flushing;
  }

  /** Hands over what waits, once; what comes later is dropped. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.flush();
    this.timer?.cancel();
    if (this.waiting.length > 0) this.metrics.timelineDropped(this.waiting.length);
    this.waiting = [];
  }

  private async flushAll(): Promise<void> {
    // Not within the turn of whoever recorded the event.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, MAX_BATCH);
      try {
        await this.store.append(batch);
      } catch (error) {
        this.isFailing = true;
        this.failure.failed('The timeline cannot be written', error);
        this.timer ??= this.clock.setTimer(RETRY_MS, () => void this.flush());
        return;
      }
      this.isFailing = false;
      this.failure.recovered('The timeline is written again');
      this.waiting = this.waiting.slice(batch.length);
      this.metrics.timelineKept(batch.length);
    }
  }
}
