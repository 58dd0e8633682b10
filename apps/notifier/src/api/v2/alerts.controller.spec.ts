import { type Alert } from '@tocsin/common/alert/alert';
import { labelsOf, type Labels } from '@tocsin/common/labels/label-set';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiFixture } from '../testing/api-fixture';

const minuteMs = 60_000;

let api: ApiFixture;
beforeEach(async () => {
  api = await ApiFixture.start();
});
afterEach(() => api.stop());

const json = 'application/json';

const INHIBITOR = { kind: 'inhibition', fingerprint: 'abcd', rule: 0, ruleName: '#1' } as const;

describe('POST /alerts', () => {
  it('stores and answers with nothing', async () => {
    expect(await api.post([{ labels: { alertname: 'A' } }])).toEqual({ status: 200, type: null, text: '' });
    expect([...api.book.stored.values()]).toMatchObject([{ labels: { alertname: 'A' }, timeout: true }]);
    expect(api.counted).toEqual([
      ['v2', { firing: 1, resolved: 0 }],
      ['v2', 0],
    ]);
  });

  it('answers only once the alerts are durable', async () => {
    let release = (): void => {};
    api.book.beforeCommit = () => new Promise((resolve) => (release = resolve));
    let answered = false;
    const answer = api.post([{ labels: { alertname: 'A' } }]).finally(() => (answered = true));
    await expect.poll(() => release.length).toBe(1);
    expect(answered).toBe(false);
    release();
    expect((await answer).status).toBe(200);
  });

  it('stores the valid alerts and tells what is wrong with the others', async () => {
    const answer = await api.post([{ labels: {} }, { labels: { alertname: 'A' } }, { labels: { '': 'x' } }]);
    expect(answer).toEqual({
      status: 400,
      type: json,
      text: '"at least one label pair required\\ninvalid label set: invalid name \\"\\""\n',
    });
    expect(api.book.stored.size).toBe(1);
    expect(api.counted).toEqual([
      ['v2', { firing: 3, resolved: 0 }],
      ['v2', 2],
    ]);
  });

  it.each([
    [
      'malformed JSON',
      '[{"labels":{"a":"b"}} x]',
      400,
      '{"code":400,"message":"parsing alerts body from \\"\\" failed, because invalid character \'x\' after array element"}',
    ],
    [
      'a wrong type',
      '[{"labels":{"a":1}}]',
      400,
      '{"code":400,"message":"parsing alerts body from \\"\\" failed, because json: cannot unmarshal number into Go struct field Alert.labels of type string"}',
    ],
    ['no labels', '[{"labels":{"a":"b"}},{}]', 422, '{"code":602,"message":"1.labels in body is required"}'],
    ['no body', '', 422, '{"code":602,"message":"alerts in body is required"}'],
    [
      'a generator URL that is none',
      '[{"labels":{"a":"b"},"generatorURL":"x y"}]',
      422,
      '{"code":601,"message":"0.generatorURL in body must be of type uri: \\"x y\\""}',
    ],
  ])('refuses %s, and nothing is stored', async (_, body, status, text) => {
    expect(await api.post(body)).toEqual({ status, type: json, text });
    expect(api.book.stored.size).toBe(0);
  });

  it('tells that storing failed', async () => {
    api.book.beforeCommit = () => Promise.reject(new Error('redis://secret@host'));
    expect(await api.post([{ labels: { a: 'b' } }])).toMatchObject({
      status: 500,
      text: '"internal error; the log says more"\n',
    });
  });

  it('takes labels named as parts of JavaScript', async () => {
    await api.post('[{"labels":{"__proto__":"p","constructor":"c","alertname":"A"},"annotations":{"__proto__":"x"}}]');
    const { text } = await api.get('/api/v2/alerts?filter=__proto__=p');
    expect(text).toContain('"labels":{"__proto__":"p","alertname":"A","constructor":"c"}');
    expect(text).toContain('"annotations":{"__proto__":"x"}');
    expect(({} as Labels)['p']).toBeUndefined();
  });
});

describe('large bodies', () => {
  const alert = (n: number) => ({
    labels: { alertname: 'Big', n: String(n) },
    annotations: { text: 'x'.repeat(50_000) },
  });
  const fiftyMegabytes = JSON.stringify(Array.from({ length: 1_000 }, (_, n) => alert(n)));

  it('of 50 MB are stored', async () => {
    expect(fiftyMegabytes.length).toBeGreaterThan(50_000_000);
    expect(await api.post(fiftyMegabytes)).toMatchObject({ status: 200 });
    expect(api.book.stored.size).toBe(1_000);
  });

  it('that are malformed are refused', async () => {
    expect(await api.post(`${fiftyMegabytes.slice(0, -1)}}`)).toMatchObject({
      status: 400,
      text: '{"code":400,"message":"parsing alerts body from \\"\\" failed, because invalid character \'}\' after array element"}',
    });
    expect(api.book.stored.size).toBe(0);
  });

  it('beyond the limit are refused', async () => {
    await api.stop();
    api = await ApiFixture.start(1_000);
    expect(await api.post([alert(1)])).toMatchObject({
      status: 413,
      text: '"request body is larger than 1000 bytes"\n',
    });
  });
});

