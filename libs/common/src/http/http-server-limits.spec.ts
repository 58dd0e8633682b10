import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Controller, Get, Module, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { nullLog } from '../log/log';
import { sendText } from './error.filter';
import { HttpListeners } from './http-listeners.client';
import { HttpServer, type HttpServerOptions } from './http-server.service';

/** Requests to `/slow` that have not been answered yet. */
const held: (() => void)[] = [];

@Controller()
class ThingsController {
  @Get('api/v2/fast')
  fast(@Res() reply: FastifyReply): void {
    sendText(reply, 'fast', 200);
  }

  @Get('api/v2/slow')
  async slow(@Res() reply: FastifyReply): Promise<void> {
    await new Promise<void>((resolve) => held.push(resolve));
    sendText(reply, 'slow', 200);
  }

  @Get('fails-late')
  async failsLate(): Promise<void> {
    await new Promise<void>((resolve) => held.push(resolve));
    throw new Error('too late to matter');
  }

  @Post('api/v2/fast')
  post(@Res() reply: FastifyReply): void {
    sendText(reply, 'posted', 200);
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

let server: HttpServer;
let port = 0;

async function start(options: Partial<HttpServerOptions>): Promise<void> {
  server = await HttpServer.create({ module: ThingsModule, log: nullLog, jsonBase: '/api/v2', ...options });
  port = (await server.listen({ host: '127.0.0.1', port: 0 })).port;
}

async function call(method: string, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

afterEach(async () => {
  held.splice(0).forEach((release) => release());
  await server.close(50);
});

describe('the limit of GET requests', () => {
  const refusal = {
    status: 503,
    type: 'text/plain; charset=utf-8',
    text: 'Limit of concurrent GET requests reached (2), try again later.\n\n',
  };

  it('refuses what is beyond, of every path, and takes more when others have ended', async () => {
    const inFlight: number[] = [];
    let refused = 0;
    const getLimit = {
      max: 2,
      inFlightChanged: (now: number) => void inFlight.push(now),
      refused: () => void refused++,
    };
    await start({ getLimit });
    const slow = [call('GET', '/api/v2/slow'), call('GET', '/api/v2/slow')];
    await expect.poll(() => held.length).toBe(2);
    for (const path of ['/api/v2/fast', '/nope', '/']) expect(await call('GET', path)).toEqual(refusal);
    expect(await call('POST', '/api/v2/fast')).toMatchObject({ status: 200 });
    expect(refused).toBe(3);
    held.splice(0).forEach((release) => release());
    await Promise.all(slow);
    await expect.poll(() => inFlight).toEqual([1, 2, 1, 0]);
    expect(await call('GET', '/api/v2/fast')).toMatchObject({ status: 200 });
  });

  it('counts a request no longer whose client has gone', async () => {
    let now = 0;
    await start({ getLimit: { max: 2, inFlightChanged: (inFlight) => (now = inFlight), refused: () => undefined } });
    const client = await send('GET /api/v2/slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => now).toBe(1);
    client.destroy();
    await expect.poll(() => now).toBe(0);
  });
});

describe('the time limit', () => {
  it('answers 503 with the limit as Go writes it, and lets what comes quickly be', async () => {
    await start({ timeoutMs: 60 });
    expect(await call('GET', '/api/v2/fast')).toMatchObject({ status: 200, text: 'fast\n' });
    expect(await call('GET', '/api/v2/slow')).toEqual({
      status: 503,
      type: 'text/plain; charset=utf-8',
      text: 'Exceeded configured timeout of 60ms.\n',
    });
  });

  it.each(['/api/v2/slow', '/fails-late'])('leaves the connection usable when %s ends after all', async (path) => {
    await start({ timeoutMs: 30 });
    const client = await send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await expect.poll(() => client.text()).toContain('Exceeded configured timeout');
    held.splice(0).forEach((release) => release());
    client.write('GET /api/v2/fast HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => client.text()).toMatch(/fast\n$/);
    expect(client.text().match(/HTTP\/1\.1/g)).toHaveLength(2);
  });

  it('covers a body that does not come', async () => {
    await start({ timeoutMs: 30 });
    const client = await send(
      'POST /api/v2/fast HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[1',
    );
    await expect.poll(() => client.text()).toContain('503');
  });
});

describe('closing', () => {
  it.each([
    ['the head of a request', 'GET /api/v2/fast HTTP/1.1\r\nHo'],
    [
      'a body',
      'POST /api/v2/fast HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[1',
    ],
    ['nothing', ''],
  ])('does not wait for the rest of %s', async (_, begun) => {
    await start({});
    const client = await send(begun);
    expect((await call('GET', '/api/v2/fast')).status).toBe(200);
    const startMs = performance.now();
    await server.close(30_000);
    expect(performance.now() - startMs).toBeLessThan(3_000);
    expect(client.destroyed || client.readableEnded || (await once(client, 'close'))).toBeTruthy();
  });

  it('lets the rest of a body come that is on its way', async () => {
    await start({});
    const client = await send(
      'POST /api/v2/fast HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n[1',
    );
    await expect.poll(async () => (await call('GET', '/api/v2/fast')).status).toBe(200);
    const closed = server.close(30_000);
    client.write(']');
    await closed;
    await expect.poll(() => client.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*connection: close\r\n[^]*posted\n$/i);
  });
});

it('cuts requests whose head does not come in time', async () => {
  await start({});
  const listeners = new HttpListeners({
    handle: (_, response) => response.end(),
    secure: null,
    log: nullLog,
    http1: { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 },
  });
  port = (await listeners.listen({ host: '127.0.0.1', port: 0 })).port;
  const client = await send('GET / HTTP/1.1\r\nHo');
  await expect.poll(() => client.text()).toContain('408 Request Timeout');
  await listeners.close(50);
});

/** A connection that has sent this, and what came back. */
async function send(begun: string): Promise<Socket & { text: () => string }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(socket, 'connect');
  if (begun !== '') socket.write(begun);
  return Object.assign(socket, { text: () => text });
}
