import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { Body, Controller, Get, Module, Post, Res } from '@nestjs/common';
import { hashSync } from 'bcryptjs';
import type { FastifyReply } from 'fastify';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Log, nullLog } from '../log/log';
import { machineClock } from '../time/clock';
import { sendJson, sendText } from './error.filter';
import { HttpServer } from './http-server.service';
import { TestAuthority } from './testing/certificates';
import { WebConfigFile } from './web-config.loader';
import { WebGuard } from './web-guard.service';

@Controller()
class ThingsController {
  @Get('thing')
  thing(@Res() reply: FastifyReply): void {
    sendText(reply, 'a thing', 200);
  }

  @Post('thing')
  take(@Body() body: unknown, @Res() reply: FastifyReply): void {
    sendJson(reply, body);
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const authority = new TestAuthority();
const own = authority.issue('server', 'DNS:localhost,IP:127.0.0.1');
const other = authority.issue('other', 'DNS:localhost,IP:127.0.0.1');
const friend = authority.issue('friend', 'DNS:friend.example,URI:spiffe://friend');
const strangers = new TestAuthority();
const stranger = strangers.issue('stranger', 'DNS:friend.example');
const file = authority.file('web.yml');
afterAll(() => [authority, strangers].forEach((one) => one.remove()));

let server: HttpServer | null = null;
let port = 0;
const lines: string[] = [];
const log: Log = { ...nullLog, info: (message, fields) => void lines.push(`${message} ${JSON.stringify(fields)}`) };

/** Another length each time, so that the change is seen within one tick of the file's clock. */
let writes = 0;
function write(yaml: string): void {
  writeFileSync(file, `${yaml}\n#${'x'.repeat(++writes)}\n`);
}

async function start(yaml: string): Promise<void> {
  write(yaml);
  lines.length = 0;
  const guard = new WebGuard(new WebConfigFile(file, nullLog), machineClock);
  server = await HttpServer.create({ module: ThingsModule, log, guard });
  port = (await server.listen({ host: '127.0.0.1', port: 0 })).port;
}

afterEach(async () => {
  await server?.close(50);
  server = null;
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly certificate: string;
}

/** One request over a connection of its own. */
function call(options: RequestOptions & { session?: Buffer } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { host: '127.0.0.1', port, path: '/thing', ca: authority.ca, agent: false, ...options };
    const sent = httpsRequest(all, (response) => {
      const { socket } = response;
      const certificate = socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject?.CN) : '';
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers, certificate }),
      );
    });
    sent.on('error', reject).end();
  });
}

const TLS = `cert_file: server.pem, key_file: server.key`;
const secured = (more = '') => `tls_server_config: {${TLS}${more}}`;

