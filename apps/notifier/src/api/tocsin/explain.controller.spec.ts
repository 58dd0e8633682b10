import { Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { type Labels } from '@tocsin/common/labels/label-set';
import { nullLog } from '@tocsin/common/log/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Explanation } from '../../explain/explain-alert';
import { ExplainService } from '../../explain/explain.service';
import { NO_RECORD } from '../../pipeline/notification-record';
import { buildRouteTree } from '../../routing/route-tree';
import { aRoute } from '../../testing/a-config';
import { ExplainController } from './explain.controller';

const startMs = Date.UTC(2026, 0, 5, 12);
const { root } = buildRouteTree(aRoute({ receiver: 'everybody' }));

const explanation: Explanation = {
  nowMs: startMs,
  labels: { alertname: 'a' },
  fingerprint: 'f',
  alert: null,
  isFiring: false,
  route: {
    route: root,
    outcome: 'matched',
    matchers: [{ text: 'a="b"', matches: true }],
    notifies: true,
    children: [],
  },
  inhibition: { rule: '#1', fingerprint: 'g', labels: { alertname: 'b' } },
  silences: [
    {
      id: 's',
      matcherSets: [[{ name: 'a', op: '=~', value: 'b"' }]],
      startsAtMs: startMs,
      endsAtMs: startMs + 1_000,
      updatedAtMs: startMs,
      createdBy: 'jane',
      comment: 'known',
      annotations: {},
    },
  ],
  groups: [
    {
      group: { id: 'i', route: root, labels: {}, key: '{}:{}' },
      members: 2,
      timeMute: { kind: 'mute_time_interval', names: ['night'] },
      nextFlushMs: startMs + 1,
      isThere: true,
      integrations: [
        { key: 'everybody/webhook/0', verdict: 'muted', record: NO_RECORD, nextRepeatMs: null },
        {
          key: 'everybody/webhook/1',
          verdict: 'first notification',
          record: { ...NO_RECORD, told: { sequence: 1, atMs: startMs, firing: ['f'], resolved: [] } },
          nextRepeatMs: startMs + 2,
        },
      ],
    },
  ],
};

let asked: [Labels, number | null][] = [];
let server: HttpServer;
let url: string;

@Module({
  controllers: [ExplainController],
  providers: [
    {
      provide: ExplainService,
      useValue: {
        explain: async (labels: Labels, atMs: number | null) => {
          asked.push([labels, atMs]);
          return explanation;
        },
      },
    },
  ],
})
class TestModule {}

beforeAll(async () => {
  server = await HttpServer.create({ module: TestModule, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/explain`;
});
beforeEach(() => (asked = []));
afterAll(() => server.close());

const post = async (body: string) => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: response.status, text: await response.text() };
};

describe('POST /api/tocsin/v1/explain', () => {
  it('asks about the labels, without empty ones, now or at an instant', async () => {
    await post('{"labels":{"alertname":"a","b":""}}');
    await post('{"labels":{"alertname":"a"},"at":"2026-01-05T13:00:00+01:00"}');
    expect(asked).toEqual([
      [{ alertname: 'a' }, null],
      [{ alertname: 'a' }, startMs],
    ]);
  });

  it('answers with times and texts', async () => {
    const { status, text } = await post('{"labels":{"alertname":"a"}}');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      at: '2026-01-05T12:00:00.000Z',
      fingerprint: 'f',
      labels: { alertname: 'a' },
      alert: null,
      route: {
        id: root.id,
        receiver: 'everybody',
        outcome: 'matched',
        notifies: true,
        continue: false,
        matchers: [{ matcher: 'a="b"', matches: true }],
        routes: [],
      },
      inhibitedBy: { rule: '#1', fingerprint: 'g', labels: { alertname: 'b' } },
      silencedBy: [
        {
          id: 's',
          matchers: ['{a=~"b\\""}'],
          createdBy: 'jane',
          comment: 'known',
          startsAt: '2026-01-05T12:00:00.000Z',
          endsAt: '2026-01-05T12:00:01.000Z',
        },
      ],
      groups: [
        {
          id: 'i',
          key: '{}:{}',
          labels: {},
          receiver: 'everybody',
          alerts: 2,
          exists: true,
          nextFlush: '2026-01-05T12:00:00.001Z',
          mutedByTime: { kind: 'mute_time_interval', intervals: ['night'] },
          integrations: [
            {
              integration: 'everybody/webhook/0',
              verdict: 'muted',
              told: null,
              pending: null,
              deadLetter: null,
              nextRepeat: null,
            },
            {
              integration: 'everybody/webhook/1',
              verdict: 'first notification',
              told: { at: '2026-01-05T12:00:00.000Z', firing: ['f'], resolved: [] },
              pending: null,
              deadLetter: null,
              nextRepeat: '2026-01-05T12:00:00.002Z',
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['', 'expected a JSON object, got no body'],
    ['{', 'the body is not JSON: unexpected EOF'],
    ['{}', 'labels: expected an object'],
    ['{"labels":{}}', 'labels: expected at least one label with a value'],
    ['{"labels":{"a":1}}', 'labels.a: expected a text, got a number'],
    ['[]', 'expected an object, got a list'],
    ['{"labels":{"a":"b"},"at":"5m"}', "at: expected a time such as 2026-01-31T12:00:00Z, got '5m'"],
    ['{"labels":{"a":"b"},"when":"5m"}', 'when: is not known here'],
  ])('refuses %s', async (body, message) => {
    expect(await post(body)).toEqual({ status: 400, text: `${message}\n` });
    expect(asked).toEqual([]);
  });
});
