import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type Backend, openBackend } from '@tocsin/common/backend/backend.client';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { machineClock } from '@tocsin/common/time/clock';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EvaluatorOptions, type RunningEvaluator, startEvaluator } from './main';
import { A_BUILD } from './testing/an-evaluator';

let folder: string;
let prometheus: HttpPeer;
let backend: Backend;
let evaluator: RunningEvaluator | null;
let received: AlertsMessage[];
let isDown: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tocsin-evaluator-'));
  isDown = true;
  received = [];
  evaluator = null;
  prometheus = await HttpPeer.start((_, response) => {
    const result = isDown ? [{ metric: { __name__: 'up', instance: 'a' }, value: [0, '0'] }] : [];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  backend = await open();
});

afterEach(async () => {
  await evaluator?.stop();
  await backend.close();
  await prometheus.stop();
  await rm(folder, { recursive: true });
});

function open(): Promise<Backend> {
  const storagePath = join(folder, 'data');
  return openBackend({ redisUrl: null, redisPrefix: '', storagePath, clock: machineClock, log: nullLog });
}

async function start(more: Partial<EvaluatorOptions> = {}): Promise<RunningEvaluator> {
  evaluator = await startEvaluator({
    configFile: null,
    ruleFiles: [join(folder, '*.yml')],
    datasource: { url: prometheus.origin(), timeoutMs: 5_000, basicAuth: null, bearerToken: null },
    notifierUrls: [],
    resendDelayMs: 60_000,
    forOutageToleranceMs: 3_600_000,
    listen: [{ host: '127.0.0.1', port: 0 }],
    externalUrl: 'http://evaluator.example',
    webConfigFile: null,
    build: A_BUILD,
    hostname: 'host',
    instance: 'one',
    backend,
    log: nullLog,
    notifier: { receive: async (message) => void received.push(message) },
    ...more,
  });
  return evaluator;
}

function writeRules(...rules: readonly string[]): Promise<void> {
  const text = `groups: [{name: g, interval: 100ms, rules: [${rules.join(', ')}]}]`;
  return writeFile(join(folder, 'rules.yml'), text);
}

const down = (more = '') => `{alert: Down, expr: up == 0${more}}`;
const toldOf = (name: string) =>
  received.flatMap(({ slotMs, alerts }) =>
    alerts
      .filter(({ labels }) => labels['alertname'] === name)
      .map(({ endsAtMs }) => (endsAtMs > slotMs ? 'firing' : 'resolved')),
  );

it('tells its notifier what begins and what ends', async () => {
  await writeRules(down(', labels: {severity: page}, annotations: {text: "{{ $labels.instance }}"}'));
  await start();
  await expect.poll(() => toldOf('Down'), { timeout: 5_000 }).toEqual(['firing']);
  expect(received[0]?.alerts).toMatchObject([
    {
      labels: { alertname: 'Down', instance: 'a', severity: 'page' },
      annotations: { text: 'a' },
      generatorURL: 'http://evaluator.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    },
  ]);
  isDown = false;
  await expect.poll(() => toldOf('Down'), { timeout: 5_000 }).toEqual(['firing', 'resolved']);
});

it('after a restart goes on with `for`, tells nothing again, and ends what ended meanwhile', async () => {
  await writeRules(down(', for: 1s'), '{alert: Now, expr: up == 0}');
  const first = await start();
  await expect.poll(() => toldOf('Now'), { timeout: 5_000 }).toEqual(['firing']);
  const activeAt = await activeTimes(first.url);
  expect(activeAt).toHaveLength(1);
  await first.stop();
  await backend.close();
  backend = await open();
  const idle = await start({ datasource: null });
  expect(await activeTimes(idle.url)).toEqual(activeAt);
  await idle.stop();
  const second = await start();
  await expect.poll(() => toldOf('Down'), { timeout: 5_000 }).toEqual(['firing']);
  expect(toldOf('Now')).toEqual(['firing']);
  await second.stop();
  isDown = false;
  await start();
  await expect
    .poll(() => [toldOf('Down'), toldOf('Now')], { timeout: 5_000 })
    .toEqual([
      ['firing', 'resolved'],
      ['firing', 'resolved'],
    ]);
});

async function activeTimes(url: string): Promise<number[]> {
  const answer = await fetch(`${url}/api/v1/alerts`);
  const { data } = (await answer.json()) as {
    data: { alerts: { labels: { alertname: string }; activeAt: string }[] };
  };
  return data.alerts.filter(({ labels }) => labels.alertname === 'Down').map(({ activeAt }) => Date.parse(activeAt));
}

it('posts alerts to receivers instead, when it is told some', async () => {
  const alertmanager = await HttpPeer.start();
  try {
    await writeRules(down());
    await writeFile(join(folder, 'config.yaml'), 'global: {external_labels: {dc: "${NO_SUCH_VARIABLE}eu"}}');
    await start({ configFile: join(folder, 'config.yaml'), notifierUrls: [`${alertmanager.origin()}/am/`] });
    await expect.poll(() => alertmanager.requests.length, { timeout: 5_000 }).toBe(1);
    expect(alertmanager.only.target).toBe('/am/api/v2/alerts');
    expect(JSON.parse(alertmanager.only.body)).toMatchObject([{ labels: { alertname: 'Down', dc: 'eu' } }]);
    expect(received).toEqual([]);
  } finally {
    await alertmanager.stop();
  }
});

it('tries again what the notifier of its process did not take', async () => {
  const slots: number[] = [];
  await writeRules(down());
  await start({
    notifier: {
      receive: async (message) => {
        slots.push(message.slotMs);
        if (slots.length < 3) throw new Error('disk full');
        received.push(message);
      },
    },
  });
  await expect.poll(() => toldOf('Down'), { timeout: 5_000 }).toEqual(['firing']);
  expect(slots).toEqual(Array(3).fill(slots[0]));
});

it('stops at once while the notifier of its process takes nothing, and tells it after the restart', async () => {
  let attempts = 0;
  const refusing = { receive: () => Promise.reject(new Error(`disk full ${++attempts}`)) };
  await writeRules(down());
  const first = await start({ notifier: refusing });
  await expect.poll(() => attempts, { timeout: 5_000 }).toBeGreaterThan(2);
  const stoppedAtMs = performance.now();
  await first.stop();
  expect(performance.now() - stoppedAtMs).toBeLessThan(5_000);
  expect(received).toEqual([]);
  await start();
  await expect.poll(() => toldOf('Down'), { timeout: 20_000 }).toEqual(['firing']);
}, 30_000);

it('says at each load which sections of its configuration have no effect', async () => {
  const lines: unknown[] = [];
  const log: Log = { ...nullLog, warn: (message, fields) => void lines.push([message, fields]) };
  const configFile = join(folder, 'config.yaml');
  await writeFile(configFile, 'remote_write: [{url: "http://x/"}]\nremote_read: [{url: "http://x/"}]');
  const { reload } = await start({ configFile, log });
  const line = [
    'Configuration has no effect in this version',
    { file: configFile, sections: 'remote_write, remote_read' },
  ];
  expect(lines).toEqual([line]);
  expect(await reload()).toEqual({ ok: true });
  expect(lines).toEqual([line, line]);
});

it('refuses to start on mistakes, and tells all of them', async () => {
  await writeRules('{alert: A}', '{expr: up}');
  const file = join(folder, 'rules.yml');
  const error = [
    `${file}: 1:45: group "g", rule 1, "A": field 'expr' must be set in rule`,
    `${file}: 1:57: group "g", rule 2, "": one of 'record' or 'alert' must be set`,
  ].join('\n');
  await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'rules.invalid', message: error }));
});

