import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret';
import { machineClock } from '../time/clock';
import { HttpClient, type HttpRequest } from './http-client.client';
import { DEFAULT_HTTP_CONFIG, type HttpConfig, NO_PROXY_CONFIG } from './http-config';
import { type HttpResult } from './http-result';
import { type Answer, HttpPeer } from './testing/http-peer';

let peers: HttpPeer[];
let clients: HttpClient[];
let folder: string;

beforeEach(() => {
  peers = [];
  clients = [];
  folder = mkdtempSync(join(tmpdir(), 'tocsin-http-'));
});

afterEach(async () => {
  // Peers first: requests still under way must end before a client can close.
  await Promise.all(peers.map((peer) => peer.stop()));
  await Promise.all(clients.map((client) => client.close()));
  rmSync(folder, { recursive: true });
});

async function peerThat(answer?: Answer): Promise<HttpPeer> {
  const peer = await HttpPeer.start(answer);
  peers.push(peer);
  return peer;
}

function clientWith(config: Partial<HttpConfig> = {}, environment: Record<string, string> = {}): HttpClient {
  const options = { userAgent: 'Tocsin/test', clock: machineClock, environment };
  const client = new HttpClient({ ...DEFAULT_HTTP_CONFIG, ...config }, options);
  clients.push(client);
  return client;
}

function post(peer: HttpPeer, config: Partial<HttpConfig> = {}, request: HttpRequest = {}): Promise<HttpResult> {
  return clientWith(config).post(`${peer.origin()}/hook?x=1`, { body: 'hello', ...request });
}

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const secret = (text: string): Secret => new Secret(text);
const noSecret = secret('');

