import { HttpServer } from '@tocsin/common/http/http-server.service';
import { labelsOf } from '@tocsin/common/labels/label-set';
import { nullLog } from '@tocsin/common/log/log';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvaluatorModule } from '../app.module';
import { parseRuleFile } from '../rules/rule-file.loader';
import { type RuleGroup } from '../rules/rule-group';
import { type RuleState, type TrackedAlert } from '../state/alert-state';
import { type GroupState, GroupStatesService } from '../state/group-states.service';
import { type RuleStateStore } from '../state/rule-state.store';

const build = {
  version: '1.2.3',
  revision: 'abc',
  branch: 'main',
  buildUser: 'me',
  buildDate: '20260101',
  runtime: 'node20',
  platform: 'linux',
  arch: 'x64',
};

const options = { defaults: { intervalMs: 15_000, queryOffsetMs: 0 }, nameMode: 'utf8' } as const;

function groupsOf(file: string, text: string): readonly RuleGroup[] {
  const parsed = parseRuleFile(file, text, options);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.groups;
}

const groups = [
  ...groupsOf('b.yml', 'groups: [{name: z, rules: [{alert: Z, expr: up}]}, {name: empty}]'),
  ...groupsOf(
    'b.yml',
    `
groups:
- name: disks
  limit: 3
  rules:
  - alert: DiskFull
    expr: disk_free == 0
    for: 1m30s
    keep_firing_for: 5m
    labels: {severity: page}
    annotations: {summary: '{{ $labels.disk }} is full'}
  - {alert: DiskSlow, expr: disk_slow}
`,
  ),
  ...groupsOf('a.yml', 'groups: [{name: z, rules: [{alert: Z, expr: up}]}]'),
];

/** Holds nothing: what the API shows then is in memory. */
const emptyStore: RuleStateStore = {
  load: async () => ({ kind: 'missing' }),
  save: async () => 'saved',
  remove: async () => {},
};

const evaluatedAtMs = Date.UTC(2026, 0, 1, 12, 0, 0, 250);

let states: GroupStatesService;
let server: HttpServer;
let url: string;

