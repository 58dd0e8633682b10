import { createMatcher } from '@tocsin/common/matchers/matcher';
import { describe, expect, it } from 'vitest';
import { type StoredAlert } from '../alerts/alert-book';
import { type GroupRef } from '../grouping/groups';
import { NO_MUTING } from '../pipeline/muting';
import { buildRouteTree } from '../routing/route-tree';
import { type Silence } from '../silences/silence';
import { aRoute } from '../testing/a-config';
import { type TimelineEvent } from '../timeline/timeline-event';
import { type EventSource, mainType, recordedEvents } from './recorded-event';

const nowMs = Date.UTC(2026, 0, 5, 12);

const alert = (fingerprint: string, overrides: Partial<StoredAlert> = {}): StoredAlert => ({
  fingerprint,
  labels: { severity: 'critical', alertname: 'Full' },
  annotations: {},
  startsAtMs: nowMs - 1_500,
  endsAtMs: nowMs + 60_000,
  updatedAtMs: nowMs,
  generatorURL: '',
  timeout: false,
  startsAtOffsetMin: 0,
  endsAtOffsetMin: 0,
  version: 1,
  settledIn: [],
  ...overrides,
});

const critical = createMatcher('severity', '=~', 'crit.*');
if (!critical.ok) throw new Error(critical.error);
const { root } = buildRouteTree(
  aRoute({ receiver: 'pager', matchers: [critical.matcher], repeatIntervalMs: 14_400_000 }),
);
const group: GroupRef = { id: 'g1', route: root, labels: { alertname: 'Full' }, key: '{}:{alertname="Full"}' };

const silence: Silence = {
  id: 's1',
  matcherSets: [[{ name: 'alertname', op: '!=', value: 'a"b' }]],
  startsAtMs: nowMs,
  endsAtMs: nowMs + 1,
  updatedAtMs: nowMs,
  createdBy: 'jane',
  comment: '',
  annotations: {},
};

const firing = alert('0123456789abcdef');
const over = alert('fedcba9876543210', { endsAtMs: nowMs - 1 });

const source: EventSource = {
  alert: (fingerprint) => [firing, over].find((one) => one.fingerprint === fingerprint),
  groupsOf: () => [group],
  group: (id) => (id === 'g1' ? group : undefined),
  silence: (id) => (id === 's1' ? silence : undefined),
  inhibitRule: () => ({ name: 'r', source: [critical.matcher], target: [], equal: ['b', 'a'] }),
  muting: () => NO_MUTING,
};

const labels = {
  labels: [
    { key: 'alertname', value: 'Full' },
    { key: 'severity', value: 'critical' },
  ],
};
const alertJson = {
  fingerprint: '81985529216486895',
  name: 'Full',
  labels,
  annotations: {},
  startsAt: '2026-01-05T11:59:58.500Z',
  endsAt: '2026-01-05T12:01:00Z',
};
const groupInfo = {
  groupKey: '{}:{alertname="Full"}',
  groupLabels: { labels: [{ key: 'alertname', value: 'Full' }] },
  groupId: 'g1',
  receiverName: 'pager',
  matchers: [{ type: 'TYPE_REGEXP', name: 'severity', pattern: 'crit.*', rendered: 'severity=~"crit.*"' }],
};
const grouped = { hash: expect.stringMatching(/^\d+$/) as string, details: alertJson };
const groupedOver = {
  hash: grouped.hash,
  details: { ...alertJson, fingerprint: '18364758544493064720', endsAt: '2026-01-05T11:59:59.999Z', resolved: true },
};

const record = (event: Partial<TimelineEvent> & Pick<TimelineEvent, 'kind'>, from = source) =>
  recordedEvents({ atMs: nowMs, message: '', ...event }, from).map(({ data }) => data);

