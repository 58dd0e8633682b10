import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret';
import { machineClock } from '../time/clock';
import { HttpClient } from './http-client.client';
import { DEFAULT_HTTP_CONFIG, NO_PROXY_CONFIG, NO_TLS_CONFIG, type ProxyConfig } from './http-config';
import { TestAuthority } from './testing/certificates';
import { HttpPeer } from './testing/http-peer';

let authority: TestAuthority;
let certificate: { cert: string; key: string };
let ends: (() => Promise<void>)[] = [];

beforeAll(() => {
  authority = new TestAuthority();
  certificate = authority.issue('server', 'IP:127.0.0.1');
});

afterAll(() => authority.remove());

afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});

function clientWith(proxy: Partial<ProxyConfig>): HttpClient {
  const config = {
    ...DEFAULT_HTTP_CONFIG,
    tls: { ...NO_TLS_CONFIG, ca: authority.ca },
    proxy: { ...NO_PROXY_CONFIG, ...proxy },
  };
  const client = new HttpClient(config, { userAgent: 'Tocsin/test', clock: machineClock, environment: {} });
  ends.push(() => client.close());
  return client;
}

/** A proxy for plain requests and tunnels; it keeps what it was asked for. */
async function startProxy(tls = false) {
  const peer = await HttpPeer.start((_, response) => response.end('from the proxy'), tls ? certificate : undefined);
  const tunnels: { target: string | undefined; headers: Record<string, unknown> }[] = [];
  peer.onConnect((request, socket) => {
    tunnels.push({ target: request.url, headers: request.headers });
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) {
      end.on('error', () => {
        upstream.destroy();
        socket.destroy();
      });
    }
  });
  ends.push(() => peer.stop());
  return { peer, tunnels };
}

async function startTarget(): Promise<HttpPeer> {
  const peer = await HttpPeer.start((_, response) => response.end('from the target'), certificate);
  ends.push(() => peer.stop());
  return peer;
}

describe('a proxy', () => {
  it('is handed plain requests with their full address', async () => {
    const { peer } = await startProxy();
    const client = clientWith({ url: new Secret(peer.origin('me:p%40ss@127.0.0.1')) });
    const result = await client.post('http://receiver.test:8080/hook?a=b', { body: 'x' });
    expect(result).toMatchObject({ status: 200, body: 'from the proxy' });
    expect(peer.only).toMatchObject({ method: 'POST', target: 'http://receiver.test:8080/hook?a=b', body: 'x' });
    expect(peer.only.headers).toMatchObject({
      host: 'receiver.test:8080',
      'proxy-authorization': `Basic ${btoa('me:p@ss')}`,
    });
  });

  it.each([
    ['http', false],
    ['https', true],
  ])('reached by %s opens tunnels for encrypted requests', async (_, tls) => {
    const target = await startTarget();
    const { peer, tunnels } = await startProxy(tls);
    const client = clientWith({
      url: new Secret(peer.origin('me:pw@127.0.0.1')),
      connectHeader: { 'X-Team': [new Secret('a')] },
    });
    expect(await client.post(`${target.origin()}/hook`, { body: 'x' })).toMatchObject({ body: 'from the target' });
    expect(tunnels).toMatchObject([
      {
        target: `127.0.0.1:${target.port}`,
        headers: { 'proxy-authorization': `Basic ${btoa('me:pw')}`, 'x-team': 'a' },
      },
    ]);
    expect(target.only.headers).not.toHaveProperty('proxy-authorization');
    expect(peer.requests).toEqual([]);
  });

  it('is left out for excepted hosts', async () => {
    const target = await startTarget();
    const { tunnels } = await startProxy();
    const client = clientWith({ url: new Secret('http://127.0.0.1:1/'), noProxy: 'x.test' });
    expect(await client.post(target.origin(), { body: '' })).toMatchObject({ body: 'from the target' });
    expect(tunnels).toEqual([]);
  });

  it('that sends back what it was told gives an answer without that', async () => {
    const peer = await HttpPeer.start(({ headers }, response) => response.writeHead(403).end(JSON.stringify(headers)));
    ends.push(() => peer.stop());
    const client = clientWith({ url: new Secret(peer.origin('me:canary@127.0.0.1')) });
    const result = await client.post('http://receiver.test/', { body: '' });
    expect(result).toMatchObject({ status: 403, body: expect.stringContaining('"proxy-authorization":"<redacted>"') });
  });

  it('may have a password with a % that encodes nothing', async () => {
    const { peer } = await startProxy();
    const client = clientWith({ url: new Secret(peer.origin('me:50%@127.0.0.1')) });
    expect(await client.post('http://receiver.test/', { body: '' })).toMatchObject({ status: 200 });
    expect(peer.only.headers).toMatchObject({ 'proxy-authorization': `Basic ${btoa('me:50%')}` });
  });

  it('that cannot be reached gives an error without its password', async () => {
    const url = new Secret('http://me:canary@127.0.0.1:1/');
    for (const address of ['http://receiver.test/', 'https://receiver.test/']) {
      const result = await clientWith({ url }).post(address, { body: '' });
      expect(result).toMatchObject({ kind: 'error', code: 'network' });
      expect(JSON.stringify(result)).not.toContain('canary');
    }
  });
});
