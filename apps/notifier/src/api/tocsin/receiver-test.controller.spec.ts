import { Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DrillResult, DrillService } from '../../drill/drill.service';
import { ReceiverTestController } from './receiver-test.controller';

let asked: unknown[] = [];
let result: DrillResult = { kind: 'done', outcomes: [] };
const service: Pick<DrillService, 'run'> = {
  run: async (...args) => {
    asked.push(args);
    return result;
  },
};

@Module({
  controllers: [ReceiverTestController],
  providers: [{ provide: DrillService, useValue: service }],
})
class TestModule {}

let server: HttpServer;
let url: string;
beforeAll(async () => {
  server = await HttpServer.create({ module: TestModule, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/receivers`;
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  result = { kind: 'done', outcomes: [] };
});

const post = async (name: string, body?: unknown) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: text };
  const response = await fetch(`${url}/${encodeURIComponent(name)}/test`, { method: 'POST', ...sent });
  return { status: response.status, text: await response.text(), retryAfter: response.headers.get('retry-after') };
};

describe('POST /api/tocsin/v1/receivers/{name}/test', () => {
  it('answers what became of it', async () => {
    result = {
      kind: 'done',
      outcomes: [
        {
          integration: 'a/b/slack/0',
          durationMs: 12,
          result: { kind: 'delivered', degraded: 'template: x', isEnded: true },
        },
        {
          integration: 'a/b/slack/1',
          durationMs: 3,
          result: { kind: 'delivered', degraded: null, isEnded: false },
        },
        { integration: 'a/b/email/0', durationMs: 4, result: { kind: 'failed', error: 'no' } },
      ],
    };
    expect(await post('a/b')).toEqual({
      status: 200,
      text:
        '{"receiver":"a/b","integrations":[' +
        '{"integration":"a/b/slack/0","outcome":"delivered","ended":true,"degraded":"template: x","durationMs":12},' +
        '{"integration":"a/b/slack/1","outcome":"delivered","durationMs":3},' +
        '{"integration":"a/b/email/0","outcome":"failed","error":"no","durationMs":4}]}\n',
      retryAfter: null,
    });
  });

  it.each([
    ['nothing', undefined, {}],
    ['an empty body', '', {}],
    ['an empty object', {}, {}],
    [
      'all there is',
      { labels: { a: 'b' }, annotations: { c: 'd' }, status: 'resolved', integration: 'slack/0', resolve: false },
      { labels: { a: 'b' }, annotations: { c: 'd' }, status: 'resolved', integration: 'slack/0', resolve: false },
    ],
  ])('takes %s', async (_, body, drill) => {
    expect((await post('team', body)).status).toBe(200);
    const absent = { labels: {}, annotations: {}, status: 'firing', integration: null, resolve: null };
    expect(asked).toEqual([['team', { ...absent, ...drill }]]);
  });

  it.each([
    ['no JSON', '{', 'the body is not JSON: unexpected EOF\n'],
    ['no object', [], 'expected an object, got a list\n'],
    ['a status that is none', { status: 'pending' }, 'status: expected firing or resolved\n'],
    ['labels without a value', { labels: { a: '' } }, 'labels: expected at least one label with a value\n'],
    ['something unknown', { label: {} }, 'label: is not known here\n'],
    [
      'numbers',
      { annotations: { a: 1 }, resolve: 1 },
      'annotations.a: expected a text, got a number\nresolve: expected true or false, got a number\n',
    ],
  ])('refuses %s', async (_, body, text) => {
    expect(await post('team', body)).toEqual({ status: 400, text, retryAfter: null });
    expect(asked).toEqual([]);
  });

  it.each<[string, DrillResult, object, number, string, string | null]>([
    ['nobody', { kind: 'no such receiver' }, {}, 404, 'there is no receiver "te\\"am"\n', null],
    [
      'an integration that is not there',
      { kind: 'no such integration', has: ['email/0', 'slack/0'] },
      { integration: 'slack/1' },
      400,
      'the receiver "te\\"am" has no integration "slack/1"; it has email/0, slack/0\n',
      null,
    ],
    [
      'a receiver without any',
      { kind: 'no such integration', has: [] },
      {},
      400,
      'the receiver "te\\"am" has no integrations: there is nobody to tell\n',
      null,
    ],
    [
      'too many',
      { kind: 'too soon', againMs: 4_001 },
      {},
      429,
      'the receiver "te\\"am" was tested several times just now\n',
      '5',
    ],
  ])('refuses %s', async (_, given, body, status, text, retryAfter) => {
    result = given;
    expect(await post('te"am', body)).toEqual({ status, text, retryAfter });
  });
});