describe('post', () => {
  it('sends body and headers and gives back the response', async () => {
    const peer = await peerThat((_, response) => response.writeHead(202, { 'x-answer': 'yes' }).end('taken'));
    const result = await post(peer, {}, { headers: { 'content-type': 'text/plain' } });
    expect(result).toMatchObject({ kind: 'response', status: 202, body: 'taken', truncated: false });
    expect(result).toHaveProperty('headers.x-answer', 'yes');
    expect(peer.only).toMatchObject({ method: 'POST', target: '/hook?x=1', body: 'hello' });
    expect(peer.only.headers).toMatchObject({
      'user-agent': 'Tocsin/test',
      'content-type': 'text/plain',
      'content-length': '5',
      host: `127.0.0.1:${peer.port}`,
    });
    expect(peer.only.headers).not.toHaveProperty('authorization');
    expect(peer.only.headers).not.toHaveProperty('accept-encoding');
  });

  it('uses connections again', async () => {
    const ports = new Set<number | undefined>();
    const peer = await peerThat((_, response, incoming) => {
      ports.add(incoming.socket.remotePort);
      response.end('x'.repeat(1000));
    });
    const client = clientWith();
    for (let count = 0; count < 10; count++) await client.post(peer.origin(), { body: '' });
    // Two, because one that was just used rests for a turn of the event loop.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it('reads no more of a long answer than was asked for', async () => {
    const peer = await peerThat((_, response) => {
      response.writeHead(500);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    const limited = await post(peer, {}, { maxBodyBytes: 10 });
    expect(limited).toMatchObject({ status: 500, body: 'xxxxxxxxxx', truncated: true });
    const byDefault = await post(peer);
    expect(byDefault).toMatchObject({ truncated: true, body: 'x'.repeat(64 * 1024) });
  });
});

describe('failures', () => {
  it.each<[string, Answer, HttpRequest, string, RegExp]>([
    ['a server that hangs', () => {}, { timeoutMs: 50 }, 'timeout', /timed out after 50 ms$/],
    [
      'a server that hangs in the middle of the body',
      (_, response) => response.write('x'),
      { timeoutMs: 50 },
      'timeout',
      /timed out after 50 ms$/,
    ],
    ['a connection that breaks', (_, response) => response.destroy(), {}, 'network', /other side closed|ECONNRESET/],
    [
      'an answer that is not HTTP',
      (_, __, incoming) => incoming.socket.end('nonsense\r\n\r\n'),
      {},
      'network',
      /Expected HTTP/,
    ],
    ['a caller whose time is up', () => {}, { signal: AbortSignal.timeout(50) }, 'timeout', /timed out$/],
    ['a call that is already aborted', () => {}, { signal: AbortSignal.abort() }, 'aborted', /aborted$/],
  ])('%s gives an error', async (_, answer, request, code, message) => {
    const peer = await peerThat(answer);
    const result = await post(peer, {}, request);
    expect(result).toMatchObject({ kind: 'error', code, isSent: peer.requests.length > 0 });
    expect(result).toHaveProperty('message', expect.stringMatching(/^POST "<redacted>": /));
    expect(result).toHaveProperty('message', expect.stringMatching(message));
  });

  it('ends at once when the caller aborts, and gives the connection up', async () => {
    const peer = await peerThat(() => {});
    const caller = new AbortController();
    const result = post(peer, {}, { signal: caller.signal });
    await expect.poll(() => peer.requests.length).toBe(1);
    caller.abort();
    expect(await result).toMatchObject({ kind: 'error', code: 'aborted' });
    await expect.poll(() => peer.closedConnections).toBe(1);
  });

  it('sends nothing when the caller had aborted before', async () => {
    const peer = await peerThat();
    await post(peer, {}, { signal: AbortSignal.abort() });
    await post(peer);
    expect(peer.requests).toHaveLength(1);
  });

  it('says when nobody listens', async () => {
    const peer = await HttpPeer.start();
    const url = peer.origin();
    await peer.stop();
    const result = await clientWith().post(url, { body: '' });
    expect(result).toMatchObject({ kind: 'error', code: 'network', isSent: false });
    expect(result).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'));
  });

  it('says when an address is none', async () => {
    const result = await clientWith().post('http://<secret>', { body: '' });
    const message = 'POST "<redacted>": not a valid address';
    expect(result).toEqual({ kind: 'error', code: 'network', message, isSent: false });
  });

  it('says when the proxy that the environment names is none', async () => {
    const proxy = { ...NO_PROXY_CONFIG, fromEnvironment: true };
    const client = clientWith({ proxy }, { HTTP_PROXY: 'http://me:canary@a b/' });
    const result = await client.post('http://receiver.test/', { body: '' });
    expect(result).toMatchObject({ kind: 'error', code: 'network', isSent: false });
    expect(JSON.stringify(result)).not.toContain('canary');
  });

  it('recovers after a failure', async () => {
    let broken = true;
    const peer = await peerThat((_, response) => (broken ? response.destroy() : response.end()));
    const client = clientWith();
    expect(await client.post(peer.origin(), { body: '' })).toMatchObject({ kind: 'error' });
    broken = false;
    expect(await client.post(peer.origin(), { body: '' })).toMatchObject({ status: 200 });
  });
});

describe('credentials', () => {
  const basicAuth = { username: 'u', usernameFile: '', password: secret('p:w'), passwordFile: '' };
  const authorization = { type: 'Bearer', credentials: secret('token'), credentialsFile: '' };

  it.each<[string, () => Partial<HttpConfig>, Record<string, unknown>]>([
    ['basic auth', () => ({ basicAuth }), { authorization: `Basic ${btoa('u:p:w')}` }],
    [
      'basic auth from files, trimmed',
      () => ({
        basicAuth: {
          ...basicAuth,
          password: noSecret,
          usernameFile: fileWith('user', 'me\n'),
          passwordFile: fileWith('password', ' pw \n'),
        },
      }),
      { authorization: `Basic ${btoa('me:pw')}` },
    ],
    ['a bearer token', () => ({ authorization }), { authorization: 'Bearer token' }],
    [
      'another type of credentials, from a file',
      () => ({
        authorization: { type: 'Key', credentials: noSecret, credentialsFile: fileWith('key', 'abc\n') },
      }),
      { authorization: 'Key abc' },
    ],
    [
      'further headers',
      () => ({
        headers: {
          'X-Plain': { values: ['a', 'b'], secrets: [], files: [] },
          'X-Secret': { values: ['v'], secrets: [secret('s')], files: [fileWith('h', 'f\n')] },
        },
      }),
      { 'x-plain': 'a, b', 'x-secret': 'v, s, f' },
    ],
  ])('sends %s', async (_, config, headers) => {
    const peer = await peerThat();
    await post(peer, config());
    expect(peer.only.headers).toMatchObject(headers);
  });

  it('sends those in the address', async () => {
    const peer = await peerThat();
    await clientWith().post(peer.origin('me:p%40ss@127.0.0.1'), { body: '' });
    expect(peer.only.headers.authorization).toBe(`Basic ${btoa('me:p@ss')}`);
  });

  it('sends a password in the address whose % encodes nothing', async () => {
    const peer = await peerThat((_, response) => response.writeHead(500).end(btoa('me:50%x')));
    const result = await clientWith().post(peer.origin('me:50%x@127.0.0.1'), { body: '' });
    expect(peer.only.headers.authorization).toBe(`Basic ${btoa('me:50%x')}`);
    expect(result).toMatchObject({ status: 500, body: '<redacted>' });
  });

  it('leaves an Authorization header of the caller alone', async () => {
    const peer = await peerThat();
    await post(peer, { authorization }, { headers: { authorization: 'GenieKey x' } });
    expect(peer.only.headers.authorization).toBe('GenieKey x');
  });

  it('reads files for each request', async () => {
    const peer = await peerThat();
    const credentialsFile = fileWith('token', 'old');
    const client = clientWith({ authorization: { ...authorization, credentials: noSecret, credentialsFile } });
    await client.post(peer.origin(), { body: '' });
    fileWith('token', 'new');
    await client.post(peer.origin(), { body: '' });
    expect(peer.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });

  it.each(['', ' \n'])('does not send when a file holds nothing: %j', async (text) => {
    const peer = await peerThat();
    const credentialsFile = fileWith('token', text);
    const result = await post(peer, { authorization: { ...authorization, credentialsFile } });
    const message = `POST "<redacted>": unable to read authorization credentials: ${credentialsFile} is empty`;
    expect(result).toMatchObject({ kind: 'error', code: 'credentials', message });
    expect(peer.requests).toEqual([]);
  });

  it('does not send when a file cannot be read', async () => {
    const peer = await peerThat();
    const credentialsFile = join(folder, 'none');
    const result = await post(peer, { authorization: { ...authorization, credentialsFile } });
    expect(result).toMatchObject({ kind: 'error', code: 'credentials' });
    expect(result).toHaveProperty(
      'message',
      expect.stringContaining('unable to read authorization credentials: ENOENT'),
    );
    expect(peer.requests).toEqual([]);
  });
});

describe('redirects', () => {
  const redirect = (status: number, to: () => string): Answer => {
    return (request, response) => {
      if (request.target.startsWith('/hook')) response.writeHead(status, { location: to() });
      response.end('final');
    };
  };

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'hello'],
    [308, 'POST', 'hello'],
  ])('of status %i are followed with %s', async (status, method, body) => {
    const peer = await peerThat(redirect(status, () => '/next?a=b'));
    const result = await post(peer, {}, { headers: { 'content-type': 'text/plain' } });
    expect(result).toMatchObject({ status: 200, body: 'final' });
    expect(peer.requests[1]).toMatchObject({ method, target: '/next?a=b', body });
    expect(peer.requests[1]?.headers['content-type']).toBe(method === 'POST' ? 'text/plain' : undefined);
  });

  it('take credentials along on the same host only', async () => {
    const config: Partial<HttpConfig> = {
      basicAuth: { username: 'u', usernameFile: '', password: secret('p'), passwordFile: '' },
      headers: {
        'X-Plain': { values: ['a'], secrets: [], files: [] },
        'X-Secret': { values: [], secrets: [secret('s')], files: [] },
      },
    };
    const other = await peerThat();
    const same = await peerThat(redirect(307, () => '/next'));
    const away = await peerThat(redirect(307, () => `${other.origin()}/next`));
    await post(same, config);
    expect(same.requests[1]?.headers).toMatchObject({ 'x-secret': 's', authorization: `Basic ${btoa('u:p')}` });
    await post(away, config, { headers: { cookie: 'c' } });
    expect(other.only.headers['x-plain']).toBe('a');
    for (const name of ['authorization', 'x-secret', 'cookie']) expect(other.only.headers).not.toHaveProperty(name);
  });

  it.each([
    ['when they are switched off', { followRedirects: false }, 1],
    ['after ten', {}, 11],
  ])('end with the redirecting response %s', async (_, config, requests) => {
    const peer = await peerThat((__, response) => response.writeHead(307, { location: '/again' }).end());
    expect(await post(peer, config)).toMatchObject({ status: 307 });
    expect(peer.requests).toHaveLength(requests);
  });

  it.each([['ftp://elsewhere/'], ['http://']])('to %s are not followed', async (location) => {
    const peer = await peerThat((_, response) => response.writeHead(302, { location }).end());
    expect(await post(peer)).toMatchObject({ status: 302 });
  });
});

