import { type Log, nullLog } from '@tocsin/common/log/log';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { GO_ZERO_TIME_MS } from '@tocsin/common/time/rfc3339';
import { describe, expect, it } from 'vitest';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type SilenceDraft } from './change-silence';
import { EmbeddedSilenceStore } from './embedded-silence.store';
import { type SilenceState } from './silence';
import { type SilenceStore } from './silence-store';
import { type SilencesOptions } from './silences.service';
import { aMatcher } from './testing/a-silence';
import { aSilencesService } from './testing/a-silences-service';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const ALL: ReadonlySet<SilenceState> = new Set<SilenceState>(['active', 'pending', 'expired']);

function setUp(
  overrides: Partial<SilencesOptions> = {},
  wrap: (store: SilenceStore) => SilenceStore = (store) => store,
) {
  const clock = new FakeClock();
  const store = new EmbeddedSilenceStore(new MemoryStore());
  const events: TimelineEvent[] = [];
  const lines: unknown[] = [];
  const errors: string[] = [];
  const log: Log = {
    ...nullLog,
    info: (message, fields) => void lines.push([message, fields]),
    error: (message) => void errors.push(message),
  };
  let made = 0;
  const timeline = { record: (event: TimelineEvent) => void events.push(event) };
  const parts = { store: wrap(store), log, timeline, randomUUID: () => `id${++made}` };
  const service = aSilencesService(clock, parts, { logSilences: true, ...overrides });
  const draft = (changes: Partial<SilenceDraft> = {}): SilenceDraft => ({
    id: '',
    matcherSets: [[aMatcher('alertname=X'), aMatcher('a=~b"')]],
    startsAtMs: clock.nowMs(),
    endsAtMs: clock.nowMs() + hourMs,
    createdBy: 'me',
    comment: 'because',
    annotations: {},
    ...changes,
  });
  return { clock, store, service, draft, events, lines, errors };
}

const refused = (message: string) => ({ kind: 'refused', message });

