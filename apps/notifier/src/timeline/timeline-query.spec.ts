import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TimelineEvent } from './timeline-event';
import { encodeEvent } from './timeline-line';
import { formatCursor, parseCursor, type TimelineFilter, TimelineSearch } from './timeline-query';

const anything: TimelineFilter = {
  fingerprint: null,
  group: null,
  receiver: null,
  integration: null,
  kind: null,
  fromMs: null,
  toMs: null,
};

const event = (overrides: Partial<TimelineEvent> = {}): TimelineEvent => ({
  atMs: 1_000,
  kind: 'verdict',
  message: 'something',
  ...overrides,
});

const search = (filter: Partial<TimelineFilter>, events: readonly TimelineEvent[], lines?: number) => {
  const text = events.map(encodeEvent).join('\n');
  return [...new TimelineSearch({ ...anything, ...filter }).find('7', text, lines)];
};

describe('TimelineSearch', () => {
  it.each<[string, Partial<TimelineFilter>, Partial<TimelineEvent>, boolean]>([
    ['anything', {}, {}, true],
    ['one of the fingerprints', { fingerprint: 'bb' }, { fingerprints: ['aa', 'bb'] }, true],
    ['no event without fingerprints', { fingerprint: 'bb' }, {}, false],
    ['no fingerprint that is only mentioned', { fingerprint: 'bb' }, { detail: { by: 'bb' } }, false],
    ['no part of a fingerprint', { fingerprint: 'b' }, { fingerprints: ['bb'] }, false],
    ['a group', { group: 'g' }, { group: 'g' }, true],
    ['no other group', { group: 'g' }, { group: 'gg' }, false],
    ['no group that is only mentioned', { group: 'g' }, { group: 'h', detail: { group: 'g' } }, false],
    ['a receiver with any text', { receiver: 'a "b"\n' }, { receiver: 'a "b"\n' }, true],
    ['an integration', { integration: 'a/webhook/0' }, { integration: 'a/webhook/0' }, true],
    ['no other integration', { integration: 'a/webhook/0' }, { integration: 'a/webhook/1' }, false],
    ['a kind', { kind: 'verdict' }, {}, true],
    ['no other kind', { kind: 'received' }, {}, false],
    ['from a moment on', { fromMs: 1_000 }, {}, true],
    ['nothing before it', { fromMs: 1_001 }, {}, false],
    ['up to a moment', { toMs: 1_000 }, {}, true],
    ['nothing after it', { toMs: 999 }, {}, false],
  ])('finds %s', (_, filter, overrides, found) => {
    expect(search(filter, [event(overrides)])).toHaveLength(found ? 1 : 0);
  });

  it('goes from the newest line of a batch to its oldest, with their places', () => {
    const events = [event({ message: 'a' }), event({ message: 'b', kind: 'system' }), event({ message: 'c' })];
    expect(search({ kind: 'verdict' }, events)).toEqual([
      { cursor: { batch: '7', line: 2 }, event: events[2] },
      { cursor: { batch: '7', line: 0 }, event: events[0] },
    ]);
    expect(search({ kind: 'verdict' }, events, 2).map(({ event }) => event.message)).toEqual(['a']);
  });

  it('finds what a look at every field finds', () => {
    const text = fc.constantFrom('a', 'b', 'a"b', 'a\\', ',"kind":"system"', 'é\n');
    const optional = fc.option(text, { nil: undefined });
    const events = fc.array(
      fc
        .record({
          kind: fc.constantFrom('verdict', 'received', 'system'),
          fingerprints: fc.option(fc.array(text), { nil: undefined }),
          group: optional,
          receiver: optional,
          integration: optional,
          message: text,
          detail: fc.option(fc.record({ group: text, kind: text }), { nil: undefined }),
        })
        .map((fields) => JSON.parse(JSON.stringify({ atMs: 1, ...fields })) as TimelineEvent),
      { minLength: 1 },
    );
    const wanted = fc.option(text, { nil: null });
    const filter = fc.record({ fingerprint: wanted, group: wanted, receiver: wanted, integration: wanted });
    fc.assert(
      fc.property(events, filter, (events, filter) => {
        const slowly = events.filter(
          ({ fingerprints, group, receiver, integration }) =>
            (filter.fingerprint === null || fingerprints?.includes(filter.fingerprint)) &&
            (filter.group === null || group === filter.group) &&
            (filter.receiver === null || receiver === filter.receiver) &&
            (filter.integration === null || integration === filter.integration),
        );
        expect(search(filter, events).map(({ event }) => event)).toEqual(slowly.reverse());
      }),
      { numRuns: 2_000 },
    );
  });

  it('is past what was kept before the moment it begins at', () => {
    expect(new TimelineSearch({ ...anything, fromMs: 5 }).isPast(4)).toBe(true);
    expect(new TimelineSearch({ ...anything, fromMs: 5 }).isPast(5)).toBe(false);
    expect(new TimelineSearch(anything).isPast(0)).toBe(false);
  });
});

describe('cursors', () => {
  it.each([
    { batch: '000000000012', line: 0 },
    { batch: '1767225600000-123456', line: 255 },
  ])('survive being written down: %j', (cursor) => expect(parseCursor(formatCursor(cursor))).toEqual(cursor));

  it.each(['', '12', '+.1', '12.x', '1-2-3.4', '-.1'])('are no %j', (text) => expect(parseCursor(text)).toBeNull());
});
