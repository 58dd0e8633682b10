import { Module } from '@nestjs/common';
import { HttpServer } from '@tocsin/common/http/http-server.service';
import { nullLog } from '@tocsin/common/log/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type TimelineAnswer,
  TimelineQueriesService,
  type TimelineQuestion,
} from '../../timeline/timeline-queries.service';
import { TimelineController } from './timeline.controller';

let asked: TimelineQuestion[] = [];
let answer: TimelineAnswer = { events: [], next: null };
let server: HttpServer;
let url: string;

@Module({
  controllers: [TimelineController],
  providers: [
    {
      provide: TimelineQueriesService,
      useValue: {
        query: async (question: TimelineQuestion) => {
          asked.push(question);
          return answer;
        },
      },
    },
  ],
})
class TestModule {}

beforeAll(async () => {
  server = await HttpServer.create({ module: TestModule, log: nullLog });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${port}/api/tocsin/v1/timeline`;
});
beforeEach(() => (asked = []));
afterAll(() => server.close());

const get = async (query: string) => {
  const response = await fetch(url + query);
  return { status: response.status, text: await response.text() };
};

describe('GET /api/tocsin/v1/timeline', () => {
  it('asks for the newest hundred without parameters', async () => {
    await get('');
    expect(asked).toEqual([
      {
        fingerprint: null,
        group: null,
        receiver: null,
        integration: null,
        kind: null,
        fromMs: null,
        toMs: null,
        limit: 100,
        before: null,
      },
    ]);
  });

  it('asks for what the parameters say', async () => {
    const parameters = {
      fingerprint: '0123456789abcdef',
      group: 'g',
      receiver: 'team "a"',
      integration: 'team/webhook/0',
      kind: 'dead-letter',
      from: '2026-01-01T00:00:00Z',
      to: '2026-01-01T01:00:00+01:00',
      limit: '7',
      before: '12-3.4',
    };
    await get(`?${new URLSearchParams(parameters).toString()}`);
    expect(asked).toEqual([
      {
        fingerprint: '0123456789abcdef',
        group: 'g',
        receiver: 'team "a"',
        integration: 'team/webhook/0',
        kind: 'dead-letter',
        fromMs: Date.UTC(2026, 0, 1),
        toMs: Date.UTC(2026, 0, 1),
        limit: 7,
        before: { batch: '12-3', line: 4 },
      },
    ]);
  });

  it('shows events with their times and places, without what is for the store', async () => {
    answer = {
      events: [
        {
          cursor: { batch: '7', line: 2 },
          event: {
            atMs: Date.UTC(2026, 0, 1),
            kind: 'verdict',
            group: 'g',
            message: 'x',
            detail: { a: 1 },
            state: { key: 'k', value: 'v' },
          },
        },
      ],
      next: { batch: '7', line: 2 },
    };
    const { status, text } = await get('');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      events: [
        { id: '7.2', at: '2026-01-01T00:00:00.000Z', kind: 'verdict', group: 'g', message: 'x', detail: { a: 1 } },
      ],
      next: '7.2',
    });
  });

  it.each([
    ['?fingerprint=xyz', "parameter fingerprint: expected a fingerprint of 16 hex digits, got 'xyz'"],
    ['?from=', "parameter from: expected a time such as 2026-01-31T12:00:00Z, got ''"],
    ['?to=tomorrow', "parameter to: expected a time such as 2026-01-31T12:00:00Z, got 'tomorrow'"],
    ['?limit=0', "parameter limit: expected a number from 1 to 1000, got '0'"],
    ['?limit=1001', "parameter limit: expected a number from 1 to 1000, got '1001'"],
    ['?limit=1e2', "parameter limit: expected a number from 1 to 1000, got '1e2'"],
    ['?before=x', "parameter before: expected what an answer called `next`, got 'x'"],
    [
      '?kind=toString',
      "parameter kind: expected one of received, verdict, attempt, delivered, dead-letter, silence, config, cluster, system, got 'toString'",
    ],
    ['?group=a&group=b', 'parameter group: expected it once'],
    [
      '?since=1h',
      'unknown parameter since; there are fingerprint, group, receiver, integration, kind, from, to, limit, before',
    ],
  ])('refuses %s', async (query, message) => {
    expect(await get(query)).toEqual({ status: 400, text: `${message}\n` });
    expect(asked).toEqual([]);
  });
});
