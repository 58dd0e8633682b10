import { type DynamicModule, Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { NO_BUILD } from '@tocsin/common/testing/no-build';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulateService } from '../../simulate/simulate.service';
import { aNotifierConfig } from '../../testing/a-config';
import { SIMULATE_PARTS, SimulateController, type SimulateParts } from './simulate.controller';

const startMs = Date.UTC(2026, 0, 5, 12);
const simulator = new SimulateService('fallback', NO_BUILD);
const running = simulator.readConfig(
  'route: {receiver: r, group_wait: 10s}\nreceivers: [{name: r, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]\n',
);

@Module({})
class TestModule {
  static of(parts: SimulateParts): DynamicModule {
    return {
      module: TestModule,
      controllers: [SimulateController],
      providers: [
        { provide: SimulateService, useValue: simulator },
        { provide: SIMULATE_PARTS, useValue: parts },
      ],
    };
  }
}

let server: HttpServer;
let url: string;

beforeAll(async () => {
  const config = running.ok ? running.config : aNotifierConfig();
  const module = TestModule.of({ clock: { nowMs: () => startMs }, active: { config } });
  server = await HttpServer.create({ module, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/simulate`;
});
afterAll(() => server.close());

const post = async (body: unknown) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
};

const alerts = [{ labels: { alertname: 'a' }, annotations: { b: 'c' }, endsAt: '1m' }];

describe('POST /api/tocsin/v1/simulate', () => {
  it('plays the running configuration from now on', async () => {
    const { status, text } = await post({ alerts, duration: '2m' });
    expect(status).toBe(200);
    const { start, end, notifications, events } = JSON.parse(text) as Record<string, unknown[]>;
    expect([start, end]).toEqual(['2026-01-05T12:00:00.000Z', '2026-01-05T12:02:00.000Z']);
    expect(notifications).toEqual([
      {
        at: '2026-01-05T12:00:10.000Z',
        receiver: 'r',
        integration: 'r/webhook/0',
        status: 'firing',
        reason: 'first notification',
        groupKey: '{}:{}',
        groupLabels: {},
        alerts: [
          {
            status: 'firing',
            fingerprint: expect.stringMatching(/^[\da-f]{16}$/),
            labels: { alertname: 'a' },
            annotations: { b: 'c' },
            startsAt: '2026-01-05T12:00:00.000Z',
          },
        ],
      },
    ]);
    expect(events).toContainEqual(
      expect.objectContaining({ at: '2026-01-05T12:00:10.000Z', kind: 'delivered', integration: 'r/webhook/0' }),
    );
  });

  it('plays a configuration that comes along, from another time on', async () => {
    const config =
      'route: {receiver: s, group_wait: 1s}\nreceivers: [{name: s, webhook_configs: [{url: "http://127.0.0.1:1/"}]}]\n';
    const { text } = await post({ config, alerts, start: '2026-02-01T00:00:00Z', duration: '30s' });
    expect(JSON.parse(text)).toMatchObject({ notifications: [{ at: '2026-02-01T00:00:01.000Z', receiver: 's' }] });
  });

  it.each([
    ['a mistake', { alerts: [{}] }, 'alerts[0].labels: expected an object\n'],
    ['a mistake in the configuration', { config: 'route: 1' }, /^config:1:\d+: /],
    ['too many alerts', { alerts: Array(1_001).fill(alerts[0]) }, 'alerts: expected at most 1000 of them\n'],
    [
      'too many flushes',
      {
        config: 'route: {receiver: r, group_wait: 1ms, group_interval: 1ms}\nreceivers: [{name: r}]\n',
        alerts: [{ labels: { a: 'b' } }],
      },
      'the scenario needs too many flushes: make it shorter or smaller\n',
    ],
  ])('refuses %s', async (_, body, message) => {
    const { status, text } = await post(body);
    expect(status).toBe(400);
    if (typeof message === 'string') expect(text).toBe(message);
    else expect(text).toMatch(message);
  });

  it('plays one at a time', async () => {
    const bodies = Array.from({ length: 3 }, () => post({ alerts, duration: '30d' }));
    const statuses = (await Promise.all(bodies)).map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect(statuses).toContain(503);
  });
});