it('on a reload takes good rules and keeps the running ones on bad ones', async () => {
  await writeRules('{alert: First, expr: up == 0}');
  const { url } = await start();
  await expect.poll(() => toldOf('First'), { timeout: 5_000 }).toEqual(['firing']);
  await writeRules('{alert: First, expr: up == 0}', '{alert: Second, expr: ""}');
  const refused = await fetch(`${url}/-/reload`, { method: 'POST' });
  expect([refused.status, await refused.text()]).toEqual([
    500,
    `failed to reload config: ${join(folder, 'rules.yml')}: 1:76: group "g", rule 2, "Second": field 'expr' must be set in rule\n`,
  ]);
  await writeRules('{alert: First, expr: up == 0}', '{alert: Second, expr: up == 0}');
  expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(200);
  await expect.poll(() => toldOf('Second'), { timeout: 5_000 }).toEqual(['firing']);
  expect(toldOf('First')).toEqual(['firing']);
});

it('without a datasource says how to give it one, and waits', async () => {
  const lines: unknown[] = [];
  const log: Log = { ...nullLog, warn: (message, fields) => void lines.push([message, fields]) };
  await writeRules(down());
  const { url } = await start({ datasource: null, log });
  expect(lines).toEqual([
    [
      'Rules are not evaluated: no datasource',
      { groups: 1, hint: '--datasource.url=http://localhost:9090 names a Prometheus to query' },
    ],
  ]);
  const answer = await fetch(`${url}/api/v1/rules`);
  expect(await answer.json()).toMatchObject({
    data: { groups: [{ rules: [{ state: 'unknown', health: 'unknown' }] }] },
  });
  expect((await fetch(`${url}/-/ready`)).status).toBe(200);
  expect(prometheus.requests).toEqual([]);
});

it('goes on while the datasource is away', async () => {
  await writeRules(down());
  const port = prometheus.port;
  const { url } = await start();
  await expect.poll(() => toldOf('Down'), { timeout: 5_000 }).toEqual(['firing']);
  await prometheus.stop();
  const health = async () => {
    const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { health: string; lastError?: string; state: string }[] }[] };
    };
    return data.groups[0]?.rules[0];
  };
  const lastError = `unreachable datasource http://127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`;
  await expect.poll(health, { timeout: 5_000 }).toMatchObject({ health: 'err', state: 'firing', lastError });
  expect(toldOf('Down')).toEqual(['firing']);
});

it('asks for what its web configuration says, and refuses to start on a bad one', async () => {
  await writeRules(down());
  const webConfigFile = join(folder, 'web.yaml');
  await writeFile(webConfigFile, 'rate_limit: {interval: 1h, burst: 1}\n');
  const { url } = await start({ webConfigFile });
  const statuses = [await fetch(`${url}/-/healthy`), await fetch(`${url}/metrics`)].map(({ status }) => status);
  expect(statuses).toEqual([200, 429]);
  await writeFile(webConfigFile, 'nonsense: true\n');
  await expect(start({ webConfigFile })).rejects.toThrow('field nonsense not found in type web.Config');
});