describe('recordedEvents', () => {
  it('records alerts that start, and their groups', () => {
    expect(
      record({ kind: 'received', fingerprints: [firing.fingerprint, 'gone'], detail: { change: 'started' } }),
    ).toEqual([{ alertCreated: { alert: alertJson } }, { alertGrouped: { alert: grouped, groupInfo } }]);
    expect(record({ kind: 'received', fingerprints: [firing.fingerprint], detail: { change: 'changed' } })).toEqual([]);
  });

  it('records notifications, and the alerts whose end they told', () => {
    const told: TimelineEvent = {
      atMs: nowMs,
      message: '',
      kind: 'delivered',
      fingerprints: [firing.fingerprint, over.fingerprint],
      group: 'g1',
      integration: 'a/b/webhook/2',
      detail: { reason: 'some alerts resolved', sequence: 7 },
    };
    expect(record(told)).toEqual([
      {
        notification: {
          alerts: [grouped, groupedOver],
          firingAlerts: [grouped],
          resolvedAlerts: [groupedOver],
          groupInfo,
          repeatInterval: '14400s',
          reason: 'NOTIFY_REASON_NEW_RESOLVED_ALERTS',
          flushId: '7',
          integration: { name: 'webhook', index: '2' },
        },
      },
      { alertResolved: { alert: groupedOver, groupInfo } },
    ]);
    expect(record({ ...told, fingerprints: [], group: 'gone', integration: 'x/email/0', detail: {} })).toEqual([
      { notification: { integration: { name: 'email' } } },
    ]);
    expect(record({ ...told, detail: { drill: true } })).toEqual([]);
  });

  it('records who mutes an alert', () => {
    const verdict = {
      kind: 'verdict',
      fingerprints: [firing.fingerprint],
      state: { key: 'k', value: 'silence s1' },
    } as const;
    const mutedAlert = { labels, fingerprint: '81985529216486895' };
    const silenced = { ...source, muting: () => ({ ...NO_MUTING, silencedBy: () => ['s1', 'gone'] }) };
    const silenceJson = {
      id: 's1',
      matchers: [{ type: 'TYPE_NOT_EQUAL', name: 'alertname', pattern: 'a"b', rendered: 'alertname!="a\\"b"' }],
      startsAt: '2026-01-05T12:00:00Z',
      endsAt: '2026-01-05T12:00:00.001Z',
      updatedAt: '2026-01-05T12:00:00Z',
      createdBy: 'jane',
      matcherSets: [
        { matchers: [{ type: 'TYPE_NOT_EQUAL', name: 'alertname', pattern: 'a"b', rendered: 'alertname!="a\\"b"' }] },
      ],
    };
    expect(record(verdict, silenced)).toEqual([{ silenceMutedAlert: { silence: silenceJson, mutedAlert } }]);
    const inhibited = {
      ...source,
      muting: () => ({
        ...NO_MUTING,
        inhibitedBy: () => ({ kind: 'inhibition' as const, fingerprint: 'ff', rule: 0, ruleName: '#1' }),
      }),
    };
    expect(record(verdict, inhibited)).toEqual([
      {
        inhibitionMutedAlert: {
          inhibitRules: [{ sourceMatchers: groupInfo.matchers, equalLabels: ['a', 'b'], name: 'r' }],
          mutedAlert,
          inhibitingFingerprints: ['255'],
        },
      },
    ]);
    expect(record({ ...verdict, state: { key: 'k', value: '' } }, silenced)).toEqual([]);
  });

  it.each([
    ['created', 'silenceCreated'],
    ['replaced', 'silenceCreated'],
    ['updated', 'silenceUpdated'],
    ['expired', 'silenceUpdated'],
  ])('records a silence that is %s', (action, name) => {
    const [data] = record({ kind: 'silence', detail: { action, id: 's1' } });
    expect(Object.keys(data ?? {})).toEqual([name]);
  });

  it.each<TimelineEvent['kind']>(['attempt', 'dead-letter', 'config', 'cluster', 'system'])(
    'records nothing of %s',
    (kind) => {
      expect(record({ kind, fingerprints: [firing.fingerprint] })).toEqual([]);
      expect(mainType({ atMs: 0, kind, message: '' })).toBeNull();
    },
  );
});