describe('GET /alerts', () => {
  it('shows every field as Alertmanager does', async () => {
    await api.post([
      {
        labels: { z: 'é', severity: 'critical', alertname: 'A<&>\u2028' },
        annotations: { b: '2', a: '' },
        startsAt: '2026-01-01T01:59:58.123456+02:00',
        generatorURL: 'http://x/?a=1&b=2',
      },
    ]);
    expect(await api.get('/api/v2/alerts')).toEqual({
      status: 200,
      type: json,
      text:
        '[{"annotations":{"a":"","b":"2"},"endsAt":"2026-01-01T00:05:00.000Z","fingerprint":"2b9e5a4c6f1d8b07",'.replace(
          /"[0-9a-f]{16}"/,
          `"${[...api.book.stored.keys()][0]}"`,
        ) +
        '"receivers":[{"name":"team"},{"name":"crit\\u003c1\\u003e"}],"startsAt":"2026-01-01T01:59:58.123+02:00",' +
        '"status":{"inhibitedBy":[],"mutedBy":[],"silencedBy":[],"state":"active"},"updatedAt":"2026-01-01T00:00:00.000Z",' +
        '"generatorURL":"http://x/?a=1\\u0026b=2","labels":{"alertname":"A\\u003c\\u0026\\u003e\\u2028","severity":"critical","z":"é"}}]\n',
    });
  });

  it('is sorted by fingerprint, and empty without alerts', async () => {
    expect((await api.get('/api/v2/alerts')).text).toBe('[]\n');
    await api.post(Array.from({ length: 50 }, (_, n) => ({ labels: { n: String(n) } })));
    const alerts = JSON.parse((await api.get('/api/v2/alerts')).text) as Alert[];
    const fingerprints = alerts.map(({ fingerprint }) => fingerprint);
    expect(fingerprints).toEqual([...api.book.stored.keys()].sort());
  });

  it('leaves out what has ended', async () => {
    await api.post([{ labels: { alertname: 'A' } }, { labels: { alertname: 'B' }, endsAt: '2026-01-01T00:00:01Z' }]);
    expect(await api.names('/api/v2/alerts')).toEqual(['A', 'B']);
    api.clock.set(Date.UTC(2026, 0, 1, 0, 0, 1));
    expect(await api.names('/api/v2/alerts')).toEqual(['A', 'B']);
    api.clock.set(Date.UTC(2026, 0, 1, 0, 0, 1) + 1);
    expect(await api.names('/api/v2/alerts')).toEqual(['A']);
    expect(await api.names('/api/v2/alerts/groups')).toEqual(['A']);
  });

  it.each([
    ['', ['A', 'B', 'C']],
    ['filter=alertname=A', ['A']],
    ['filter=alertname=~"A|B"&filter=team="x"', ['A']],
    ['filter=team=""', ['B', 'C']],
    ['filter=team!=""', ['A']],
    ['filter=team!~""', ['A']],
    ['filter=team!=x', ['B', 'C']],
    ['receiver=def.*', ['B', 'C']],
    ['receiver=def', []],
    ['receiver=team&receiver=default', ['B', 'C']],
    ['receiver=', ['A', 'B', 'C']],
    ['receiver_matchers=owner="a%26b"', ['A']],
    ['receiver_matchers=name=~"crit.*"', ['A']],
    ['receiver_matchers=owner!=""&receiver_matchers=name="default"', []],
    ['active=false', []],
    ['active=bogus', []],
    ['active=', ['A', 'B', 'C']],
    ['active=false&active=YES', ['A', 'B', 'C']],
    ['silenced=false&inhibited=false&unprocessed=false&muted=false', ['A', 'B', 'C']],
  ])('?%s', async (query, expected) => {
    await api.post([
      { labels: { alertname: 'A', severity: 'critical', team: 'x' } },
      { labels: { alertname: 'B' } },
      { labels: { alertname: 'C' } },
    ]);
    expect(await api.names(`/api/v2/alerts?${query}`)).toEqual(expected);
    expect([...new Set(await groupedNames(query))]).toEqual(expected);
  });

  async function groupedNames(query: string): Promise<string[]> {
    const { text } = await api.get(`/api/v2/alerts/groups?${query}`);
    const groups = JSON.parse(text) as { alerts: { labels: Labels }[] }[];
    return groups.flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname'] ?? '')).sort();
  }

  it.each([
    ['filter=bad', '"bad matcher format: bad"\n'],
    ['filter={', '"unexpected open or close brace: {"\n'],
    ['receiver=[x', '"failed to parse receiver param: error parsing regexp: missing closing ]: `[x)$`"\n'],
    ['receiver_matchers=bad', '"failed to parse receiver_matchers param: bad matcher format: bad"\n'],
  ])('refuses ?%s', async (query, text) => {
    for (const path of ['/api/v2/alerts', '/api/v2/alerts/groups']) {
      expect(await api.get(`${path}?${query}`)).toEqual({ status: 400, type: json, text });
    }
  });

  describe('of alerts that are muted', () => {
    beforeEach(async () => {
      await api.post(['Active', 'Silenced', 'Inhibited', 'Both'].map((alertname) => ({ labels: { alertname } })));
      const isOne = (names: string[], { labels }: { labels: Labels }) => names.includes(labels['alertname'] ?? '');
      api.muting = {
        silencedBy: (alert) => (isOne(['Silenced', 'Both'], alert) ? ['5f3c'] : []),
        inhibitedBy: (alert) => (isOne(['Inhibited', 'Both'], alert) ? INHIBITOR : null),
      };
    });

    it('says by what', async () => {
      const { text } = await api.get('/api/v2/alerts');
      const statuses = (JSON.parse(text) as { labels: Labels; status: unknown }[]).map(({ labels, status }) => [
        labels['alertname'],
        status,
      ]);
      expect(Object.fromEntries(statuses)).toEqual({
        Active: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
        Silenced: { state: 'suppressed', silencedBy: ['5f3c'], inhibitedBy: [], mutedBy: [] },
        Inhibited: { state: 'suppressed', silencedBy: [], inhibitedBy: ['abcd'], mutedBy: [] },
        Both: { state: 'suppressed', silencedBy: ['5f3c'], inhibitedBy: ['abcd'], mutedBy: [] },
      });
    });

    it.each([
      ['active=false', ['Both', 'Inhibited', 'Silenced']],
      ['silenced=false', ['Active', 'Inhibited']],
      ['inhibited=false', ['Active', 'Silenced']],
      ['silenced=false&inhibited=false', ['Active']],
      ['active=false&inhibited=false', ['Silenced']],
      ['active=false&silenced=false&inhibited=false', []],
    ])('answers %s', async (query, names) => {
      expect(await api.names(`/api/v2/alerts?${query}`)).toEqual(names);
      const { text } = await api.get(`/api/v2/alerts/groups?${query}`);
      const groups = JSON.parse(text) as { alerts: { labels: Labels }[] }[];
      const shown = groups.flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname'] ?? ''));
      expect([...new Set(shown)].sort()).toEqual(names);
    });

    it('shows which time intervals mute a group, and leaves it out if asked to', async () => {
      api.muting = { timeMute: () => ({ kind: 'mute_time_interval', names: ['nights'] }) };
      const { text } = await api.get('/api/v2/alerts/groups');
      const [group] = JSON.parse(text) as { alerts: { status: unknown }[] }[];
      expect(group?.alerts[0]?.status).toEqual({
        state: 'suppressed',
        silencedBy: [],
        inhibitedBy: [],
        mutedBy: ['nights'],
      });
      expect((await api.get('/api/v2/alerts/groups?muted=false')).text).toBe('[]\n');
    });
  });

  it('says in the log when only the classic grammar reads a filter', async () => {
    expect((await api.get('/api/v2/alerts?filter=a=b"')).status).toBe(400);
    expect((await api.get('/api/v2/alerts?filter=a=b\\c')).status).toBe(200);
    expect(api.warnings).toMatchObject([
      [expect.any(String), { origin: 'api', input: 'a=b\\c', suggestion: 'a="b\\\\c"' }],
    ]);
  });

  it('answers with many alerts, also to who goes away in the middle', async () => {
    for (let n = 0; n < 20_000; n++) {
      api.book.put({ ...anAlert(n), fingerprint: n.toString(16).padStart(16, '0') });
    }
    const { text } = await api.get('/api/v2/alerts');
    expect(JSON.parse(text)).toHaveLength(20_000);
    await expect(abandoned('/api/v2/alerts')).rejects.toThrow();
    expect(await api.get('/api/v2/silences')).toMatchObject({ status: 200 });
  });
});

async function abandoned(path: string): Promise<void> {
  const controller = new AbortController();
  const response = await fetch(api.url + path, { signal: controller.signal });
  controller.abort();
  await response.text();
}

function anAlert(n: number): Alert {
  return {
    fingerprint: '',
    labels: labelsOf([
      ['alertname', 'Many'],
      ['instance', `host-${n}.example.org`],
      ['job', 'node'],
      ['severity', 'warning'],
    ]),
    annotations: { summary: `Something is wrong on host ${n}`, runbook: 'https://example.org/runbooks/something' },
    startsAtMs: api.clock.nowMs() - n,
    endsAtMs: api.clock.nowMs() + minuteMs,
    updatedAtMs: api.clock.nowMs(),
    generatorURL: 'http://prometheus.example.org:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
  };
}
