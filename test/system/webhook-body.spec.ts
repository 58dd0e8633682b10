import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Labels } from '@tocsin/common/labels/label-set';
import { parseRfc3339 } from '@tocsin/common/time/rfc3339';
import { flushOrder } from '@tocsin/notifier/grouping/flush-order';
import { type FrozenAlert } from '@tocsin/notifier/pipeline/notification-record';
import { alertsMessage } from '@tocsin/notifier/receivers/webhook/webhook-message';
import { NotificationFacts } from '@tocsin/notifier/templates/notification-facts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { postAlerts } from '../support/alertmanager-api';
import { type PostableAlert } from '../support/alerts';
import { Started } from '../support/started';
import { waitFor } from '../support/wait-for';

/** The webhook body of Debian's Alertmanager (0.25) and ours for the same alerts, byte by byte; its version has no
 *  `notification_reason` and no `routeLabels`. */

const started = new Started();
afterAll(() => started.stopAll());

let sink: HttpPeer;
let peer: Alertmanager;

beforeAll(async () => {
  sink = await started.add(HttpPeer.start());
  peer = await started.add(
    Alertmanager.start(`
route:
  receiver: team.a (b)
  group_by: [group, cluster]
  group_wait: 300ms
  group_interval: 1s
  routes:
  - receiver: short
    matchers: ['short="yes"']
receivers:
- name: team.a (b)
  webhook_configs: [{ url: '${sink.origin()}' }]
- name: short
  webhook_configs: [{ url: '${sink.origin()}', max_alerts: 2 }]
`),
  );
});

const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

function alert(labels: Record<string, string>, overrides: Partial<PostableAlert> = {}): PostableAlert {
  return { labels, annotations: {}, startsAt: '2026-01-02T03:04:05.120Z', endsAt: inAnHour, ...overrides };
}

/** The last body about a group once it is about all alerts: old alerts are told at once, perhaps before the rest came. */
async function theirs(group: string, count: number): Promise<string> {
  return waitFor(`the peer to notify about ${group}`, () => {
    const bodies = sink.requests.map(({ body }) => body).filter((body) => JSON.parse(body).groupLabels.group === group);
    const last = bodies.at(-1) ?? '{"alerts":[]}';
    const { alerts, truncatedAlerts = 0 } = JSON.parse(last);
    return alerts.length + truncatedAlerts === count ? last : null;
  });
}

function ours(
  alerts: readonly PostableAlert[],
  group: Labels,
  context: { receiver: string; maxAlerts: number; key: string; externalUrl: string },
): string {
  const frozen = alerts.map(freeze).sort(flushOrder);
  const notification = {
    reason: 'first notification',
    sequence: 1,
    groupKey: context.key,
    groupLabels: group,
    routeLabels: {},
    alerts: frozen,
    receiverData: {},
    before: null,
  } as const;
  const facts = new NotificationFacts(notification, context.receiver, context.externalUrl);
  const shown = facts.atMost(context.maxAlerts);
  const truncated = frozen.length - shown.alerts.length;
  const body = alertsMessage(shown, { version: '4', truncated, plain: null });
  return body.replace('"notification_reason":"first notification",', '').replace('"routeLabels":{},', '');
}

function freeze({ labels, annotations, startsAt = '', endsAt = '', generatorURL = '' }: PostableAlert): FrozenAlert {
  const starts = parseRfc3339(startsAt);
  const ends = parseRfc3339(endsAt);
  if (!starts.ok || !ends.ok) throw new Error('not a time');
  const isOver = ends.ms <= Date.now();
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations,
    startsAtMs: starts.ms,
    startsAtOffsetMin: starts.offsetMin,
    endsAtMs: isOver ? ends.ms : 0,
    endsAtOffsetMin: isOver ? ends.offsetMin : 0,
    generatorURL,
    version: 1,
  };
}

it.each<[string, PostableAlert[]]>([
  ['one', [alert({ group: 'one', alertname: 'DiskFull' })]],
  [
    'sorted',
    [
      alert({ group: 'sorted', alertname: 'B', job: 'b', instance: '1' }),
      alert({ group: 'sorted', alertname: 'A' }),
      alert({ group: 'sorted', alertname: 'B', job: 'a' }),
      alert({ group: 'sorted', alertname: 'B', job: 'b' }),
      alert({ group: 'sorted', alertname: 'B', job: 'a', instance: '2', more: 'x' }),
    ],
  ],
  [
    'common',
    [
      alert({ group: 'common', a: '1', b: '1', c: '1' }, { annotations: { x: '1', y: '2' } }),
      alert({ group: 'common', a: '1', b: '2' }, { annotations: { x: '1', z: '2' } }),
    ],
  ],
  [
    'escapes',
    [
      alert(
        { group: 'escapes', text: '<a href="x">&\\</a> \u2028 😀 \uffee \t' },
        {
          annotations: { html: '<b>&amp;</b>', control: 'a\nb\rc\td', odd: '\u007f\u00a0"' },
          generatorURL: 'http://prometheus.test/graph?g0.expr=a%3Eb&g0.tab=1',
        },
      ),
    ],
  ],
  [
    'times',
    [
      alert({ group: 'times', a: '1' }, { startsAt: '2026-01-02T03:04:05+02:00' }),
      alert(
        { group: 'times', a: '2' },
        { startsAt: '2026-01-02T03:04:05.100-05:30', endsAt: '2026-01-02T23:00:00.010+01:00' },
      ),
    ],
  ],
  ['over', [alert({ group: 'over', a: '1' }), alert({ group: 'over', a: '2' }, { endsAt: '2026-01-03T00:00:00Z' })]],
])('is the same: %s', async (group, alerts) => {
  await postAlerts(peer.url, alerts);
  const body = await theirs(group, alerts.length);
  const { externalURL: externalUrl } = JSON.parse(body);
  const context = { receiver: 'team.a (b)', maxAlerts: 0, key: `{}:{group="${group}"}`, externalUrl };
  expect(ours(alerts, { group }, context)).toBe(body);
});

it('is the same: cut', async () => {
  const alerts = ['a', 'b', 'c'].map((name) => alert({ group: 'cut', short: 'yes', name }, { annotations: { name } }));
  await postAlerts(peer.url, alerts);
  const body = await theirs('cut', alerts.length);
  const { externalURL: externalUrl } = JSON.parse(body);
  const context = { receiver: 'short', maxAlerts: 2, key: '{}/{short="yes"}:{group="cut"}', externalUrl };
  expect(ours(alerts, { group: 'cut' }, context)).toBe(body);
});
