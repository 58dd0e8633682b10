import { copyFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret';
import { machineClock } from '../time/clock';
import { HttpClient } from './http-client.client';
import { DEFAULT_HTTP_CONFIG, NO_TLS_CONFIG, type TlsConfig } from './http-config';
import { type HttpResult } from './http-result';
import { TestAuthority } from './testing/certificates';
import { type Answer, HttpPeer } from './testing/http-peer';

let authority: TestAuthority;
let server: { cert: string; key: string };
let person: ReturnType<TestAuthority['issue']>;
let ends: (() => Promise<void>)[] = [];

beforeAll(() => {
  authority = new TestAuthority();
  server = authority.issue('server', 'DNS:localhost,DNS:other.test,IP:127.0.0.1');
  person = authority.issue('person', 'DNS:person.test');
});

afterAll(() => authority.remove());

afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});

async function tlsPeer(options: ServerOptions = {}, answer?: Answer): Promise<HttpPeer> {
  const peer = await HttpPeer.start(answer, { ...server, ...options });
  ends.push(() => peer.stop());
  return peer;
}

function clientWith(tls: Partial<TlsConfig>): HttpClient {
  const options = { userAgent: 'Tocsin/test', clock: machineClock, environment: {} };
  const client = new HttpClient({ ...DEFAULT_HTTP_CONFIG, tls: { ...NO_TLS_CONFIG, ...tls } }, options);
  ends.push(() => client.close());
  return client;
}

function post(url: string, tls: Partial<TlsConfig>): Promise<HttpResult> {
  return clientWith(tls).post(url, { body: 'x' });
}

describe('tls_config', () => {
  it.each<[string, () => Partial<TlsConfig>]>([
    ['trusts an authority from a file', () => ({ caFile: authority.caFile })],
    ['trusts an authority written inline', () => ({ ca: authority.ca })],
    ['trusts everybody when told to', () => ({ insecureSkipVerify: true })],
    ['takes versions that the server has', () => ({ ca: authority.ca, minVersion: 'TLS12', maxVersion: 'TLS13' })],
  ])('%s', async (_, tls) => {
    const peer = await tlsPeer();
    expect(await post(peer.origin(), tls())).toMatchObject({ status: 200 });
  });

  it.each<[string, () => Partial<TlsConfig>, ServerOptions]>([
    ['an unknown authority', () => ({}), {}],
    ['a certificate for another name', () => ({ ca: authority.ca, serverName: 'wrong.test' }), {}],
    ['a server that is too old', () => ({ ca: authority.ca, minVersion: 'TLS13' }), { maxVersion: 'TLSv1.2' }],
    ['a server that is too new', () => ({ ca: authority.ca, maxVersion: 'TLS12' }), { minVersion: 'TLSv1.3' }],
  ])('refuses %s', async (_, tls, options) => {
    const peer = await tlsPeer(options);
    expect(await post(peer.origin(), tls())).toMatchObject({ kind: 'error', code: 'tls' });
    expect(peer.requests).toEqual([]);
  });

  it('expects the name it was given', async () => {
    const named = authority.issue('named', 'DNS:named.test');
    const peer = await tlsPeer(named);
    expect(await post(peer.origin(), { ca: authority.ca })).toMatchObject({ code: 'tls' });
    expect(await post(peer.origin(), { ca: authority.ca, serverName: 'named.test' })).toMatchObject({ status: 200 });
  });

  it.each<[string, () => Partial<TlsConfig>]>([
    ['files', () => ({ certFile: person.certFile, keyFile: person.keyFile })],
    ['inline', () => ({ cert: person.cert, key: new Secret(person.key) })],
  ])('shows a client certificate from %s', async (_, tls) => {
    const peer = await tlsPeer({ requestCert: true, rejectUnauthorized: true, ca: authority.ca });
    expect(await post(peer.origin(), { ca: authority.ca, ...tls() })).toMatchObject({ status: 200 });
    expect(await post(peer.origin(), { ca: authority.ca })).toMatchObject({ kind: 'error' });
  });

  it.each<[string, () => Partial<TlsConfig>, RegExp]>([
    [
      'a file that is not there',
      () => ({ caFile: authority.file('none') }),
      /^unable to read CA cert \(.*none\): there is no such file/,
    ],
    ['an authority that is no certificate', () => ({ ca: 'nonsense' }), /^unable to use tls_config: /],
    ['a file of another kind', () => ({ certFile: authority.file('server.ext') }), /^unable to use tls_config: /],
  ])('is refused at once with %s', (_, tls, message) => {
    expect(() => clientWith(tls())).toThrow(message);
  });

  it('follows its files', async () => {
    const other = new TestAuthority();
    ends.push(async () => other.remove());
    const caFile = authority.file('current.pem');
    copyFileSync(other.caFile, caFile);
    const peer = await tlsPeer();
    const client = clientWith({ caFile });
    expect(await client.post(peer.origin(), { body: '' })).toMatchObject({ code: 'tls' });
    copyFileSync(authority.caFile, caFile);
    expect(await client.post(peer.origin(), { body: '' })).toMatchObject({ status: 200 });
  });
});

it('speaks HTTP/1.1 also to servers that prefer HTTP/2', async () => {
  const versions: string[] = [];
  const peer = createSecureServer({ ...server, allowHTTP1: true }, (request, response) => {
    versions.push(request.httpVersion);
    response.end();
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  ends.push(async () => void peer.close());
  const url = `https://127.0.0.1:${(peer.address() as AddressInfo).port}/`;
  expect(await post(url, { ca: authority.ca })).toMatchObject({ status: 200 });
  expect(versions).toEqual(['1.1']);
});
