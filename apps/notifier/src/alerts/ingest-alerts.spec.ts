import { type Alert } from '@tocsin/common/alert/alert';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels } from '@tocsin/common/labels/label-set';
import { describe, expect, it } from 'vitest';
import { GroupIndex } from '../grouping/groups';
import { buildRouteTree } from '../routing/route-tree';
import { AlertsProcessor } from './alerts.processor';
import { FakeAlertBook } from './fake-alert-book';
import { IngestAlertsService } from './ingest-alerts.service';
import { IngestContentionError } from './ingest.errors';
import { aNotifierConfig, aRoute } from '../testing/a-config';
import { type TimelineEvent } from '../timeline/timeline-event';
import { AlertnameLimit } from './alertname-limit';

const nowMs = Date.UTC(2026, 0, 1);
const minuteMs = 60_000;

function anAlert(labels: Labels, overrides: Partial<Alert> = {}): Alert {
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations: {},
    startsAtMs: nowMs,
    endsAtMs: nowMs + 5 * minuteMs,
    updatedAtMs: nowMs,
    generatorURL: '',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    ...overrides,
  };
}

function setUp(limit: number | null = null) {
  const book = new FakeAlertBook();
  const routes = buildRouteTree(aRoute({ groupBy: ['alertname'] }));
  const groups = new GroupIndex(routes);
  book.onChange((changes) => groups.apply(changes));
  const config = aNotifierConfig({ routes });
  const events: TimelineEvent[] = [];
  const refused: string[] = [];
  const service = new IngestAlertsService(
    book,
    { config, groups },
    { record: (event) => void events.push(event) },
    limit === null
      ? null
      : { alerts: new AlertnameLimit(limit), onRefused: ({ labels }) => void refused.push(labels['x'] ?? '') },
  );
  const groupOf = (labels: Labels) => groups.groupsOf(anAlert(labels))[0]?.id;
  return { book, service, groupOf, lane: routes.lane, events, refused };
}