describe('TLS', () => {
  it('serves HTTP/1.1, and says that TLS is enabled', async () => {
    await start(secured());
    expect(await call()).toMatchObject({ status: 200, text: 'a thing\n', certificate: 'server' });
    expect(server?.scheme).toBe('https');
    expect(lines).toEqual([
      `Listening on {"address":"127.0.0.1:${port}"}`,
      `TLS is enabled. {"http2":true,"address":"127.0.0.1:${port}"}`,
    ]);
  });

  it('serves HTTP/2, with bodies and headers', async () => {
    await start(`${secured()}\nhttp_server_config: {headers: {X-Frame-Options: deny}}`);
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.ca });
    const stream = session.request({ ':method': 'POST', ':path': '/thing', 'content-type': 'application/json' });
    stream.end('[1]');
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    await once(stream, 'end');
    expect([headers[':status'], headers['x-frame-options'], text]).toEqual([
      200,
      'deny',
      '{"kind":"value","value":[1]}\n',
    ]);
    await Promise.all([once(session, 'close'), server?.close(5_000)]);
  });

  it.each([
    ['', 'h2'],
    ['\nhttp_server_config: {http2: false}', 'http/1.1'],
  ])('offers HTTP/2 unless told not to: %j', async (more, protocol) => {
    await start(secured() + more);
    const socket = connectTls({ host: '127.0.0.1', port, ca: authority.ca, ALPNProtocols: ['h2', 'http/1.1'] });
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(protocol);
    socket.destroy();
  });

  it('takes certificates written in the file itself', async () => {
    const indented = (pem: string) => pem.trim().replace(/^/gm, '    ');
    await start(`tls_server_config:\n  cert: |\n${indented(own.cert)}\n  key: |\n${indented(own.key)}`);
    expect(await call()).toMatchObject({ certificate: 'server' });
  });

  it.each([
    ['min_version: TLS13', { maxVersion: 'TLSv1.2' }],
    ['max_version: TLS12', { minVersion: 'TLSv1.3' }],
    [
      'cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]',
      { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
    ],
    ['curve_preferences: [CurveP256]', { ecdhCurve: 'X25519' }],
  ] as [string, RequestOptions][])('keeps to %s', async (rule, options) => {
    await start(secured(`, ${rule}`));
    expect(await call()).toMatchObject({ status: 200 });
    await expect(call(options)).rejects.toThrow();
  });

  it('speaks old versions only when it is told to', async () => {
    const old: RequestOptions = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
    await start(secured());
    await expect(call(old)).rejects.toThrow();
    await server?.close(50);
    await start(secured(', min_version: TLS11'));
    expect(await call(old)).toMatchObject({ status: 200 });
  });

  it('lets nobody in without TLS', async () => {
    await start(secured());
    await expect(fetch(`http://127.0.0.1:${port}/thing`)).rejects.toThrow();
  });
});

describe('client certificates', () => {
  const of = (client: typeof friend): RequestOptions => ({ cert: client.cert, key: client.key });
  const CA = ', client_ca_file: ca.pem, client_auth_type: ';
  it.each<[string, none: boolean, stranger: boolean, friend: boolean]>([
    [', client_auth_type: RequestClientCert', true, true, true],
    [', client_auth_type: RequireAnyClientCert', false, true, true],
    [`${CA}VerifyClientCertIfGiven`, true, false, true],
    [`${CA}RequireAndVerifyClientCert`, false, false, true],
    [`${CA}RequireAndVerifyClientCert, client_allowed_sans: [spiffe://friend]`, false, false, true],
    [`${CA}RequireAndVerifyClientCert, client_allowed_sans: [foe.example]`, false, false, false],
  ])('%s', async (rule, ...admitted) => {
    await start(secured(rule));
    const tries = await Promise.allSettled([call(), call(of(stranger)), call(of(friend))]);
    expect(tries.map(({ status }) => status === 'fulfilled')).toEqual(admitted);
  });

  it('are asked for anew when a session is taken up again', async () => {
    await start(secured(`${CA}RequireAndVerifyClientCert`));
    const first = connectTls({ host: '127.0.0.1', port, ca: authority.ca, cert: friend.cert, key: friend.key });
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    const reached = await call({ session, ...of(friend) });
    expect(reached.status).toBe(200);
    write(secured(`${CA}RequireAndVerifyClientCert, client_allowed_sans: [foe.example]`));
    await expect(call({ session, ...of(friend) })).rejects.toThrow();
  });
});

