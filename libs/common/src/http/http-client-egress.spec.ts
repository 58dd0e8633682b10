import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret';
import { machineClock } from '../time/clock';
import { egressPolicy } from './egress-rules.client';
import { HttpClient } from './http-client.client';
import { DEFAULT_HTTP_CONFIG, type HttpConfig } from './http-config';
import { HttpPeer } from './testing/http-peer';

/** `localhost` stands for an address of this machine without any look-up outside. */
describe('HttpClient within an egress policy', () => {
  let peer: HttpPeer;
  let clients: HttpClient[] = [];

  beforeEach(async () => {
    peer = await HttpPeer.start();
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await peer.stop();
  });

  function client(allowedHosts: string[], refusePrivate: boolean, config: Partial<HttpConfig> = {}): HttpClient {
    const made = egressPolicy({ allowedHosts, refusePrivate });
    if (!made.ok) throw new Error(made.wrong.join());
    const options = { userAgent: 'test', clock: machineClock, environment: {}, egress: made.policy };
    const opened = new HttpClient({ ...DEFAULT_HTTP_CONFIG, ...config }, options);
    clients.push(opened);
    return opened;
  }

  it.each([
    ['an allowed name', ['localhost'], false, 'localhost'],
    ['an allowed address', ['127.0.0.0/8'], true, '127.0.0.1'],
    ['a name that leads to an allowed address', ['127.0.0.0/8', '::1'], true, 'localhost'],
    ['anything without rules', [], false, '127.0.0.1'],
  ])('sends to %s', async (_, allowed, refusePrivate, host) => {
    expect(await client(allowed, refusePrivate).post(peer.origin(host), {})).toMatchObject({ status: 200 });
  });

  it.each([
    ['another name', ['hooks.test'], false, 'localhost', 'localhost is not among the allowed hosts'],
    ['another address', ['hooks.test'], false, '127.0.0.1', '127.0.0.1 is not among the allowed hosts'],
    ['a private address', [], true, '127.0.0.1', '127.0.0.1 is a private address'],
    ['a name that leads to one', ['localhost'], true, 'localhost', 'localhost leads to'],
  ])('sends nothing to %s', async (_, allowed, refusePrivate, host, reason) => {
    const result = await client(allowed, refusePrivate).post(peer.origin(host), {});
    expect(result).toMatchObject({
      kind: 'error',
      code: 'refused',
      isSent: false,
      message: expect.stringContaining(reason),
    });
    expect(peer.requests).toEqual([]);
  });

  it('follows no redirect to where it may not go', async () => {
    const away = await HttpPeer.start((_, response) =>
      response.writeHead(307, { location: peer.origin('127.0.0.1') }).end(),
    );
    const result = await client(['localhost'], false).post(away.origin('localhost'), {});
    await away.stop();
    expect(result).toMatchObject({ code: 'refused', message: expect.stringContaining('127.0.0.1 is not among') });
    expect(peer.requests).toEqual([]);
  });

  it('asks about the name where a proxy looks it up, and not about the proxy', async () => {
    const proxy = { ...DEFAULT_HTTP_CONFIG.proxy, url: new Secret(peer.origin()) };
    const allowed = client(['hooks.test'], true, { proxy });
    expect(await allowed.post('http://hooks.test/x', {})).toMatchObject({ status: 200 });
    expect(await allowed.post('http://other.test/x', {})).toMatchObject({ code: 'refused' });
  });
});
