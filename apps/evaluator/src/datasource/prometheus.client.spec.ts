import { Secret } from '@tocsin/common/config/secret';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, expect, it } from 'vitest';
import { PrometheusClient, type PrometheusOptions } from './prometheus.client';

const atMs = 1_700_000_000_250;
const signal = new AbortController().signal;
let closeAll: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closeAll.reverse()) await close();
  closeAll = [];
});

const empty: Answer = (_, response) => response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');

async function start(answer: Answer = empty, options: Partial<PrometheusOptions> = {}, path = '') {
  const peer = await HttpPeer.start(answer);
  const clock = new FakeClock();
  const url = options.url ?? `${peer.origin()}${path}`;
  const client = new PrometheusClient(
    { timeoutMs: 30_000, basicAuth: null, bearerToken: null, ...options, url },
    { userAgent: 'Tocsin/0', clock, environment: {} },
  );
  closeAll.push(
    () => peer.stop(),
    () => client.close(),
  );
  return { client, peer, clock };
}

it('posts the expression as a form with its time in seconds', async () => {
  const { client, peer } = await start(empty, {}, '/prom/?tenant=a');
  const result = await client.query('up{job="a&b"} == 0', atMs, signal);
  expect(result).toMatchObject({ kind: 'vector', samples: [] });
  expect(peer.only).toMatchObject({ method: 'POST', target: '/prom/api/v1/query?tenant=a' });
  expect(peer.only.headers['content-type']).toBe('application/x-www-form-urlencoded');
  const form = new URLSearchParams(peer.only.body);
  expect([form.get('query'), form.get('time')]).toEqual(['up{job="a&b"} == 0', '1700000000.25']);
});

it('keeps its connections for the next queries', async () => {
  const { client, peer } = await start();
  for (let count = 0; count < 10; count++) await client.query('up', atMs, signal);
  // The second query may begin before the connection of the first is free.
  expect(peer.connections + peer.closedConnections).toBeLessThanOrEqual(2);
});

it.each([
  [
    'basic auth',
    { basicAuth: { username: 'me', password: new Secret('p') } },
    `Basic ${Buffer.from('me:p').toString('base64')}`,
  ],
  ['a bearer token', { bearerToken: new Secret('t0ken') }, 'Bearer t0ken'],
])('says who it is by %s', async (_, options, authorization) => {
  const { client, peer } = await start(empty, options);
  await client.query('up', atMs, signal);
  expect(peer.only.headers.authorization).toBe(authorization);
});

function answering(status: number, body: string): Answer {
  return (_, response) => {
    response.statusCode = status;
    response.end(body);
  };
}

it.each([
  [
    'an error of the query',
    answering(400, '{"status":"error","errorType":"bad_data","error":"1:4: parse error"}'),
    /^bad_data: 1:4: parse error$/,
  ],
  [
    'another error',
    answering(502, '<h1>Bad Gateway</h1>'),
    /^bad response status 502 of datasource http:\/\/127\.0\.0\.1:\d+: <h1>/,
  ],
  ['a success that is none', answering(200, 'hello'), /^answer is not JSON: hello$/],
])('answers %s as a failure', async (_, answer, reason) => {
  const { client } = await start(answer);
  expect(await client.query('up', atMs, signal)).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) });
});

it('gives up after its time', async () => {
  const { client, peer, clock } = await start(() => {});
  const result = client.query('up', atMs, signal);
  await expect.poll(() => peer.requests.length).toBe(1);
  await clock.advance(30_000);
  expect(await result).toMatchObject({ kind: 'failed', reason: expect.stringContaining('timed out') });
});

it('ends a query that is no longer wanted', async () => {
  const { client, peer } = await start(() => {});
  const abort = new AbortController();
  const result = client.query('up', atMs, abort.signal);
  await expect.poll(() => peer.requests.length).toBe(1);
  abort.abort();
  expect(await result).toMatchObject({ kind: 'failed' });
});

it('reads no endless answer', async () => {
  const { client } = await start(answering(200, 'x'.repeat(2_000)), { maxResponseBytes: 1_000 });
  expect(await client.query('up', atMs, signal)).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('longer than 1000 bytes'),
  });
});

it('names a datasource that is away without its credentials', async () => {
  const { client } = await start(empty, { url: 'http://me:s3cret-pw@127.0.0.1:1/prom?token=t0ken-t0ken' });
  const result = await client.query('up', atMs, signal);
  expect(result).toMatchObject({
    kind: 'failed',
    reason: expect.stringContaining('unreachable datasource http://127.0.0.1:1/prom: '),
  });
  expect(JSON.stringify(result)).not.toMatch(/s3cret|t0ken/);
});

it('shows no secret that the datasource sends back', async () => {
  const { client } = await start(
    (request, response) =>
      answering(500, `no: ${request.headers.authorization}`)(request, response, undefined as never),
    { bearerToken: new Secret('t0ken-t0ken') },
  );
  expect(JSON.stringify(await client.query('up', atMs, signal))).not.toContain('t0ken');
});
