import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Notification } from '@tocsin/notifier/receivers/integration';
import { type Kind } from '@tocsin/notifier/receivers/kinds.schema';
import { builtIntegration } from '@tocsin/notifier/receivers/testing/built-integration';
import { fakeTemplates } from '@tocsin/notifier/templates/testing/fake-templates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { postAlerts } from '../support/alertmanager-api';
import { Started } from '../support/started';
import { waitFor } from '../support/wait-for';

/** The requests of Debian's Alertmanager (0.25) to receivers and ours for the same alert, byte by byte. All that is a template
 *  by default is set, since templates have tests of their own, and no detail reads as YAML, which came later. */

const labels = { group: 'a/b', severity: 'page <1>' };
const annotations = { summary: 'Ümläute & "quotes"\u2028' };
const templates = fakeTemplates({ '.GroupLabels.group': labels.group });
const odd = 'A <b> & "c" \\ 😀 {{ .GroupLabels.group }}';

interface Case {
  readonly kind: Kind;
  readonly entry: (address: string) => object;
  /** Requests that tell of a firing alert; default 1. */
  readonly requests?: number;
}

const cases: readonly Case[] = [
  {
    kind: 'slack',
    entry: (address) => ({
      send_resolved: true,
      api_url: `${address}/slack`,
      channel: '#ops',
      username: odd,
      color: 'good',
      title: 'x'.repeat(1_100),
      title_link: '',
      pretext: odd,
      text: odd,
      footer: '',
      fallback: 'f',
      callback_id: '',
      icon_emoji: ':x:',
      icon_url: '',
      short_fields: true,
      link_names: true,
      fields: [
        { title: odd, value: odd },
        { title: 'b', value: 'c', short: false },
      ],
      actions: [
        { type: 'button', text: odd, url: 'http://x.test', style: 'danger' },
        { type: 'button', text: 'x', name: 'n', value: 'v', confirm: { text: odd, ok_text: 'yes', title: 't' } },
      ],
    }),
  },
  {
    kind: 'pagerduty',
    entry: (address) => ({
      url: `${address}/pagerduty`,
      routing_key: 'key',
      client: 'c',
      client_url: '',
      description: '😀'.repeat(2_000),
      severity: '',
      class: odd,
      details: { firing: odd, resolved: 'r', num_firing: 'one', num_resolved: 'none', Zone: 'z', '10': 'x', '9': 'w' },
      images: [{ src: 'http://x.test/y.png', alt: odd }],
      links: [{ href: 'http://x.test', text: odd }, { text: 'dropped' }],
    }),
  },
  {
    kind: 'opsgenie',
    entry: (address) => ({
      api_url: `${address}/opsgenie`,
      api_key: 'key',
      message: '😀'.repeat(200),
      description: odd,
      source: 's',
      details: { zone: odd, severity: 'own' },
      responders: [
        { name: 'a, b,,c', type: 'teams' },
        { id: '{{ .GroupLabels.group }}', type: 'User' },
      ],
      tags: ' a, b,,c ',
      note: odd,
      priority: 'P1',
      entity: 'e',
      actions: 'x',
      update_alerts: true,
    }),
    requests: 3,
  },
  {
    kind: 'victorops',
    entry: (address) => ({
      api_url: `${address}/victorops`,
      api_key: 'key',
      routing_key: "r/o u(t)e?'{{ .GroupLabels.group }}",
      message_type: 'INFO',
      state_message: odd,
      entity_display_name: 'e',
      monitoring_tool: 'm',
      custom_fields: { zone: odd, Area: 'x' },
    }),
  },
  {
    kind: 'telegram',
    entry: (address) => ({
      api_url: `${address}/telegram`,
      bot_token: '1:x',
      chat_id: -100_123,
      parse_mode: 'HTML',
      disable_notifications: true,
      message: odd,
    }),
  },
  {
    kind: 'webex',
    entry: (address) => ({
      api_url: `${address}/webex`,
      // 0.25 renders no room, and falls over when it cuts a text of long characters.
      room_id: 'r',
      message: `${odd}${'x'.repeat(8_000)}`,
      http_config: { authorization: { credentials: 't' } },
    }),
  },
  {
    kind: 'wechat',
    entry: (address) => ({
      send_resolved: true,
      api_url: `${address}/wechat/`,
      api_secret: 'a b&c',
      corp_id: '{{ .GroupLabels.group }}',
      message: odd,
      message_type: 'markdown',
      to_user: '@all',
      to_party: '',
      to_tag: odd,
      agent_id: '7',
    }),
    requests: 2,
  },
];

