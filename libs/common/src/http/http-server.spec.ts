import { Body, Controller, Get, Module, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { STORAGE_FULL, STORAGE_WRITE_FAILED } from '../embedded/embedded.errors';
import { AppError } from '../errors/app-error';
import { type Log, type LogFields, nullLog } from '../log/log';
import { sendJson } from './error.filter';
import { HttpBaseModule } from './http-base.module';
import { HttpServer, type HttpServerOptions } from './http-server.service';
import { ProblemError, type Problem } from './http.errors';

const seen: { problem: Problem | Error; body?: unknown; release?: () => void } = { problem: new Error() };

@Controller()
class ThingsController {
  @Get('api/v2/things')
  get(): never {
    throw seen.problem instanceof Error ? seen.problem : new ProblemError(seen.problem);
  }

  @Post('api/v2/things')
  post(@Body() body: unknown, @Res() reply: FastifyReply): void {
    seen.body = body;
    void reply.status(200).send();
  }

  @Get('api/v2/thing/:id')
  thing(@Res() reply: FastifyReply): void {
    sendJson(reply, { thing: 1 });
  }

  @Get('plain')
  plain(): never {
    return this.get();
  }

  @Get('slow')
  async slow(@Res() reply: FastifyReply): Promise<void> {
    await new Promise<void>((resolve) => (seen.release = resolve));
    void reply.send('done');
  }
}

const state = { notReady: null as string | null, reload: { ok: true } as { ok: true } | { ok: false; error: string } };
const base = HttpBaseModule.of({
  home: { name: 'Things', version: '1', links: ['-/ready'] },
  readiness: { notReadyBecause: () => state.notReady },
  reloader: { reload: async () => state.reload },
  registry: new Registry(),
});

@Module({ imports: [base], controllers: [ThingsController] })
class ThingsModule {}

let server: HttpServer;
let url = '';

async function start(options: Partial<HttpServerOptions> = {}): Promise<void> {
  server = await HttpServer.create({ module: ThingsModule, log: nullLog, jsonBase: '/api/v2', ...options });
  url = `http://127.0.0.1:${(await server.listen({ host: '127.0.0.1', port: 0 })).port}${options.routePrefix ?? ''}`;
}

async function call(method: string, path: string, init: { headers?: Record<string, string>; body?: string } = {}) {
  const response = await fetch(url + path, { method, redirect: 'manual', ...init });
  const { status, headers } = response;
  return {
    status,
    type: headers.get('content-type'),
    allow: headers.get('allow'),
    headers,
    text: await response.text(),
  };
}

afterEach(() => {
  delete seen.release;
  return server.close();
});

const json = 'application/json';
const plain = 'text/plain; charset=utf-8';
const unsupportedType = (type: string) =>
  `{"code":415,"message":"unsupported media type \\"${type}\\", only [application/json] are allowed"}`;

describe('what the framework refuses below the JSON base', () => {
  it.each([
    [
      'an unknown path',
      'GET',
      '/api/v2/nope',
      {},
      404,
      null,
      '{"code":404,"message":"path /api/v2/nope was not found"}',
    ],
    ['the base itself', 'GET', '/api/v2/', {}, 404, null, '{"code":404,"message":"path /api/v2/ was not found"}'],
    [
      'another method',
      'PUT',
      '/api/v2/things',
      {},
      405,
      'GET,POST',
      '{"code":405,"message":"method PUT is not allowed, but [GET,POST] are"}',
    ],
    [
      'another method of a path with a parameter',
      'PATCH',
      '/api/v2/thing/1',
      {},
      405,
      'GET',
      '{"code":405,"message":"method PATCH is not allowed, but [GET] are"}',
    ],
    [
      'OPTIONS that is no preflight',
      'OPTIONS',
      '/api/v2/things',
      {},
      405,
      'GET,POST',
      '{"code":405,"message":"method OPTIONS is not allowed, but [GET,POST] are"}',
    ],
    [
      'another body',
      'POST',
      '/api/v2/things',
      { headers: { 'content-type': 'text/plain' }, body: 'x' },
      415,
      null,
      unsupportedType('text/plain'),
    ],
    [
      'another body on an unknown path',
      'POST',
      '/api/v2/nope',
      { headers: { 'content-type': 'text/plain' }, body: 'x' },
      404,
      null,
      '{"code":404,"message":"path /api/v2/nope was not found"}',
    ],
    [
      'another answer',
      'GET',
      '/api/v2/thing/1',
      { headers: { accept: 'text/html' } },
      406,
      null,
      '{"code":406,"message":"unsupported media type requested, only [application/json] are available"}',
    ],
  ] as const)('%s', async (_, method, path, init, status, allow, text) => {
    await start();
    expect(await call(method, path, init)).toMatchObject({ status, type: json, allow, text });
  });
});

describe('what handlers refuse', () => {
  it.each<[Problem | Error, number, string | null, string]>([
    [{ kind: 'bad-request', message: 'bad matcher format: "x"' }, 400, json, '"bad matcher format: \\"x\\""\n'],
    [
      { kind: 'unreadable-body', name: 'alerts', reason: 'unexpected EOF' },
      400,
      json,
      '{"code":400,"message":"parsing alerts body from \\"\\" failed, because unexpected EOF"}',
    ],
    [
      { kind: 'required', where: '0.labels in body' },
      422,
      json,
      '{"code":602,"message":"0.labels in body is required"}',
    ],
    [
      { kind: 'wrong-format', where: '0.generatorURL in body', format: 'uri', value: 'é\n' },
      422,
      json,
      '{"code":601,"message":"0.generatorURL in body must be of type uri: \\"é\\\\n\\""}',
    ],
    [{ kind: 'no-such-thing' }, 404, null, ''],
    [{ kind: 'not-found', message: 'why' }, 404, json, '"why"\n'],
    [{ kind: 'unavailable', message: 'not now' }, 503, json, '"not now"\n'],
    [new Error('connect ECONNREFUSED 127.0.0.1:6379'), 503, json, '"Redis cannot be reached"\n'],
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 503, json, '"Redis takes no writes"\n'],
    [new AppError(STORAGE_FULL, 'the disk is full'), 503, json, '"the disk is full"\n'],
    [new AppError(STORAGE_WRITE_FAILED, 'nothing is kept'), 503, json, '"nothing is kept"\n'],
    [new Error('password in here'), 500, json, '"internal error; the log says more"\n'],
  ])('%j', async (problem, status, type, text) => {
    await start();
    seen.problem = problem;
    expect(await call('GET', '/api/v2/things')).toMatchObject({ status, type, text });
  });

  it('are plain text elsewhere', async () => {
    await start();
    seen.problem = { kind: 'bad-request', message: 'no' };
    expect(await call('GET', '/plain')).toMatchObject({ status: 400, type: plain, text: 'no\n' });
  });
});