describe('ingest', () => {
  it('records what began, ended or changed, once, and no refreshes', async () => {
    const { service, events } = setUp();
    const a = anAlert({ alertname: 'A' });
    await service.ingest([a, anAlert({ alertname: 'B' })], nowMs);
    await service.ingest([{ ...a, updatedAtMs: nowMs + 1, endsAtMs: a.endsAtMs + 1 }], nowMs + 1);
    await service.ingest([{ ...a, updatedAtMs: nowMs + 2, endsAtMs: nowMs + 2 }], nowMs + 2);
    expect(events.map(({ message }) => message)).toEqual(['started: A, B', 'resolved: A']);
  });

  it('leaves out alerts over the limit of their alertname, and tells of each', async () => {
    const { service, book, refused } = setUp(2);
    await service.ingest(
      ['1', '2', '3'].map((x) => anAlert({ alertname: 'A', x })),
      nowMs,
    );
    expect(book.stored.size).toBe(2);
    expect(refused).toEqual(['3']);
  });

  it('stores alerts and arms each group once', async () => {
    const { book, service, groupOf, lane } = setUp();
    const a = { alertname: 'A', x: '1' };
    await service.ingest([anAlert(a), anAlert({ ...a, x: '2' }), anAlert({ alertname: 'B' })], nowMs);
    expect(book.stored.size).toBe(3);
    expect(book.arms).toEqual([
      { lane, id: groupOf(a), dueMs: nowMs + 30_000, mode: 'keep' },
      { lane, id: groupOf({ alertname: 'B' }), dueMs: nowMs + 30_000, mode: 'keep' },
    ]);
  });

  it.each([
    ['younger than group_wait waits', nowMs - 30_000, nowMs + 30_000],
    ['older than group_wait does not', nowMs - 30_001, nowMs],
  ])('the group of an alert %s', async (_, startsAtMs, dueMs) => {
    const { book, service } = setUp();
    await service.ingest([anAlert({ alertname: 'A' }, { startsAtMs })], nowMs);
    expect(book.arms).toMatchObject([{ dueMs }]);
  });

  it('touches an unchanged alert and arms nothing', async () => {
    const { book, service } = setUp();
    await service.ingest([anAlert({ alertname: 'A' })], nowMs);
    book.commits.length = 0;
    const later = nowMs + minuteMs;
    await service.ingest([anAlert({ alertname: 'A' }, { endsAtMs: later + 5 * minuteMs, updatedAtMs: later })], later);
    expect(book.commits).toMatchObject([{ writes: [{ kind: 'touch', endsAtMs: later + 5 * minuteMs }], arms: [] }]);
  });

  it('arms the group of an alert that resolves', async () => {
    const { book, service, groupOf } = setUp();
    const labels = { alertname: 'A' };
    await service.ingest([anAlert(labels)], nowMs);
    book.commits.length = 0;
    await service.ingest([anAlert(labels, { endsAtMs: nowMs + 1, updatedAtMs: nowMs + 1 })], nowMs + 1);
    expect(book.arms).toMatchObject([{ id: groupOf(labels) }]);
  });

  it('cuts batches of at most 256 alerts, each with the arms of its own', async () => {
    const { book, service } = setUp();
    await service.ingest(
      Array.from({ length: 2_000 }, (_, n) => anAlert({ alertname: `A${n}` })),
      nowMs,
    );
    expect(book.stored.size).toBe(2_000);
    for (const { writes, arms } of book.commits) {
      expect(writes.length).toBeLessThanOrEqual(256);
      expect(arms).toHaveLength(writes.length);
    }
  });

  it('merges again when another instance was faster', async () => {
    const { book, service } = setUp();
    const labels = { alertname: 'A' };
    const startsAtMs = nowMs - minuteMs;
    book.beforeCommit = () => {
      book.beforeCommit = () => {};
      book.put(anAlert(labels, { startsAtMs, updatedAtMs: nowMs - 1 }));
    };
    await service.ingest([anAlert(labels, { annotations: { a: 'b' } })], nowMs);
    expect([...book.stored.values()]).toMatchObject([{ startsAtMs, annotations: { a: 'b' }, updatedAtMs: nowMs }]);
  });

  it('gives up, and says so, when it never wins', async () => {
    const { book, service } = setUp();
    let version = 0;
    book.beforeCommit = () => void book.put(anAlert({ alertname: 'A' }, { annotations: { n: String(version++) } }));
    const late = anAlert({ alertname: 'A' }, { annotations: { mine: 'x' }, updatedAtMs: nowMs + 1 });
    await expect(service.ingest([late], nowMs)).rejects.toThrow(IngestContentionError);
  });

  it('fails when the book does', async () => {
    const { book, service } = setUp();
    book.beforeCommit = () => Promise.reject(new Error('disk full'));
    await expect(service.ingest([anAlert({ alertname: 'A' })], nowMs)).rejects.toThrow('disk full');
  });
});

describe('the alerts queue', () => {
  const counted: unknown[] = [];
  const metrics = { alertsReceived: (...args: unknown[]) => void counted.push(args) };
  const clock = { nowMs: () => nowMs, setTimer: () => ({ cancel: () => {} }) };
  const labels = { alertname: 'A' };

  it.each([
    ['fires until its end', nowMs - 1_000, nowMs + minuteMs, nowMs + minuteMs, 'firing'],
    ['that ended at the slot is resolved', nowMs - 1_000, nowMs - 1_000, nowMs - 1_000, 'resolved'],
    ['that ended before is resolved', nowMs - 1_000, nowMs - 2_000, nowMs - 2_000, 'resolved'],
    [
      'that waited past its end still has its lifetime',
      nowMs - 10 * minuteMs,
      nowMs - 6 * minuteMs,
      nowMs + 4 * minuteMs,
      'firing',
    ],
  ])('an alert %s', async (_, slotMs, endsAtMs, storedEndsAtMs, state) => {
    const { book, service } = setUp();
    counted.length = 0;
    const alert = {
      labels,
      annotations: { a: 'b' },
      startsAtMs: slotMs - minuteMs,
      endsAtMs,
      generatorURL: 'http://x/',
    };
    await new AlertsProcessor(service, clock, metrics).process({ v: 1, ruleGroupId: 'g', slotMs, alerts: [alert] });
    expect([...book.stored.values()]).toMatchObject([
      { ...alert, fingerprint: fingerprint(labels), endsAtMs: storedEndsAtMs, updatedAtMs: slotMs, timeout: false },
    ]);
    expect(counted).toEqual([['queue', { firing: 0, resolved: 0, [state]: 1 }]]);
  });
});
