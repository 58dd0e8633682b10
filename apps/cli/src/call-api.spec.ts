import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callApi } from './call-api';
import { UsageError } from './command';

it.each([
  ['a text in JSON', 400, '"start time must be before end time"\n', 'start time must be before end time'],
  [
    'a message',
    422,
    '{"code":601,"message":"silenceID in path must be of type uuid: \\"x\\""}',
    'silenceID in path must be of type uuid: "x"',
  ],
  ['plain text', 401, 'Unauthorized\n', 'Unauthorized'],
  ['other JSON', 500, '{"status":"error"}', '{"status":"error"}'],
  ['nothing', 404, '', 'Not Found'],
])('tells what went wrong when the server answers %s', async (_, status, body, said) => {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect(callApi(url, { method: 'GET', path: '/x' }, { timeoutMs: 5_000, httpConfigFile: '' })).rejects.toThrow(
      new UsageError(`${url} answered ${status}: ${said}`),
    );
  } finally {
    server.close();
  }
});

describe('--http.config.file', () => {
  const authority = new TestAuthority();
  const { cert, key } = authority.issue('server', 'IP:127.0.0.1');
  const asked: unknown[] = [];
  const server = createTlsServer({ cert, key }, (request, response) => {
    asked.push([request.method, request.url, request.headers.authorization]);
    response.end('"done"');
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    authority.remove();
  });
  const file = (name: string, text: string): string => {
    writeFileSync(authority.file(name), text);
    return authority.file(name);
  };
  const call = (httpConfigFile: string, to = url) =>
    callApi(to, { method: 'POST', path: '/x?y=z', body: {} }, { timeoutMs: 5_000, httpConfigFile });

  it('says whom to trust, and what to send', async () => {
    await expect(call('')).rejects.toThrow(/^cannot reach https:\/\/127\.0\.0\.1:\d+: /);
    const good = file('good.yml', 'tls_config: { ca_file: ca.pem }\nauthorization: { credentials: token }\n');
    expect(await call(good)).toBe('"done"');
    expect(asked).toEqual([['POST', '/x?y=z', 'Bearer token']]);
  });

  it.each([
    ['a file that is not there', '', /^--http\.config\.file .*nope\.yml: there is no such file$/],
    ['mistakes, with their place', 'tls_config: { foo: 1 }\n', /bad\.yml:1:15: .*foo/],
    [
      'a certificate that is not there',
      'tls_config: { ca_file: no.pem }\n',
      /unable to read CA cert \(.*no\.pem\): there is/,
    ],
  ])('refuses %s', async (_, text, message) => {
    await expect(call(text === '' ? authority.file('nope.yml') : file('bad.yml', text))).rejects.toThrow(message);
  });

  it('excludes a user in the URL', async () => {
    await expect(call(file('good.yml', '{}'), url.replace('//', '//me:pw@'))).rejects.toThrow('exclude each other');
  });
});