describe('SilencesService', () => {
  it('creates, changes, replaces and ends, each with a line and an event', async () => {
    const { service, draft, clock, events, lines } = setUp();
    expect(await service.set(draft())).toEqual({ kind: 'stored', id: 'id1' });
    await clock.advance(10_500);
    const startsAtMs = service.get('id1')!.startsAtMs;
    expect(await service.set(draft({ id: 'id1', startsAtMs, comment: 'more' }))).toEqual({ kind: 'stored', id: 'id1' });
    expect(await service.set(draft({ id: 'id1', matcherSets: [[aMatcher('a=1')]] }))).toMatchObject({ kind: 'stored' });
    const [replacement] = [...service.silences.values()].filter(({ id }) => id !== 'id1');
    expect(await service.expire(replacement!.id)).toBe('expired');
    expect(await service.expire(replacement!.id)).toBe('expired');
    const matchers = 'alertname=X,a=~b"';
    const fields = {
      Id: 'id1',
      CreatedBy: 'me',
      Comment: 'because',
      StartsAt: '2026-01-01T00:00:00Z',
      EndsAt: '2026-01-01T01:00:00Z',
      Matchers: matchers,
    };
    const ended = { ...fields, Comment: 'more', EndsAt: '2026-01-01T00:00:10Z' };
    const id = replacement!.id;
    expect(lines).toEqual([
      ['create silence', fields],
      ['update silence', { ...fields, Comment: 'more', EndsAt: '2026-01-01T01:00:10Z' }],
      ['expire silence', ended],
      [
        'create silence',
        { ...fields, Id: id, StartsAt: '2026-01-01T00:00:10Z', EndsAt: '2026-01-01T01:00:10Z', Matchers: 'a=1' },
      ],
      [
        'expire silence',
        { ...fields, Id: id, StartsAt: '2026-01-01T00:00:10Z', EndsAt: '2026-01-01T00:00:10Z', Matchers: 'a=1' },
      ],
    ]);
    expect(events.map(({ kind, message, detail }) => [kind, message, detail?.['id'], detail?.['replaces']])).toEqual([
      ['silence', 'silence {alertname="X",a=~"b\\""} created, by me: because', 'id1', undefined],
      ['silence', 'silence {alertname="X",a=~"b\\""} updated, by me: more', 'id1', undefined],
      ['silence', 'silence {a="1"} replaced, by me: because', id, 'id1'],
      ['silence', 'silence {a="1"} expired, by me: because', id, undefined],
    ]);
    expect(events[0]).toMatchObject({ atMs: startsAtMs, detail: { createdBy: 'me', comment: 'because', startsAtMs } });
  });

  it('logs nothing unless asked to', async () => {
    const { service, draft, lines } = setUp({ logSilences: false });
    await service.set(draft());
    await service.expire('id1');
    expect(lines).toEqual([]);
  });

  it('lets one without start begin now', async () => {
    const { service, draft, clock } = setUp();
    await service.set(draft({ startsAtMs: GO_ZERO_TIME_MS }));
    expect(service.get('id1')?.startsAtMs).toBe(clock.nowMs());
  });

  it('says what it does not know, and what is wrong', async () => {
    const { service, draft, events } = setUp();
    expect(await service.set(draft({ id: 'x' }))).toEqual({ kind: 'not-found' });
    expect(await service.expire('x')).toBe('not-found');
    expect(await service.set(draft({ id: 'x', matcherSets: [] }))).toEqual(
      refused('invalid silence: at least one matcher set required'),
    );
    expect(service.get('x')).toBeNull();
    expect(events).toEqual([]);
  });

  it('holds the limit of silences, which counts expired ones and no updates', async () => {
    const { service, draft } = setUp({ maxSilences: 2 });
    await service.set(draft());
    await service.expire('id1');
    await service.set(draft());
    const tooMany = refused('exceeded maximum number of silences: 2 (limit: 2)');
    expect(await service.set(draft())).toEqual(tooMany);
    expect(await service.set(draft({ id: 'id2', matcherSets: [[aMatcher('a=1')]] }))).toEqual(tooMany);
    expect(service.query({ matchers: [], states: new Set(['active']) })).toHaveLength(2);
    expect(await service.set(draft({ id: 'id2', comment: 'x' }))).toMatchObject({ kind: 'stored' });
  });

  it('holds the limit of bytes, of updates too', async () => {
    const { service, draft } = setUp({ maxSilenceBytes: 150 });
    expect(await service.set(draft())).toMatchObject({ kind: 'stored' });
    const long = 'x'.repeat(100);
    const tooLarge = {
      kind: 'refused',
      message: expect.stringMatching(/^silence exceeded maximum size: \d+ bytes \(limit: 150 bytes\)$/) as string,
    };
    expect(await service.set(draft({ comment: long }))).toEqual(tooLarge);
    expect(await service.set(draft({ id: 'id1', comment: long }))).toEqual(tooLarge);
  });

  it('decides again on what another instance wrote meanwhile', async () => {
    let before: (() => Promise<unknown>) | null = null;
    const { service, draft, store } = setUp({}, (inner) => ({
      silences: inner.silences,
      onChange: (listener) => inner.onChange(listener),
      async write(writes, maxCount) {
        const meanwhile = before;
        before = null;
        await meanwhile?.();
        return inner.write(writes, maxCount);
      },
    }));
    await service.set(draft());
    const known = store.silences.get('id1')!;
    const { version, ...silence } = known;
    before = () =>
      store.write([{ kind: 'store', expectedVersion: version, silence: { ...silence, comment: 'theirs' } }], 9);
    expect(await service.set(draft({ id: 'id1', comment: 'ours' }))).toEqual({ kind: 'stored', id: 'id1' });
    expect(service.get('id1')?.comment).toBe('ours');
    before = () => store.write([{ kind: 'forget', id: 'id1' }], 9);
    expect(await service.expire('id1')).toBe('not-found');
  });

  it('gives up where writes never go through', async () => {
    const { service, draft } = setUp({}, (inner) => ({
      silences: inner.silences,
      onChange: () => {},
      write: async () => 'conflict',
    }));
    await expect(service.set(draft())).rejects.toThrow('changed by others');
  });

  it('forgets silences that were over for the retention time, at every interval', async () => {
    const { service, draft, clock } = setUp({ retentionMs: 10 * minuteMs });
    service.start();
    await service.set(draft({ endsAtMs: clock.nowMs() + 5 * minuteMs }));
    await service.set(draft({ endsAtMs: clock.nowMs() + 5 * minuteMs + 1 }));
    await clock.advance(15 * minuteMs - 1);
    expect(service.silences.size).toBe(2);
    await clock.advance(1);
    expect([...service.silences.values()].map(({ id }) => id)).toEqual(['id2']);
    await clock.advance(15 * minuteMs);
    expect(service.silences.size).toBe(0);
    await service.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('tries again at the next interval when forgetting fails', async () => {
    let fails = true;
    const { service, draft, clock, errors } = setUp({ retentionMs: 0 }, (inner) => ({
      silences: inner.silences,
      onChange: () => {},
      write: async (writes, maxCount) => {
        if (fails && writes[0]?.kind === 'forget') throw new Error('Redis is away');
        return inner.write(writes, maxCount);
      },
    }));
    service.start();
    await service.set(draft({ endsAtMs: clock.nowMs() + 1 }));
    await clock.advance(30 * minuteMs);
    expect(errors).toEqual(['old silences could not be forgotten']);
    fails = false;
    await clock.advance(15 * minuteMs);
    expect(service.silences.size).toBe(0);
    await service.stop();
  });

  it('finds by state and by matchers as they are written', async () => {
    const { service, draft, clock } = setUp();
    await service.set(draft());
    await service.set(draft({ startsAtMs: clock.nowMs() + 1, matcherSets: [[aMatcher('a=1')]] }));
    const ids = (matchers: string[], states = ALL) =>
      service.query({ matchers: matchers.map(aMatcher), states }).map(({ id }) => id);
    expect(ids([])).toEqual(['id1', 'id2']);
    expect(ids(['a=1'])).toEqual(['id2']);
    expect(ids([], new Set<SilenceState>(['active']))).toEqual(['id1']);
    expect(ids([], new Set())).toEqual([]);
  });
});
