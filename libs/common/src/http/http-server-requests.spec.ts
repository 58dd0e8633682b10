import { Body, Controller, Delete, Get, Module, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nullLog } from '../log/log';
import { cleanPath } from './clean-path';
import { sendJson } from './error.filter';
import { HttpServer } from './http-server.service';

/** What requests may look like: types of bodies, queries, paths. */

@Controller()
class EchoController {
  @Get('api/v2/echo')
  get(@Query() query: unknown, @Res() reply: FastifyReply): void {
    sendJson(reply, query);
  }

  @Post('api/v2/echo')
  post(@Body() body: unknown, @Res() reply: FastifyReply): void {
    sendJson(reply, body);
  }

  @Delete('api/v2/echo')
  remove(@Res() reply: FastifyReply): void {
    void reply.status(200).send();
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

let server: HttpServer;
let url = '';

beforeEach(async () => {
  server = await HttpServer.create({ module: EchoModule, log: nullLog, jsonBase: '/api/v2', routePrefix: '/p' });
  url = `http://127.0.0.1:${(await server.listen({ host: '127.0.0.1', port: 0 })).port}`;
});
afterEach(() => server.close());

async function call(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const init = { method, headers, redirect: 'manual' as const, ...(body !== undefined && { body }) };
  const response = await fetch(url + path, init);
  const { status } = response;
  return {
    status,
    allow: response.headers.get('allow'),
    to: response.headers.get('location'),
    text: await response.text(),
  };
}

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  it('make what is accepted as an answer no matter', async () => {
    const headers = { ...json, accept: 'text/html' };
    expect(await call('POST', '/p/api/v2/echo', headers, '[1]')).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/p/api/v2/echo', { accept: 'text/html' })).toMatchObject({ status: 406 });
  });

  it.each(['text/plain', '*/*', 'application/xml'])('that are not there are not of type %s', async (type) => {
    expect(await call('DELETE', '/p/api/v2/echo', { 'content-type': type })).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/p/api/v2/echo', { 'content-type': type }, 'x')).toMatchObject({ status: 415 });
  });

  it.each([
    ['json', 'mediatype: malformed: \\"json\\" has no subtype'],
    ['text/plain; foo', 'mime: invalid media parameter'],
    ['application/json; foo', 'mime: invalid media parameter'],
  ])('whose type is %s are refused', async (type, reason) => {
    const answer = await call('POST', '/p/api/v2/echo', { 'content-type': type }, '[]');
    const message = `parsing Content-Type header from \\"${type}\\" failed, because ${reason}`;
    expect(answer).toMatchObject({ status: 400, text: `{"code":400,"message":"${message}"}` });
  });
});

describe('queries and paths', () => {
  it('are read as Go reads queries', async () => {
    const query = 'a=%zz&b=1;2&c=%F0%9F%99%82+x&d=1&d=2';
    expect(JSON.parse((await call('GET', `/p/api/v2/echo?${query}`)).text)).toEqual({ c: '🙂 x', d: ['1', '2'] });
  });

  it.each([
    ['GET', '//p/api/v2/echo?a=b//c', '/p/api/v2/echo?a=b//c'],
    ['POST', '/p//api/v2/echo', '/p/api/v2/echo'],
    ['POST', '/p/api/v2//echo/', '/p/api/v2/echo/'],
  ])('leads %s %s to %s', async (method, path, to) => {
    expect(await call(method, path)).toMatchObject({ status: 307, to });
  });

  it.each([
    ['/a', null],
    ['/a/', null],
    ['/', null],
    ['//', '/'],
    ['//evil.test/x', '/evil.test/x'],
    ['/a/../b/./c', '/b/c'],
    ['/../..', '/'],
    ['/a//', '/a/'],
  ])('cleans %s to %s', (path, cleaned) => expect(cleanPath(path)).toBe(cleaned));

  it.each(['/p/api/v2/echo', '/p/api/v2/echo/'])('knows the methods of %s', async (path) => {
    expect(await call('PUT', path)).toMatchObject({ status: 405, allow: 'DELETE,GET,POST' });
  });
});
