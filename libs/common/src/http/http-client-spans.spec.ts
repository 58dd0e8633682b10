import { afterEach, beforeEach, expect, it } from 'vitest';
import { machineClock } from '../time/clock';
import { HttpClient } from './http-client.client';
import { DEFAULT_HTTP_CONFIG } from './http-config';
import { type HttpResult } from './http-result';
import { type ClientSpans } from './http-spans';
import { HttpPeer } from './testing/http-peer';

let peer: HttpPeer;
let client: HttpClient;
let around: { request: unknown; result: HttpResult }[];

const spans: ClientSpans = {
  async around(request, send) {
    const result = await send({ traceparent: 'abc' });
    around.push({ request, result });
    return result;
  },
};

beforeEach(async () => {
  around = [];
  peer = await HttpPeer.start();
  client = new HttpClient(DEFAULT_HTTP_CONFIG, { userAgent: 'x', clock: machineClock, environment: {}, spans });
});

afterEach(async () => {
  await peer.stop();
  await client.close();
});

it('a request has the headers of its span besides its own, and the span never sees the secret part of an address', async () => {
  await client.post(`${peer.origin()}/hook/secret?key=1`, { headers: { 'x-own': 'yes' }, body: 'hello' });
  expect(peer.only).toMatchObject({ headers: { traceparent: 'abc', 'x-own': 'yes' }, body: 'hello' });
  expect(around.map(({ request }) => request)).toEqual([{ method: 'POST', host: `127.0.0.1:${peer.port}` }]);
  expect(around[0]?.result).toMatchObject({ kind: 'response', status: 200 });
});

it('a request that cannot be sent has one, too', async () => {
  const result = await client.post('not an address', {});
  expect(around.map(({ request }) => request)).toEqual([{ method: 'POST', host: '' }]);
  expect(result.kind).toBe('error');
});

it('bytes are sent as they are', async () => {
  await client.post(peer.origin(), { body: new Uint8Array([0x68, 0x69]) });
  expect(peer.only).toMatchObject({ headers: { 'content-length': '2' }, body: 'hi' });
});
