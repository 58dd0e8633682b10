import { luaCommand, type RedisClient, runLua } from '@tocsin/common/redis/lua-command.loader';
import { type RedisKeys } from '@tocsin/common/redis/redis-keys';
import { type Clock } from '@tocsin/common/time/clock';
import appendTimelineLua from './commands/appendTimeline-3.lua';
import { type TimelineEvent } from './timeline-event';
import { encodeEvent } from './timeline-line';
import { entriesOf, type TimelineBatch, type TimelineLimits, type TimelineStore } from './timeline-store';

const appendTimeline = luaCommand('appendTimeline-3', appendTimelineLua);

/** Batches read in one command. */
const PAGE = 32;

export interface RedisTimelineOptions {
  redis: RedisClient;
  keys: RedisKeys;
  clock: Clock;
  limits: TimelineLimits;
}

/** The timeline in Redis: a stream with one entry a batch. What was said last is forgotten by whole periods of the
 *  retention time, so that nothing has to look for what is too old. */
export class RedisTimeline implements TimelineStore {
  constructor(private readonly options: RedisTimelineOptions) {}

  async append(events: readonly TimelineEvent[]): Promise<void> {
    const { redis, keys, clock, limits } = this.options;
    const nowMs = clock.nowMs();
    const period = Math.floor(nowMs / limits.retentionMs);
    const said = [keys.timelineStates(String(period)), keys.timelineStates(String(period - 1))] as const;
    const news = await this.withoutNeedless(events, said);
    if (news.length === 0) return;
    const args = news.flatMap((event) => {
      const text = encodeEvent(event);
      return [text, entriesOf(text), event.state?.key ?? '', event.state?.value ?? ''];
    });
    const { retentionMs, maxEntries } = limits;
    await runLua(
      redis,
      appendTimeline,
      [keys.timeline(), ...said],
      [nowMs, retentionMs, maxEntries, 2 * retentionMs, ...args],
    );
  }

  /** Without those that forget a key of which nothing was said. At every flush of every group there are some: asking for
   *  their keys alone costs a fraction of sending them. */
  private async withoutNeedless(
    events: readonly TimelineEvent[],
    [current, before]: readonly [string, string],
  ): Promise<readonly TimelineEvent[]> {
    const forgotten = new Set(events.flatMap(({ state }) => (state?.value === '' ? state.key : [])));
    // What the same batch says comes first.
    for (const { state } of events) if (state !== undefined && state.value !== '') forgotten.delete(state.key);
    if (forgotten.size === 0) return events;
    const { redis } = this.options;
    const keys = [...forgotten];
    const values = await Promise.all([redis.hmget(current, ...keys), redis.hmget(before, ...keys)]);
    const isKnown = new Set(keys.filter((_, index) => values.some((said) => typeof said[index] === 'string')));
    return events.filter(({ state }) => state === undefined || !forgotten.has(state.key) || isKnown.has(state.key));
  }

  async *batches(upTo: string | null): AsyncGenerator<readonly TimelineBatch[]> {
    const { redis, keys } = this.options;
    let from = upTo ?? '+';
    for (;;) {
      const entries = await redis.xrevrange(keys.timeline(), from, '-', 'COUNT', PAGE);
      if (entries.length === 0) return;
      yield entries.map(([id, fields]) => ({ id, keptAtMs: Number.parseInt(id, 10), text: fields[1] ?? '' }));
      from = `(${entries.at(-1)?.[0] ?? ''}`;
    }
  }
}
