import { type Labels } from '@tocsin/common/labels/label-set';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiFixture } from '../testing/api-fixture';

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.start();
});
afterEach(() => api.stop());

const json = 'application/json';

describe('GET /alerts/groups', () => {
  it('is sorted by labels and receiver; alerts are in flush order; receivers sorted', async () => {
    await api.post([
      { labels: { alertname: 'B', instance: '2' } },
      { labels: { alertname: 'B', instance: '1' } },
      { labels: { alertname: 'B', job: 'x', instance: '9' } },
      { labels: { alertname: 'A', severity: 'critical' } },
    ]);
    const { status, type, text } = await api.get('/api/v2/alerts/groups');
    expect([status, type, text.endsWith(']\n')]).toEqual([200, json, true]);
    const groups = JSON.parse(text) as {
      labels: Labels;
      receiver: unknown;
      routeLabels: Labels;
      alerts: Record<string, unknown>[];
    }[];
    expect(groups.map(({ alerts, ...rest }) => [rest, alerts.map(({ labels }) => labels)])).toEqual([
      [
        { labels: {}, receiver: { name: 'crit<1>' }, routeLabels: { who: '{{ .Receiver }}' } },
        [{ alertname: 'A', severity: 'critical' }],
      ],
      [
        { labels: { alertname: 'A' }, receiver: { name: 'team' }, routeLabels: { 'tier<': '1' } },
        [{ alertname: 'A', severity: 'critical' }],
      ],
      [
        { labels: { alertname: 'B' }, receiver: { name: 'default' }, routeLabels: {} },
        [
          { alertname: 'B', job: 'x', instance: '9' },
          { alertname: 'B', instance: '1' },
          { alertname: 'B', instance: '2' },
        ],
      ],
    ]);
    expect(groups[0]?.alerts[0]?.['receivers']).toEqual([{ name: 'crit<1>' }, { name: 'team' }]);
    expect((await api.get('/api/v2/alerts/groups?receiver=team')).text).toContain('"receivers":[{"name":"team"}]');
  });

  it('renders labels of routes on all alerts of the group, where they are templates', async () => {
    await api.post([{ labels: { alertname: 'A', severity: 'critical' } }, { labels: { alertname: 'B' } }]);
    const asked: unknown[] = [];
    api.routeLabelsOf = ({ route }, members) => {
      asked.push([route.receiver, members.map(({ labels }) => labels['alertname'])]);
      return { who: 'me' };
    };
    const { text } = await api.get('/api/v2/alerts/groups');
    expect(asked).toEqual([['crit<1>', ['A']]]);
    expect(text).toContain('"routeLabels":{"who":"me"}');
    expect(text).toContain('"routeLabels":{"tier<":"1"}');
  });

  it('escapes for HTML inside of alerts only', async () => {
    await api.post([{ labels: { alertname: '<' } }]);
    const { text } = await api.get('/api/v2/alerts/groups');
    expect(text).toContain('"labels":{"alertname":"\\u003c"}}]');
    expect(text).toContain(',"labels":{"alertname":"<"},"receiver"');
  });

  it('is empty without alerts', async () => expect((await api.get('/api/v2/alerts/groups')).text).toBe('[]\n'));
});

describe('GET /receivers', () => {
  it('lists all in the order of the file', async () => {
    expect(await api.get('/api/v2/receivers')).toEqual({
      status: 200,
      type: json,
      text:
        '[{"labels":{"name":"default"},"name":"default"},{"labels":{"name":"team","owner":"a&b"},"name":"team"},' +
        '{"labels":{"name":"crit<1>"},"name":"crit<1>"},{"labels":{"name":"unused"},"name":"unused"}]\n',
    });
  });

  it('filters by labels', async () => {
    const { text } = await api.get('/api/v2/receivers?receiver_matchers=owner=~"a.*"');
    expect(JSON.parse(text)).toMatchObject([{ name: 'team' }]);
    expect(await api.get('/api/v2/receivers?receiver_matchers={')).toMatchObject({
      status: 400,
      text: '"failed to parse receiver_matchers param: unexpected open or close brace: {"\n',
    });
  });
});

describe('GET /status', () => {
  const rest =
    '"config":{"original":"route: {}\\n"},"uptime":"2025-12-31T00:00:00.000Z","versionInfo":{"branch":"main",' +
    '"buildDate":"20260101","buildUser":"me","goVersion":"node20","revision":"abc","version":"0.34.0+tocsin.1.2.3"}}\n';

  it('alone', async () => {
    expect(await api.get('/api/v2/status')).toEqual({
      status: 200,
      type: json,
      text: `{"cluster":{"peers":[],"status":"disabled"},${rest}`,
    });
  });

  it('with others', async () => {
    api.instances = [
      { name: 'b', address: 'h2:1' },
      { name: 'a', address: 'h1:1' },
    ];
    const { text } = await api.get('/api/v2/status');
    const cluster =
      '{"name":"b","peers":[{"address":"h1:1","name":"a"},{"address":"h2:1","name":"b"}],"status":"ready"}';
    expect(text).toBe(`{"cluster":${cluster},${rest}`);
  });
});

describe('the v1 API', () => {
  it.each([
    ['GET', '/api/v1/status'],
    ['GET', '/api/v1/alerts'],
    ['POST', '/api/v1/alerts'],
    ['DELETE', '/api/v1/silence/x'],
  ])('%s %s is gone', async (method, path) => {
    const answer = await api.call(method, path, method === 'POST' ? '[]' : undefined);
    expect(answer).toMatchObject({
      status: 410,
      type: json,
      text: expect.stringMatching(/^\{"status":"deprecated","error":"The Alertmanager v1 API .*"\}\n$/),
    });
    expect(api.warnings).toHaveLength(1);
  });

  it('had nothing else', async () =>
    expect(await api.get('/api/v1/nope')).toMatchObject({ status: 404, text: '404 page not found\n' }));
});