describe('plain routes', () => {
  it.each([
    ['GET', '/nope', 404, null, '404 page not found\n'],
    ['GET', '/-/reload', 405, 'OPTIONS, POST', 'Method Not Allowed\n'],
    ['PUT', '/-/reload', 405, 'OPTIONS, POST', 'Method Not Allowed\n'],
    ['POST', '/-/healthy', 405, 'GET, HEAD, OPTIONS', 'Method Not Allowed\n'],
    ['OPTIONS', '/metrics', 200, 'GET, OPTIONS', ''],
    ['GET', '/-/healthy', 200, null, 'OK'],
    ['HEAD', '/-/healthy', 200, null, ''],
    ['GET', '/-/ready', 200, null, 'OK'],
    ['HEAD', '/-/ready', 200, null, ''],
  ])('%s %s', async (method, path, status, allow, text) => {
    await start();
    state.notReady = null;
    expect(await call(method, path)).toMatchObject({ status, allow, text });
  });

  it('is not ready while the state is not loaded, but healthy', async () => {
    await start();
    state.notReady = 'state is being loaded';
    expect(await call('GET', '/-/ready')).toMatchObject({ status: 503, text: 'state is being loaded\n' });
    expect(await call('HEAD', '/-/ready')).toMatchObject({ status: 503 });
    expect(await call('GET', '/-/healthy')).toMatchObject({ status: 200 });
  });

  it('reloads, whatever the body', async () => {
    await start();
    state.reload = { ok: true };
    expect(await call('POST', '/-/reload', { body: 'x' })).toMatchObject({ status: 200, type: null, text: '' });
    state.reload = { ok: false, error: 'no route' };
    expect(await call('POST', '/-/reload')).toMatchObject({
      status: 500,
      type: plain,
      text: 'failed to reload config: no route\n',
    });
  });

  it.each(['', '/am'])('says what it is at the root of %j', async (routePrefix) => {
    await start({ routePrefix });
    for (const path of ['', '/']) {
      const { status, type, headers, text } = await call('GET', path);
      expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'");
      const [, href = ''] = /href="([^"]+)"/.exec(text) ?? [];
      expect((await fetch(new URL(href, url + path))).url).toBe(`${url}/-/ready`);
    }
  });

  it('serves metrics', async () => {
    await start();
    expect(await call('GET', '/metrics')).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') });
    const packed = (await call('GET', '/metrics', { headers: { 'accept-encoding': 'gzip' } })).headers;
    expect(packed.get('content-encoding')).toBe('gzip');
    const plainly = (await call('GET', '/metrics', { headers: { 'accept-encoding': 'identity' } })).headers;
    expect(plainly.has('content-encoding')).toBe(false);
  });
});

