import { type FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TimelineEvent } from './timeline-event';
import { decodeEvent, encodeEvent } from './timeline-line';
import { ENTRY_LENGTH, type TimelineBatch, type TimelineLimits, type TimelineStore } from './timeline-store';

/** What the suite needs of an implementation. */
export interface TimelineHarness {
  /** Two instances of one installation; one and the same where there can only be one. */
  a: TimelineStore;
  b: TimelineStore;
  clock: FakeClock;
  /** Another instance, opened on what is kept; `a` and `b` are not used afterwards. */
  reopen(): Promise<TimelineStore>;
}

export const CONTRACT_LIMITS: TimelineLimits = { retentionMs: 60_000, maxEntries: 100 };

/** Every timeline store must pass this. */
export function describeTimelineStore(name: string, open: () => Promise<TimelineHarness>): void {
  describe(`timeline store: ${name}`, () => {
    let harness: TimelineHarness;
    let a: TimelineStore;
    let b: TimelineStore;

    beforeEach(async () => {
      harness = await open();
      ({ a, b } = harness);
    });
    afterEach(() => expect(harness.clock.pendingTimers).toBe(0));

    it('hands out batches newest first, lines oldest first', async () => {
      await a.append([line('1'), line('2')]);
      await b.append([line('3')]);
      await a.append([line('4'), line('5')]);
      expect(await texts(a)).toEqual(['4\n5', '3', '1\n2']);
      expect(await texts(b)).toEqual(await texts(a));
      expect(await texts(await harness.reopen())).toEqual(['4\n5', '3', '1\n2']);
    });

    it('is empty at first, and appending nothing leaves it so', async () => {
      await a.append([]);
      expect(await texts(a)).toEqual([]);
    });

    it('starts at the batch asked for, also when that is trimmed', async () => {
      for (const text of ['1', '2', '3', '4']) await a.append([line(text)]);
      const [, third] = await all(a);
      expect(await texts(b, third?.id)).toEqual(['3', '2', '1']);
      await a.append(many(CONTRACT_LIMITS.maxEntries));
      expect(await texts(b, third?.id)).toEqual([]);
    });

    it('goes through many batches', async () => {
      for (let index = 0; index < 99; index++) await a.append([line(String(index))]);
      expect(await texts(a)).toEqual(Array.from({ length: 99 }, (_, index) => String(98 - index)));
    });

    it('tells when a batch was kept', async () => {
      await a.append([line('1')]);
      const firstMs = harness.clock.nowMs();
      harness.clock.set(firstMs + 5_000);
      await a.append([line('2')]);
      expect((await all(b)).map(({ keptAtMs }) => keptAtMs)).toEqual([firstMs + 5_000, firstMs]);
    });

    it('keeps order when the clock is set back', async () => {
      const nowMs = harness.clock.nowMs();
      await a.append([line('1')]);
      harness.clock.set(nowMs - 10_000);
      await a.append([line('2')]);
      expect(await texts(a)).toEqual(['2', '1']);
      expect((await all(a)).map(({ keptAtMs }) => keptAtMs)).toEqual([nowMs, nowMs]);
    });

    it('forgets what is older than the retention time, and not what is as old', async () => {
      const nowMs = harness.clock.nowMs();
      await a.append([line('1')]);
      harness.clock.set(nowMs + 1);
      await a.append([line('2')]);
      harness.clock.set(nowMs + CONTRACT_LIMITS.retentionMs + 1);
      await a.append([line('3')]);
      expect(await texts(a)).toEqual(['3', '2']);
      expect(await texts(await harness.reopen())).toEqual(['3', '2']);
    });

    it('forgets the oldest batches that are not needed to make up its length', async () => {
      for (let index = 0; index < 30; index++) await a.append(many(9, String(index)));
      const kept = await all(a);
      expect(kept).toHaveLength(12);
      expect(kept.at(-1)?.text).toContain('18 ');
      expect(await texts(await harness.reopen())).toHaveLength(12);
    });

    it('counts a long line for several', async () => {
      const long = 'x'.repeat(10 * ENTRY_LENGTH - encodeEvent(line('')).length);
      for (let index = 0; index < 30; index++) await a.append([line(long)]);
      expect(await all(a)).toHaveLength(10);
    });

    it('always keeps the newest batch', async () => {
      await a.append(many(5 * CONTRACT_LIMITS.maxEntries));
      expect(await all(a)).toHaveLength(1);
    });

    it('keeps what says something new of its key, and not what repeats the last', async () => {
      const said = ['a', 'a', 'b', 'b', 'a'];
      for (const [index, value] of said.entries()) {
        const writer = index % 2 === 0 ? a : b;
        await writer.append([line(`${index} ${value}`, 'key', value), line(`${index} other`, 'other', 'same')]);
      }
      expect(await texts(a)).toEqual(['4 a', '2 b', '0 a\n0 other']);
    });

    it('looks at what the same batch says, too', async () => {
      await a.append([line('1', 'key', 'a'), line('2', 'key', 'a'), line('3', 'key', 'b'), line('4', 'key', 'a')]);
      expect(await texts(a)).toEqual(['1\n3\n4']);
    });

    it('knows that nothing was said, and forgets a key of which that is said', async () => {
      await a.append([line('1', 'key', ''), line('2')]);
      await b.append([line('3', 'key', 'a'), line('4', 'key', ''), line('5', 'key', '')]);
      await a.append([line('6', 'key', '')]);
      expect(await texts(a)).toEqual(['3\n4', '2']);
      await a.append([line('7', 'key', 'b')]);
      harness.clock.set(harness.clock.nowMs() + CONTRACT_LIMITS.retentionMs);
      await b.append([line('8', 'key', ''), line('9', 'key', '')]);
      expect((await texts(a))[0]).toEqual('8');
      const reopened = await harness.reopen();
      await reopened.append([line('10', 'key', '')]);
      expect((await texts(reopened))[0]).toEqual('8');
    });

    it('knows in the next process what was said last', async () => {
      await a.append([line('1', 'key', 'a')]);
      const reopened = await harness.reopen();
      await reopened.append([line('2', 'key', 'a')]);
      await reopened.append([line('3', 'key', 'b')]);
      expect(await texts(reopened)).toHaveLength(2);
    });

    it('remembers for the retention time at least, and not for ever', async () => {
      const nowMs = harness.clock.nowMs();
      await a.append([line('1', 'key', 'a')]);
      harness.clock.set(nowMs + CONTRACT_LIMITS.retentionMs);
      await a.append([line('2', 'key', 'a')]);
      expect(await all(a)).toHaveLength(1);
      harness.clock.set(nowMs + 3 * CONTRACT_LIMITS.retentionMs);
      await a.append([line('makes it trim')]);
      await a.append([line('3', 'key', 'a')]);
      expect(await texts(a)).toEqual(['3', 'makes it trim']);
    });

    async function all(store: TimelineStore, upTo: string | null = null): Promise<TimelineBatch[]> {
      const batches: TimelineBatch[] = [];
      for await (const page of store.batches(upTo)) batches.push(...page);
      return batches;
    }

    /** The messages of each batch. */
    async function texts(store: TimelineStore, upTo: string | null = null): Promise<string[]> {
      return (await all(store, upTo)).map(({ text }) => {
        const messages = text.split('\n').map((line) => decodeEvent(line).message);
        return messages.join('\n');
      });
    }
  });
}

function line(message: string, key?: string, value = ''): TimelineEvent {
  const event = { atMs: 0, kind: 'verdict', message } as const;
  return key === undefined ? event : { ...event, state: { key, value } };
}

function many(count: number, message = 'line'): TimelineEvent[] {
  return Array.from({ length: count }, (_, index) => line(`${message} ${index}`));
}
