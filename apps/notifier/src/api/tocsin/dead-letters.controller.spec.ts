import { Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeadLettersService } from '../../delivery/dead-letters.service';
import { type DeadLetterPage } from '../../pipeline/dead-letter-index';
import { DeadLettersController } from './dead-letters.controller';

const page: DeadLetterPage = {
  entries: [
    {
      groupId: '0123456789abcdef01234567',
      integration: 'team "a"/webhook/0',
      deadLetter: {
        sequence: 7,
        reason: 'first notification',
        atMs: Date.UTC(2026, 0, 1),
        attempts: 4,
        error: 'unexpected status code 503: busy',
        receiver: 'team "a"',
        groupKey: '{}:{alertname="DiskFull"}',
        groupLabels: { alertname: 'DiskFull' },
      },
    },
  ],
  next: '0123 x',
};

let calls: unknown[][] = [];
let server: HttpServer;
let url: string;

const service: Pick<DeadLettersService, 'list' | 'replay' | 'replayReceiver' | 'drop'> = {
  list: async (...args) => {
    calls.push(['list', ...args]);
    return page;
  },
  replay: async (id) => {
    calls.push(['replay', id]);
    if (id === 'unknown-1') return null;
    return id === 'ended-1' ? { replayed: 0, ended: 1 } : { replayed: 1, ended: 0 };
  },
  replayReceiver: async (receiver) => {
    calls.push(['replayReceiver', receiver]);
    return { replayed: 3, ended: 1 };
  },
  drop: async (id) => {
    calls.push(['drop', id]);
    return id !== 'unknown-1';
  },
};

@Module({
  controllers: [DeadLettersController],
  providers: [{ provide: DeadLettersService, useValue: service }],
})
class TestModule {}

beforeAll(async () => {
  server = await HttpServer.create({ module: TestModule, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/dead-letters`;
});
beforeEach(() => (calls = []));
afterAll(() => server.close());

const call = async (method: string, path: string) => {
  const response = await fetch(url + path, { method });
  return { status: response.status, text: await response.text() };
};

describe('/api/tocsin/v1/dead-letters', () => {
  it('lists them with all there is to know', async () => {
    const { status, text } = await call('GET', '');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      deadLetters: [
        {
          id: '0123456789abcdef01234567-8ff3cfde',
          receiver: 'team "a"',
          integration: 'team "a"/webhook/0',
          group: '0123456789abcdef01234567',
          groupKey: '{}:{alertname="DiskFull"}',
          groupLabels: { alertname: 'DiskFull' },
          reason: 'first notification',
          attempts: 4,
          error: 'unexpected status code 503: busy',
          givenUpAt: '2026-01-01T00:00:00.000Z',
        },
      ],
      next: '0123 x',
    });
    await call('GET', `?limit=7&cursor=${encodeURIComponent('0123 x')}`);
    expect(calls).toEqual([
      ['list', 100, ''],
      ['list', 7, '0123 x'],
    ]);
  });

  it.each<[string, string, number, unknown, unknown[]]>([
    ['POST', '/abc-1/replay', 200, { replayed: 1, ended: 0 }, ['replay', 'abc-1']],
    ['POST', '/replay?receiver=team%20%22a%22', 200, { replayed: 3, ended: 1 }, ['replayReceiver', 'team "a"']],
    ['DELETE', '/abc-1', 200, { dropped: 1 }, ['drop', 'abc-1']],
  ])('answers %s %s', async (method, path, status, body, made) => {
    const answer = await call(method, path);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, body]);
    expect(calls).toEqual([made]);
  });

  it.each([
    ['POST', '/unknown-1/replay', 404, 'there is no dead letter "unknown-1"'],
    ['DELETE', '/unknown-1', 404, 'there is no dead letter "unknown-1"'],
    [
      'POST',
      '/ended-1/replay',
      400,
      'the group of this dead letter has ended: nothing is left to tell, drop it instead',
    ],
    ['POST', '/replay', 400, 'parameter receiver: expected the name of a receiver, once'],
    ['POST', '/replay?receiver=a&receiver=b', 400, 'parameter receiver: expected the name of a receiver, once'],
    ['POST', '/replay?receivers=a', 400, 'unknown parameter receivers; there are receiver'],
    ['GET', '?limit=0', 400, "parameter limit: expected a number from 1 to 1000, got '0'"],
    ['GET', '?limit=1&limit=2', 400, 'parameter limit: expected a number from 1 to 1000, got several'],
    ['GET', '?receiver=a', 400, 'unknown parameter receiver; there are limit, cursor'],
  ])('refuses %s %s', async (method, path, status, message) => {
    expect(await call(method, path)).toEqual({ status, text: `${message}\n` });
  });
});