describe('bodies', () => {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  it.each([
    ['a value', '[1]', { kind: 'value', value: [1] }],
    ['a malformed one', '[', { kind: 'malformed', error: 'unexpected EOF' }],
    ['white space', ' ', { kind: 'empty' }],
  ])('hands on %s', async (_, body, value) => {
    await start();
    expect(await call('POST', '/api/v2/things', { headers, body })).toMatchObject({
      status: 200,
      type: null,
      text: '',
    });
    expect(seen.body).toEqual(value);
  });

  it('refuses a larger one than the limit', async () => {
    await start({ bodyLimitBytes: 10 });
    expect(await call('POST', '/api/v2/things', { headers, body: '[1,2,3,4,5]' })).toMatchObject({
      status: 413,
      text: '"request body is larger than 10 bytes"\n',
    });
  });
});

describe('headers of the JSON base', () => {
  const origin = { origin: 'http://ui.example' };

  it('lets any origin read, and nothing be cached', async () => {
    await start();
    const { headers } = await call('GET', '/api/v2/thing/1', { headers: origin });
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      vary: 'Origin',
      'cache-control': 'no-store',
    });
    expect((await call('GET', '/api/v2/thing/1')).headers.has('access-control-allow-origin')).toBe(false);
  });

  it.each([
    ['GET', '/api/v2/things', 'accept', '*'],
    ['POST', '/api/v2/things', 'content-type, x-requested-with', '*'],
    ['DELETE', '/api/v2/thing/1', '', '*'],
    ['PUT', '/api/v2/nope', '', '*'],
    ['PATCH', '/api/v2/things', '', null],
    ['POST', '/api/v2/things', 'x-other', null],
  ])('answers the preflight of %s %s with %s', async (method, path, asked, allowed) => {
    await start();
    const answer = await call('OPTIONS', path, {
      headers: { ...origin, 'access-control-request-method': method, 'access-control-request-headers': asked },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(answer.headers.get('access-control-allow-methods')).toBe(allowed && method);
    expect(answer.headers.get('vary')).toBe('Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
    expect(answer.headers.has('cache-control')).toBe(false);
  });
});

describe('listening', () => {
  it('serves all addresses and says which', async () => {
    const lines: [string, LogFields | undefined][] = [];
    const log: Log = { ...nullLog, info: (message, fields) => void lines.push([message, fields]) };
    await start({ log });
    const other = await server.listen({ host: undefined, port: 0 });
    expect((await fetch(`http://127.0.0.1:${other.port}/-/healthy`)).status).toBe(200);
    const [first, second] = [url.slice('http://'.length), expect.stringMatching(new RegExp(`:${other.port}$`))];
    expect(lines).toEqual([
      ['Listening on', { address: first }],
      ['TLS is disabled.', { http2: false, address: first }],
      ['Listening on', { address: second }],
      ['TLS is disabled.', { http2: false, address: second }],
    ]);
  });

  it('fails on a port that is taken', async () => {
    await start();
    await expect(server.listen({ host: '127.0.0.1', port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
  });

  it('puts everything below a prefix', async () => {
    await start({ routePrefix: '/alerts/x' });
    expect((await call('GET', '/-/healthy')).status).toBe(200);
    expect((await call('GET', '/api/v2/nope')).text).toBe('{"code":404,"message":"path /api/v2/nope was not found"}');
    const root = await fetch(new URL('/', url), { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/alerts/x']);
    expect((await fetch(new URL('/', url), { method: 'HEAD', redirect: 'manual' })).status).toBe(302);
    expect((await fetch(new URL('/', url), { method: 'POST' })).status).toBe(404);
    expect((await fetch(new URL('/-/healthy', url))).status).toBe(404);
  });

  it('observes requests by pattern', async () => {
    const observed: unknown[] = [];
    await start({
      routePrefix: '/p',
      observe: ({ handler, method, status, responseBytes }) => observed.push([handler, method, status, responseBytes]),
    });
    await call('GET', '/api/v2/thing/1?x=y');
    await call('GET', '/api/v2/nope/2');
    await expect
      .poll(() => observed)
      .toEqual([
        ['/api/v2/thing/:id', 'GET', 200, '{"thing":1}\n'.length],
        ['', 'GET', 404, '{"code":404,"message":"path /api/v2/nope/2 was not found"}'.length],
      ]);
  });

  it('answers what is under way when it closes, then refuses', async () => {
    await start();
    const answer = call('GET', '/slow');
    await expect.poll(() => seen.release).toBeDefined();
    const closed = server.close();
    seen.release?.();
    expect(await answer).toMatchObject({ status: 200, text: 'done' });
    await closed;
    await expect(call('GET', '/-/healthy')).rejects.toThrow();
  });

  it('cuts what does not end in time', async () => {
    await start();
    const answer = call('GET', '/slow');
    await expect.poll(() => seen.release).toBeDefined();
    await Promise.all([expect(answer).rejects.toThrow(), server.close(20)]);
  });
});