beforeEach(async () => {
  states = new GroupStatesService(emptyStore);
  server = await HttpServer.create({
    module: EvaluatorModule.of({
      base: {
        home: { name: 'Tocsin evaluator', version: '1', links: [] },
        readiness: { notReadyBecause: () => null },
        reloader: { reload: async () => ({ ok: true }) },
        registry: new MetricsRegistry(),
      },
      api: { build, groups: () => groups, states },
    }),
    log: nullLog,
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  await server.close();
});

interface Answer {
  status: number;
  body: { data: { groups: Record<string, unknown>[]; groupNextToken?: string; alerts: unknown[] }; error?: string };
}

async function get(path: string): Promise<Answer> {
  const response = await fetch(url + path);
  expect(response.headers.get('content-type')).toBe('application/json');
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

function tracked(disk: string, value: number, state: TrackedAlert['state']): [string, TrackedAlert] {
  const labels = labelsOf([
    ['alertname', 'DiskFull'],
    ['disk', disk],
    ['severity', 'page'],
  ]);
  return [disk, { labels, annotations: { summary: `${disk} is full` }, annotationSource: null, value, state }];
}

const atMs = (seconds: number): number => evaluatedAtMs - 250 - seconds * 1_000;

const alerts: RuleState = new Map([
  tracked('sda', 15, { phase: 'pending', activeAtMs: atMs(60) }),
  tracked('sdb', 0.5, {
    phase: 'firing',
    activeAtMs: atMs(240),
    firedAtMs: atMs(120),
    lastSentMs: atMs(0),
    keepFiringSinceMs: null,
  }),
  tracked('sdc', Number.NaN, {
    phase: 'firing',
    activeAtMs: atMs(240),
    firedAtMs: atMs(120),
    lastSentMs: null,
    keepFiringSinceMs: atMs(30),
  }),
  tracked('sdd', 1, {
    phase: 'resolved',
    activeAtMs: atMs(240),
    firedAtMs: atMs(120),
    resolvedAtMs: atMs(60),
    lastSentMs: null,
  }),
]);

async function evaluate(state: RuleState, lastError = ''): Promise<void> {
  const disks = groups.find(({ name }) => name === 'disks');
  const [full, slow] = disks?.rules ?? [];
  if (!disks || !full || !slow) throw new Error('no such rules');
  const ok = { health: 'ok', lastError: '', durationMs: 3, evaluatedAtMs } as const;
  const health = { ...ok, ...(lastError && { health: 'err' as const, lastError }) };
  const next: GroupState = {
    slotMs: evaluatedAtMs - 250,
    summary: {
      intervalMs: 15_000,
      evaluatedAtMs,
      durationMs: 12,
      rules: { [full.id]: health, [slow.id]: ok },
      orphans: {},
    },
    rules: new Map([[full.id, state]]),
  };
  await states.save(disks, next, new Set([full.id]), []);
}

const alertViews = [
  {
    labels: { alertname: 'DiskFull', disk: 'sda', severity: 'page' },
    annotations: { summary: 'sda is full' },
    state: 'pending',
    activeAt: '2026-01-01T11:59:00Z',
    value: '1.5e+01',
  },
  {
    labels: { alertname: 'DiskFull', disk: 'sdb', severity: 'page' },
    annotations: { summary: 'sdb is full' },
    state: 'firing',
    activeAt: '2026-01-01T11:56:00Z',
    value: '5e-01',
  },
  {
    labels: { alertname: 'DiskFull', disk: 'sdc', severity: 'page' },
    annotations: { summary: 'sdc is full' },
    state: 'firing',
    activeAt: '2026-01-01T11:56:00Z',
    keepFiringSince: '2026-01-01T11:59:30Z',
    value: 'NaN',
  },
];

describe('GET /api/v1/rules', () => {
  it('lists groups by file and name, without those that have no rules', async () => {
    const { status, body } = await get('/api/v1/rules');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'success' });
    expect(body.data.groups.map(({ file, name }) => [file, name])).toEqual([
      ['a.yml', 'z'],
      ['b.yml', 'disks'],
      ['b.yml', 'z'],
    ]);
    expect(body.data).not.toHaveProperty('groupNextToken');
  });

  it('shows a group that was not evaluated yet as unknown', async () => {
    const { body } = await get('/api/v1/rules?rule_group[]=disks');
    expect(body.data.groups[0]).toMatchObject({
      interval: 15,
      limit: 3,
      evaluationTime: 0,
      lastEvaluation: '0001-01-01T00:00:00Z',
      rules: [{ state: 'unknown', health: 'unknown', alerts: [], lastEvaluation: '0001-01-01T00:00:00Z' }, {}],
    });
  });

  it('shows a group as of its last evaluation, fields in the order of Prometheus', async () => {
    await evaluate(alerts);
    const response = await fetch(`${url}/api/v1/rules?rule_name[]=DiskFull`);
    const rule = {
      state: 'firing',
      name: 'DiskFull',
      query: 'disk_free == 0',
      duration: 90,
      keepFiringFor: 300,
      labels: { severity: 'page' },
      annotations: { summary: '{{ $labels.disk }} is full' },
      alerts: alertViews,
      health: 'ok',
      evaluationTime: 0.003,
      lastEvaluation: '2026-01-01T12:00:00.25Z',
      type: 'alerting',
    };
    const group = {
      name: 'disks',
      file: 'b.yml',
      rules: [rule],
      interval: 15,
      limit: 3,
      evaluationTime: 0.012,
      lastEvaluation: '2026-01-01T12:00:00.25Z',
    };
    expect(await response.text()).toBe(JSON.stringify({ status: 'success', data: { groups: [group] } }));
  });

  it.each<[string, RuleState, string]>([
    ['inactive', new Map(), 'inactive'],
    ['inactive, its alerts being over', new Map([...alerts].slice(3)), 'inactive'],
    ['pending', new Map([...alerts].slice(0, 1)), 'pending'],
  ])('shows a rule as %s', async (_, state, shown) => {
    await evaluate(state);
    const { body } = await get('/api/v1/rules?rule_name[]=DiskFull');
    expect(body.data.groups[0]).toMatchObject({ rules: [{ state: shown, health: 'ok' }] });
  });

  it('says why a rule failed', async () => {
    await evaluate(alerts, 'bad_data: no');
    const { body } = await get('/api/v1/rules?rule_name[]=DiskFull');
    expect(body.data.groups[0]).toMatchObject({
      rules: [{ health: 'err', lastError: 'bad_data: no', state: 'firing' }],
    });
  });

  it('has null for alerts that nobody wants', async () => {
    await evaluate(alerts);
    const { body } = await get('/api/v1/rules?exclude_alerts=true&rule_name[]=DiskFull');
    expect(body.data.groups[0]).toMatchObject({ rules: [{ alerts: null }] });
  });

  it.each([
    ['file[]=a.yml', ['a.yml z']],
    ['file[]=a.yml&file[]=b.yml', ['a.yml z', 'b.yml disks', 'b.yml z']],
    ['rule_group[]=z', ['a.yml z', 'b.yml z']],
    ['rule_group[]=z&file[]=b.yml', ['b.yml z']],
    ['rule_name[]=DiskSlow', ['b.yml disks']],
    ['rule_name[]=Nothing', []],
    ['type=alert', ['a.yml z', 'b.yml disks', 'b.yml z']],
    ['type=ALERT', ['a.yml z', 'b.yml disks', 'b.yml z']],
    ['type=record', []],
  ])('filters by %s', async (query, found) => {
    const { body } = await get(`/api/v1/rules?${query}`);
    expect(body.data.groups.map(({ file, name }) => `${String(file)} ${String(name)}`)).toEqual(found);
  });

  it('hands out pages; a token names the group the next one begins with', async () => {
    const first = await get('/api/v1/rules?group_limit=2');
    expect(first.body.data.groups.map(({ file }) => file)).toEqual(['a.yml', 'b.yml']);
    expect(first.body.data.groupNextToken).toBe(createHash('sha256').update('b.yml;z').digest('hex'));
    const second = await get(`/api/v1/rules?group_limit=2&group_next_token=${first.body.data.groupNextToken}`);
    expect(second.body.data.groups.map(({ file, name }) => [file, name])).toEqual([['b.yml', 'z']]);
    expect(second.body.data).not.toHaveProperty('groupNextToken');
  });

  it.each([
    ['type=both', 'invalid parameter "type": not supported value "both"'],
    ['group_limit=0', 'invalid parameter "group_limit": '],
    ['group_limit=x', 'invalid parameter "group_limit": '],
    ['group_next_token=x', 'group_limit needs to be present in order to paginate over the groups'],
    ['group_limit=1&group_next_token=x', "invalid group_next_token 'x'. were rule groups changed?"],
    ['exclude_alerts=maybe', 'invalid parameter "exclude_alerts": error converting exclude_alerts: '],
  ])('refuses %s', async (query, error) => {
    const { status, body } = await get(`/api/v1/rules?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'error', errorType: 'bad_data', error: expect.stringContaining(error) });
  });
});

it('GET /api/v1/alerts lists live alerts of all rules', async () => {
  await evaluate(alerts);
  const { status, body } = await get('/api/v1/alerts');
  expect(status).toBe(200);
  expect(body.data.alerts).toEqual(alertViews);
});

it('GET /api/v1/status/buildinfo says what this is', async () => {
  const { body } = await get('/api/v1/status/buildinfo');
  expect(body.data).toEqual({
    version: '1.2.3',
    revision: 'abc',
    branch: 'main',
    buildUser: 'me',
    buildDate: '20260101',
    goVersion: 'node20',
  });
});