describe('messages', () => {
  const canary = 'canary-0123456789';

  it('show no part of address and credentials that a server sends back', async () => {
    const peer = await peerThat((request, response) => {
      response.writeHead(400).end(`${request.target} ${JSON.stringify(request.headers)} hook=${canary}`);
    });
    const client = clientWith({
      basicAuth: { username: 'u', usernameFile: '', password: secret(`${canary}-password`), passwordFile: '' },
      headers: { 'X-Key': { values: [], secrets: [secret(`${canary}-header`)], files: [] } },
    });
    const result = await client.post(`${peer.origin()}/services/${canary}?token=${canary}-query`, { body: '' });
    expect(JSON.stringify(result)).toContain('<redacted>');
    expect(JSON.stringify(result)).not.toContain(canary);
    expect(JSON.stringify(result)).not.toContain(btoa(`u:${canary}-password`));
  });

  it('show no credentials of an address, and nothing of those it led to', async () => {
    const peer = await peerThat((request, response) => {
      if (request.target === '/first') response.writeHead(307, { location: `/${canary}-next?token=${canary}-token` });
      else response.writeHead(400);
      response.end(`${request.target} ${JSON.stringify(request.headers)}`);
    });
    const result = await clientWith().post(`${peer.origin(`me:${canary}@127.0.0.1`)}/first`, { body: '' });
    expect(result).toMatchObject({ status: 400 });
    expect(JSON.stringify(result)).not.toContain(canary);
    expect(JSON.stringify(result)).not.toContain(btoa(`me:${canary}`));
  });

  it('keep the body of a success as it is', async () => {
    const peer = await peerThat((request, response) => response.end(request.target));
    const result = await clientWith().post(`${peer.origin()}/${canary}`, { body: '' });
    expect(result).toMatchObject({ body: `/${canary}` });
  });
});

describe('close', () => {
  it('lets a request under way finish, then ends the connections', async () => {
    let finish = (): void => {};
    const peer = await peerThat((_, response) => {
      finish = () => response.end('done');
    });
    const client = clientWith();
    const result = client.post(peer.origin(), { body: '' });
    await expect.poll(() => peer.requests.length).toBe(1);
    const closed = client.close();
    finish();
    expect(await result).toMatchObject({ status: 200, body: 'done' });
    await closed;
    await expect.poll(() => peer.connections).toBe(0);
  });
});
