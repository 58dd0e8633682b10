import { Body, Controller, Get, Module, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nullLog } from '../log/log';
import { HttpBaseModule } from './http-base.module';
import { HttpServer } from './http-server.service';
import { type TracedRequest } from './http-spans';

const underWay = new AsyncLocalStorage<string>();
let seen: (string | undefined)[] = [];

@Controller()
class ThingsController {
  @Post('api/v2/things')
  async post(@Body() _body: unknown, @Res() reply: FastifyReply): Promise<void> {
    seen.push(underWay.getStore());
    await Promise.resolve();
    seen.push(underWay.getStore());
    void reply.status(200).send();
  }

  @Get('api/v2/thing/:id')
  get(@Res() reply: FastifyReply): void {
    seen.push(underWay.getStore());
    void reply.status(418).send();
  }

  @Get('slow')
  slow(): Promise<void> {
    seen.push('slow');
    return new Promise(() => {});
  }
}

const base = HttpBaseModule.of({
  home: { name: 'Things', version: '1', links: [] },
  readiness: { notReadyBecause: () => null },
  reloader: { reload: async () => ({ ok: true }) },
  registry: new Registry(),
});

@Module({ imports: [base], controllers: [ThingsController] })
class ThingsModule {}

let server: HttpServer;
let url: string;
let begun: TracedRequest[];
let ended: (number | null)[];

beforeEach(async () => {
  seen = [];
  begun = [];
  ended = [];
  server = await HttpServer.create({
    module: ThingsModule,
    log: nullLog,
    jsonBase: '/api/v2',
    routePrefix: '/x',
    spans: {
      begin(request) {
        begun.push(request);
        if (request.headers['x-untraced']) return null;
        const name = `${request.method} ${request.route}`;
        return { run: (work) => underWay.run(name, work), end: (status) => void ended.push(status) };
      },
    },
  });
  url = `http://127.0.0.1:${(await server.listen({ host: '127.0.0.1', port: 0 })).port}/x`;
});

afterEach(() => server.close(0));

it('what answers a request runs within its span, after a body, too', async () => {
  const headers = { 'content-type': 'application/json', traceparent: 'abc' };
  await fetch(`${url}/api/v2/things`, { method: 'POST', headers, body: JSON.stringify('x'.repeat(200_000)) });
  expect(seen).toEqual(['POST /x/api/v2/things', 'POST /x/api/v2/things']);
  expect(begun[0]?.headers).toMatchObject({ traceparent: 'abc' });
  await vi.waitFor(() => expect(ended).toEqual([200]));
});

it('the route is a pattern, and the status is told', async () => {
  await fetch(`${url}/api/v2/thing/7`);
  expect(seen).toEqual(['GET /x/api/v2/thing/:id']);
  await vi.waitFor(() => expect(ended).toEqual([418]));
});

it('requests that are refused have a span, too', async () => {
  await fetch(`${url}/api/v2/nowhere`);
  await vi.waitFor(() => expect(ended).toEqual([404]));
});

it('a client that goes away ends the span', async () => {
  const gone = new AbortController();
  const answer = fetch(`${url}/slow`, { signal: gone.signal });
  await vi.waitFor(() => expect(seen).toEqual(['slow']));
  gone.abort();
  await expect(answer).rejects.toThrow();
  await vi.waitFor(() => expect(ended).toEqual([null]));
});

it('a request nobody wants to know about is answered all the same', async () => {
  await fetch(`${url}/api/v2/thing/7`, { headers: { 'x-untraced': 'yes' } });
  expect(seen).toEqual([undefined]);
  expect(ended).toEqual([]);
});
