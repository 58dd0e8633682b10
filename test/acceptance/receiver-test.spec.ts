import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { portOf } from '../support/free-port';
import { type RedisPlace, startRedis, type TestRedis } from '../support/redis';
import { Started } from '../support/started';
import { InProcessNotifier } from './support/in-process-notifier';
import { MovableClock } from './support/movable-clock';

/** Drills: from a request to what receivers, timeline and everything else know of it. */

type Json = Record<string, unknown>;

const started = new Started();
afterEach(() => started.stopAll());
let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

/** Accepts everything. */
class Sink {
  readonly told: { readonly path: string; readonly body: Json }[] = [];
  private readonly server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.told.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as Json });
      response.writeHead(202).end();
    });
  });

  static async start(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.server.address())}/`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const config = (url: string) => `
route: { receiver: used, group_wait: 1h }
receivers:
  - name: used
    webhook_configs: [{ url: "${url}used" }]
  - name: 'un/used'
    webhook_configs:
      - { url: "${url}unused" }
      - { url: "http://127.0.0.1:1/CANARY" }
    pagerduty_configs: [{ routing_key: CANARY-key, url: "${url}pagerduty" }]
`;

async function post(url: string, path: string, body: object): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, text: await response.text() };
}

const get = async (url: string, path: string) => (await fetch(url + path)).text();

describe.each<[string, () => RedisPlace | null]>([
  ['embedded', () => null],
  ['with Redis', () => redis],
])('a drill, %s', (_, place) => {
  it('tells every integration of a receiver that no route uses, and leaves everything else as it was', async () => {
    const sink = await started.add(Sink.start());
    const notifier = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock(), place()));
    const asked = { labels: { severity: 'page' }, annotations: { summary: 'Hello' } };
    const { status, text } = await post(notifier.url, '/api/tocsin/v1/receivers/un%2Fused/test', asked);
    expect(status).toBe(200);
    expect(text).not.toContain('CANARY');
    const answer = JSON.parse(text) as { integrations: Json[] };
    expect(answer).toEqual({
      receiver: 'un/used',
      integrations: [
        { integration: 'un/used/webhook/0', outcome: 'delivered', durationMs: expect.any(Number) },
        {
          integration: 'un/used/webhook/1',
          outcome: 'failed',
          error: expect.stringContaining('ECONNREFUSED'),
          durationMs: expect.any(Number),
        },
        { integration: 'un/used/pagerduty/0', outcome: 'delivered', ended: true, durationMs: expect.any(Number) },
      ],
    });

    const told = (path: string) => sink.told.filter((request) => request.path === path).map(({ body }) => body);
    expect(told('/unused')).toMatchObject([
      {
        receiver: 'un/used',
        status: 'firing',
        groupKey: expect.stringMatching(/^\{\}:\{tocsin_drill="un\/used\/[\da-f]{16}"\}$/),
        groupLabels: { alertname: 'TocsinTest', tocsin_drill: 'DRILL' },
        alerts: [
          {
            labels: { alertname: 'TocsinTest', severity: 'page', tocsin_drill: 'DRILL' },
            annotations: { summary: '[DRILL] Hello' },
          },
        ],
      },
    ]);
    const incidents = told('/pagerduty');
    expect(incidents.map(({ event_action }) => event_action)).toEqual(['trigger', 'resolve']);
    expect(new Set(incidents.map(({ dedup_key }) => dedup_key)).size).toBe(1);

    const { events } = JSON.parse(await get(notifier.url, '/api/tocsin/v1/timeline?receiver=un/used')) as {
      events: Json[];
    };
    expect(events.map(({ kind, message }) => `${kind} ${message}`).sort()).toEqual([
      expect.stringMatching(/^attempt drill: un\/used\/webhook\/1 failed: .*ECONNREFUSED/),
      'delivered drill: un/used/pagerduty/0 accepted it',
      'delivered drill: un/used/webhook/0 accepted it',
    ]);
    expect(JSON.stringify(events)).not.toContain('CANARY');
    expect(await get(notifier.url, '/api/v2/alerts')).toBe('[]\n');
    expect(await get(notifier.url, '/api/v2/alerts/groups')).toBe('[]\n');
    expect(await get(notifier.url, '/api/tocsin/v1/dead-letters')).toBe('{"deadLetters":[],"next":null}\n');
    expect(await get(notifier.url, '/metrics')).toMatch(
      /^alertmanager_notifications_total\{integration="webhook"\} 0$/m,
    );
  });

  it('is limited, and said to be', async () => {
    const sink = await started.add(Sink.start());
    const clock = new MovableClock();
    const notifier = await started.add(InProcessNotifier.start(config(sink.url), clock, place()));
    const path = '/api/tocsin/v1/receivers/used/test';
    const statuses = [];
    for (let turn = 0; turn < 4; turn++) statuses.push((await post(notifier.url, path, {})).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(await post(notifier.url, path, {})).toEqual({
      status: 429,
      text: 'the receiver "used" was tested several times just now\n',
    });
    expect(await post(notifier.url, '/api/tocsin/v1/receivers/nobody/test', {})).toEqual({
      status: 404,
      text: 'there is no receiver "nobody"\n',
    });
  });
});

it('renders with the templates of the running configuration', async () => {
  const sink = await started.add(Sink.start());
  const notifier = await started.add(InProcessNotifier.start(config(sink.url), new MovableClock()));
  const template = '{{ template "__subject" . }}at {{ .ExternalURL }}';
  const { status, text } = await post(notifier.url, '/api/tocsin/v1/templates/render', { template, receiver: 'used' });
  expect([status, text]).toEqual([
    200,
    expect.stringMatching(/^\{"text":"\[FIRING:2\] .*at http:\/\/localhost:\d+"\}\n$/),
  ]);
});
