import { type Log, nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type TimelineEvent } from './timeline-event';
import { encodeEvent } from './timeline-line';
import { TimelineQueriesService, type TimelineQuestion } from './timeline-queries.service';
import { type TimelineBatch, type TimelineStore } from './timeline-store';
import { TimelineService } from './timeline.service';

/** Keeps batches; fails while told to. */
class FakeStore implements TimelineStore {
  readonly kept: TimelineBatch[] = [];
  failure: Error | null = null;
  attempts = 0;

  async append(events: readonly TimelineEvent[]): Promise<void> {
    this.attempts++;
    if (this.failure) throw this.failure;
    const text = events.map(encodeEvent).join('\n');
    this.kept.push({ id: String(this.kept.length + 1), keptAtMs: this.kept.length, text });
  }

  async *batches(upTo: string | null): AsyncGenerator<readonly TimelineBatch[]> {
    for (const batch of [...this.kept].reverse()) if (upTo === null || Number(batch.id) <= Number(upTo)) yield [batch];
  }
}

let store: FakeStore;
let clock: FakeClock;
let counted: { kept: number; dropped: number };
let logged: string[];
let timeline: TimelineService;

beforeEach(() => {
  store = new FakeStore();
  clock = new FakeClock();
  counted = { kept: 0, dropped: 0 };
  logged = [];
  const log: Log = {
    ...nullLog,
    error: (message, fields) => void logged.push(`${message}: ${String(fields?.['err'])}`),
    info: (message) => void logged.push(message),
  };
  const metrics = {
    timelineKept: (events: number) => void (counted.kept += events),
    timelineDropped: (events: number) => void (counted.dropped += events),
  };
  timeline = new TimelineService(store, clock, metrics, log);
});

function record(...messages: (string | number)[]): void {
  for (const message of messages) timeline.record({ atMs: 0, kind: 'system', message: String(message) });
}

const messages = () =>
  store.kept.map(({ text }) => text.split('\n').map((line) => (JSON.parse(line) as TimelineEvent).message));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('TimelineService', () => {
  it('keeps what was recorded within 200 ms together', async () => {
    record(1);
    await clock.advance(150);
    record(2);
    expect(store.attempts).toBe(0);
    await clock.advance(50);
    record(3);
    await clock.advance(200);
    expect(messages()).toEqual([['1', '2'], ['3']]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait once a batch is full', async () => {
    record(...upTo(600));
    await clock.advance(0);
    expect(messages().map(({ length }) => length)).toEqual([256, 256, 88]);
    expect(counted).toEqual({ kept: 600, dropped: 0 });
  });

  it('says once why it fails, tries again, and loses nothing it has room for', async () => {
    store.failure = new Error('away');
    record(1);
    await clock.advance(200);
    record(2);
    await clock.advance(10_000);
    expect(store.attempts).toBeLessThan(8);
    store.failure = null;
    await clock.advance(2_000);
    expect(messages()).toEqual([['1', '2']]);
    expect(logged).toEqual(['The timeline cannot be written: away', 'The timeline is written again']);
  });

  it('drops and counts what it has no room for', async () => {
    store.failure = new Error('away');
    record(...upTo(9_000));
    await clock.advance(200);
    expect(counted.dropped).toBe(9_000 - 8_192);
    store.failure = null;
    await clock.advance(2_000);
    expect(messages().flat()).toEqual(upTo(8_192).map(String));
  });

  it('hands over what waits when it stops, and nothing later', async () => {
    record(1);
    await timeline.stop();
    record(2);
    expect(messages()).toEqual([['1']]);
    expect(counted.dropped).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('hands events on as they are recorded, whatever becomes of them', () => {
    const followed: string[] = [];
    store.failure = new Error('away');
    timeline.follow({ record: ({ message }) => void followed.push(message) });
    record(1, 2);
    expect(followed).toEqual(['1', '2']);
  });

  it('stops also when it fails', async () => {
    store.failure = new Error('away');
    record(1);
    await timeline.stop();
    expect(counted.dropped).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('TimelineQueriesService', () => {
  const anything: TimelineQuestion = {
    fingerprint: null,
    group: null,
    receiver: null,
    integration: null,
    kind: null,
    fromMs: null,
    toMs: null,
    limit: 100,
    before: null,
  };
  const ask = (question: Partial<TimelineQuestion> = {}) =>
    new TimelineQueriesService(store, timeline).query({ ...anything, ...question });

  it('answers with what was recorded just now', async () => {
    record(1, 2);
    const { events, next } = await ask();
    expect(events.map(({ event }) => event.message)).toEqual(['2', '1']);
    expect(next).toBeNull();
  });

  it('goes on where it stopped, over batches', async () => {
    for (const batch of [[1, 2], [3], [4, 5, 6]]) {
      record(...batch);
      await timeline.flush();
    }
    const pages: string[][] = [];
    let before: TimelineQuestion['before'] = null;
    do {
      const { events, next } = await ask({ limit: 2, before });
      pages.push(events.map(({ event }) => event.message));
      before = next;
    } while (before !== null);
    expect(pages).toEqual([['6', '5'], ['4', '3'], ['2', '1'], []]);
  });

  it('reads no further than the time asked for', async () => {
    for (const message of [1, 2, 3]) {
      record(message);
      await timeline.flush();
    }
    let read = 0;
    const { batches } = store;
    store.batches = async function* (upTo) {
      for await (const page of batches.call(store, upTo)) {
        read++;
        yield page;
      }
    };
    // The fake store keeps batch n at the time n - 1.
    expect((await ask({ fromMs: 2 })).events).toEqual([]);
    expect(read).toBe(2);
  });
});