/** What some insist on. */
const answers: readonly (readonly [path: string, answer: object])[] = [
  ['/telegram/', { ok: true, result: { message_id: 1, chat: { id: 1 } } }],
  ['/wechat/gettoken', { access_token: 'tok', errcode: 0 }],
  ['/wechat/', { errcode: 0, errmsg: 'ok' }],
];

const started = new Started();
afterAll(() => started.stopAll());

let sink: HttpPeer;
let ours: HttpPeer;

beforeAll(async () => {
  const answer: Answer = ({ target }, response) => {
    const [, own] = answers.find(([path]) => target.startsWith(path)) ?? [];
    response.end(own === undefined ? 'ok' : JSON.stringify(own));
  };
  sink = await started.add(HttpPeer.start(answer));
  ours = await started.add(HttpPeer.start(answer));
  const entries = cases.map(({ kind, entry }) => [`${kind}_configs`, [entry(sink.origin())]]);
  const peer = await started.add(
    Alertmanager.start(
      JSON.stringify({
        route: { receiver: 'team', group_by: ['group'], group_wait: '10ms', group_interval: '1s' },
        receivers: [{ name: 'team', ...Object.fromEntries(entries) }],
      }),
    ),
  );
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  await postAlerts(peer.url, [{ labels, annotations, startsAt, endsAt: new Date(Date.now() + 600_000).toISOString() }]);
  const firing = cases.reduce((sum, { requests = 1 }) => sum + requests, 0);
  await waitFor('all to be told of the alert', () => sink.requests.length >= firing);
  await postAlerts(peer.url, [{ labels, annotations, startsAt, endsAt: new Date(Date.now() - 1_000).toISOString() }]);
  await waitFor('all to be told of its end', () => sink.requests.length >= firing + cases.length);
});

function requestsTo(peer: HttpPeer, kind: Kind): object[] {
  const own = peer.requests.filter(({ target }) => target.startsWith(`/${kind}`));
  return own.map(({ method, target, headers, body }) => {
    return { method, target, type: headers['content-type'], authorization: headers.authorization, body };
  });
}

function notification(endsAtMs: number): Notification {
  const times = { startsAtMs: 1_000, startsAtOffsetMin: 0, endsAtMs, endsAtOffsetMin: 0 };
  const alert = { fingerprint: fingerprint(labels), labels, annotations, generatorURL: '', version: 1, ...times };
  return {
    reason: 'first notification',
    sequence: 1,
    groupKey: `{}:{group="${labels.group}"}`,
    groupLabels: { group: labels.group },
    routeLabels: {},
    receiverData: {},
    before: null,
    alerts: [alert],
  };
}

describe('requests are the same', () => {
  it.each(cases)('to $kind', async ({ kind, entry, requests = 1 }) => {
    const integration = builtIntegration(kind, entry(ours.origin()), { templates });
    for (const endsAtMs of [0, 2_000]) {
      const outcome = await integration.notify(notification(endsAtMs), new AbortController().signal);
      expect(outcome).toEqual({ kind: 'delivered' });
    }
    await integration.close();
    expect(requestsTo(ours, kind)).toEqual(requestsTo(sink, kind));
    expect(requestsTo(ours, kind)).toHaveLength(requests + 1);
  });
});