describe('changes of the file', () => {
  it('count from the next connection or request on', async () => {
    await start(secured());
    write(
      `tls_server_config: {cert_file: other.pem, key_file: other.key}\nhttp_server_config: {headers: {X-Frame-Options: deny}}`,
    );
    const answer = await call();
    expect([answer.certificate, answer.headers['x-frame-options']]).toEqual(['other', 'deny']);
  });

  it('of a certificate count from the next connection on', async () => {
    const certFile = authority.file('changing.pem');
    const keyFile = authority.file('changing.key');
    writeFileSync(certFile, own.cert);
    writeFileSync(keyFile, own.key);
    await start('tls_server_config: {cert_file: changing.pem, key_file: changing.key}');
    expect((await call()).certificate).toBe('server');
    writeFileSync(certFile, `${other.cert}\n`);
    await expect(call(), 'half changed').rejects.toThrow();
    writeFileSync(keyFile, `${other.key}\n`);
    expect((await call()).certificate).toBe('other');
  });

  it('with mistakes are answered 500 where the connection stands, and refused where there is none', async () => {
    await start(secured());
    const session = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.ca });
    const status = async (): Promise<unknown> => {
      const stream = session.request({ ':path': '/thing' });
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
      stream.close();
      return headers[':status'];
    };
    expect(await status()).toBe(200);
    write('nonsense: true');
    expect(await status()).toBe(500);
    await expect(call()).rejects.toThrow();
    write(secured());
    expect(await status()).toBe(200);
    expect(await call()).toMatchObject({ status: 200 });
    session.destroy();
  });

  it('never take TLS away', async () => {
    await start(secured());
    write('{}');
    await expect(call()).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${port}/thing`)).rejects.toThrow();
  });
});

describe('passwords', () => {
  const users = (...entries: [string, string][]) =>
    `basic_auth_users: {${entries.map(([user, password]) => `${user}: '${hashSync(password, 4)}'`).join(', ')}}`;
  const get = (path: string, credentials?: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      headers: credentials === undefined ? {} : { authorization: `Basic ${btoa(credentials)}` },
    });

  it('are asked for on every path', async () => {
    await start(users(['alice', 'wonder:land']));
    for (const path of ['/thing', '/nope', '/-/healthy']) {
      const refused = await get(path);
      expect([refused.status, refused.headers.get('www-authenticate'), await refused.text()]).toEqual([
        401,
        'Basic',
        'Unauthorized\n',
      ]);
    }
    expect((await get('/thing', 'alice:wonder:land')).status).toBe(200);
    expect((await get('/nope', 'alice:wonder:land')).status).toBe(404);
  });

  it.each(['alice:wrong', 'alice:', 'bob:wonder', ':', 'alice', '__proto__:x'])('refuse %s', async (credentials) => {
    await start(users(['alice', 'wonder']));
    expect((await get('/thing', credentials)).status).toBe(401);
  });

  it('change with the file', async () => {
    await start(users(['alice', 'one']));
    expect((await get('/thing', 'alice:one')).status).toBe(200);
    write(users(['alice', 'two']));
    expect((await get('/thing', 'alice:one')).status).toBe(401);
    expect((await get('/thing', 'alice:two')).status).toBe(200);
    write('{}');
    expect((await get('/thing')).status).toBe(200);
  });

  it('are compared once, and beside everything else', async () => {
    write(`basic_auth_users: {alice: '${hashSync('slow', 11)}'}`);
    await start(`basic_auth_users: {alice: '${hashSync('slow', 11)}'}`);
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const firstMs = await timed(() => get('/thing', 'alice:slow'));
    clearInterval(turning);
    expect(turns, 'the event loop stood still').toBeGreaterThan(20);
    const againMs = Math.min(
      ...[await timed(() => get('/thing', 'alice:slow')), await timed(() => get('/thing', 'alice:slow'))],
    );
    expect(againMs).toBeLessThan(firstMs / 2);
  });
});

describe('the rate limit', () => {
  it('answers 429 beyond the burst', async () => {
    await start('rate_limit: {burst: 2, interval: 1h}');
    const answers = [];
    for (let n = 0; n < 3; n++) answers.push(await fetch(`http://127.0.0.1:${port}/thing`));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(await answers[2]?.text()).toBe('Too Many Requests\n');
  });
});

describe('closing', () => {
  it('does not wait for connections that never finished their handshake, nor for idle ones', async () => {
    await start(secured());
    const silent = connectTcp(port, '127.0.0.1');
    const idle = connectTls({ host: '127.0.0.1', port, ca: authority.ca });
    const idleHttp2 = connectHttp2(`https://127.0.0.1:${port}`, { ca: authority.ca });
    await Promise.all([once(silent, 'connect'), once(idle, 'secureConnect'), once(idleHttp2, 'connect')]);
    for (const one of [silent, idle]) one.on('error', () => undefined);
    expect(await call()).toMatchObject({ status: 200 });
    const tookMs = await timed(async () => server?.close(10_000));
    expect(tookMs).toBeLessThan(2_000);
  });
});

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}
