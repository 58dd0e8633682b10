import { describe, expect, it } from 'vitest';
import { type Drill, drillEnd, drillNotification, isEndedAtOnce } from './drill';

const nowMs = Date.UTC(2026, 0, 5, 12);
const aDrill = (overrides: Partial<Drill> = {}): Drill => ({
  labels: {},
  annotations: {},
  status: 'firing',
  integration: null,
  resolve: null,
  ...overrides,
});
const told = (overrides: Partial<Drill> = {}, receiver = 'team') =>
  drillNotification(aDrill(overrides), receiver, nowMs);

describe('drillNotification', () => {
  it('is marked wherever somebody may look', () => {
    const { alerts, ...rest } = told();
    expect(rest).toEqual({
      reason: 'first notification',
      sequence: nowMs,
      groupKey: expect.stringMatching(/^\{\}:\{tocsin_drill="team\/[\da-f]{16}"\}$/),
      groupLabels: { alertname: 'TocsinTest', tocsin_drill: 'DRILL' },
      routeLabels: {},
      receiverData: {},
      before: null,
    });
    expect(alerts).toEqual([
      {
        fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
        labels: { alertname: 'TocsinTest', tocsin_drill: 'DRILL' },
        annotations: {
          summary: '[DRILL] The receiver team is tested',
          tocsin_drill: expect.stringContaining('This is a drill'),
        },
        startsAtMs: nowMs,
        endsAtMs: 0,
        startsAtOffsetMin: 0,
        endsAtOffsetMin: 0,
        generatorURL: '',
        version: 1,
      },
    ]);
  });

  it.each([
    ['labels are added to, but the mark stays', { labels: { alertname: 'X', severity: 'page', tocsin_drill: 'no' } }],
  ])('%s', (_, given) => {
    expect(told(given).alerts[0]?.labels).toEqual({ alertname: 'X', severity: 'page', tocsin_drill: 'DRILL' });
  });

  it.each([
    ['Disk is full', '[DRILL] Disk is full'],
    ['[DRILL] Disk is full', '[DRILL] Disk is full'],
  ])('summary %j becomes %j', (summary, expected) => {
    expect(told({ annotations: { summary, b: 'c' } }).alerts[0]?.annotations).toMatchObject({
      summary: expected,
      b: 'c',
    });
  });

  it('tells of an end', () => {
    const { reason, alerts } = told({ status: 'resolved' });
    expect(reason).toBe('all alerts resolved');
    expect(alerts[0]).toMatchObject({ startsAtMs: nowMs - 60_000, endsAtMs: nowMs });
  });

  it('has a group of its own for each receiver and alert, and the same one again', () => {
    const key = (labels: Drill['labels'], receiver?: string) => told({ labels }, receiver).groupKey;
    expect(new Set([key({}), key({ a: 'b' }), key({}, 'other'), key({})]).size).toBe(3);
    expect(told({ status: 'resolved' }).groupKey).toBe(told().groupKey);
  });
});

describe('drillEnd', () => {
  it('ends what was told, with what the integration kept of it', () => {
    const begun = told();
    const [alert] = begun.alerts;
    expect(drillEnd(begun, { ts: '1' }, nowMs)).toEqual({
      ...begun,
      reason: 'all alerts resolved',
      sequence: nowMs + 1,
      alerts: [{ ...alert, endsAtMs: nowMs + 1 }],
      receiverData: { ts: '1' },
      before: {
        sequence: nowMs,
        atMs: nowMs,
        firing: [alert?.fingerprint],
        resolved: [],
        receiverData: { ts: '1' },
      },
    });
  });

  it.each([
    ['pagerduty', {}, true],
    ['opsgenie', {}, true],
    ['victorops', {}, true],
    ['jira', {}, true],
    ['incidentio', {}, true],
    ['slack', {}, false],
    ['slack', { resolve: true }, true],
    ['pagerduty', { resolve: false }, false],
    ['pagerduty', { status: 'resolved' as const }, false],
  ])('%s %j: %s', (kind, drill, isEnded) => expect(isEndedAtOnce(aDrill(drill), kind)).toBe(isEnded));
});
