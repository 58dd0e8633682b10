import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { BROKEN, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, manyAlerts } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';
import { SmtpPeer } from './testing/smtp-peer';

const SECRET = 'canary-0123456789';
const { signal } = new AbortController();

let ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

async function peerWith(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
  const peer = await SmtpPeer.start(options);
  ends.push(() => peer.stop());
  return peer;
}

function integrationTo(
  port: number,
  own: object = {},
  context: Parameters<typeof builtIntegration>[2] = {},
): Integration {
  const entry = { smarthost: `127.0.0.1:${port}`, from: 'tocsin@x.org', to: 'ops@x.org', require_tls: false, ...own };
  const integration = builtIntegration('email', entry, context);
  ends.push(() => integration.close());
  return integration;
}

async function toldOf(integration: Integration, until = signal): Promise<DeliveryOutcome> {
  const outcome = await integration.notify(aNotification(), until);
  expect(JSON.stringify(outcome)).not.toContain(SECRET);
  expect(JSON.stringify(outcome)).not.toContain(Buffer.from(SECRET).toString('base64').slice(0, -4));
  return outcome;
}

/** Speaks what the test says, line by line: each line that comes in is answered by what `answer` gives. */
async function rawServer(
  answer: (line: string, socket: Socket) => string | null,
  greeting = '220 x ESMTP',
  host = '127.0.0.1',
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (greeting !== '') socket.write(`${greeting}\r\n`);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        const text = answer(line, socket);
        if (text !== null && !socket.destroyed) socket.write(`${text}\r\n`);
      }
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('the email integration', () => {
  it('knows who it is', () => {
    const { kind, key, receiver } = integrationTo(1);
    expect({ kind, key, receiver }).toEqual({ kind: 'email', key: 'team/email/0', receiver: 'team' });
  });

  it('delivers', async () => {
    const peer = await peerWith();
    const to = 'A <a@x.org>, b@x.org';
    expect(await toldOf(integrationTo(peer.port, { to, hello: 'me.test' }))).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({
      from: 'tocsin@x.org',
      to: ['a@x.org', 'b@x.org'],
      text: expect.stringContaining('\r\n\r\nemail.default.html\r\n'),
      hello: 'me.test',
      secure: false,
      user: '',
    });
  });

  it('keeps a line that is a dot only', async () => {
    const peer = await peerWith();
    await toldOf(integrationTo(peer.port, { text: 'a\n.\nb\n' }));
    expect(peer.only.text).toContain('a\r\n.\r\nb\r\n');
  });

  it('sends a plain message when a template fails', async () => {
    const peer = await peerWith();
    const outcome = await toldOf(integrationTo(peer.port, { html: '{{ broken }}' }));
    expect(outcome).toEqual({ kind: 'delivered', degraded: BROKEN });
    expect(peer.only.text).toContain('Subject: [FIRING:1] DiskFull');
    expect(peer.only.text).toContain('it is broken');
    expect(peer.only.text).not.toContain('text/html');
  });

  it('gives up when there is no address to send to', async () => {
    const peer = await peerWith();
    expect(await toldOf(integrationTo(peer.port, { to: '{{ broken }}' }))).toMatchObject({ kind: 'rejected' });
    expect(await toldOf(integrationTo(peer.port, { to: 'ops' }))).toMatchObject({
      kind: 'rejected',
      message: "parse 'to' addresses: mail: missing '@' or angle-addr",
    });
    expect(peer.connections).toBe(0);
  });

  it('tells of ten thousand alerts', async () => {
    const peer = await peerWith();
    const integration = integrationTo(
      peer.port,
      { text: '{{ huge }}' },
      {
        templates: fakeTemplates({ huge: '😀ä"\\<&>\u2028'.repeat(20_000) }),
      },
    );
    const outcome = await integration.notify(aNotification({ alerts: manyAlerts() }), signal);
    expect(outcome).toEqual({ kind: 'delivered' });
    expect(peer.only.text.length).toBeGreaterThan(500_000);
  });
});

describe('TLS', () => {
  let authority: TestAuthority;
  let tls: { key: string; cert: string };
  beforeAll(() => {
    authority = new TestAuthority();
    tls = authority.issue('mail', 'DNS:mail.test,IP:127.0.0.1');
  });
  afterAll(() => authority.remove());

  it('is begun by STARTTLS', async () => {
    const peer = await peerWith(tls);
    const own = { require_tls: true, tls_config: { ca_file: authority.caFile } };
    expect(await toldOf(integrationTo(peer.port, own))).toEqual({ kind: 'delivered' });
    expect(peer.only.secure).toBe(true);
  });

  it('is not begun unless it is required', async () => {
    const peer = await peerWith(tls);
    expect(await toldOf(integrationTo(peer.port))).toEqual({ kind: 'delivered' });
    expect(peer.only.secure).toBe(false);
  });

  it('is there from the start when it is forced', async () => {
    const peer = await peerWith({ ...tls, secure: true });
    const own = { force_implicit_tls: true, require_tls: true, tls_config: { ca: authority.ca } };
    expect(await toldOf(integrationTo(peer.port, own))).toEqual({ kind: 'delivered' });
    expect(peer.only.secure).toBe(true);
  });

  it('is refused where it is not offered', async () => {
    const peer = await peerWith();
    expect(
      await toldOf(integrationTo(peer.port, { require_tls: true, auth_username: 'u', auth_password: SECRET })),
    ).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: `'require_tls' is true (default) but "127.0.0.1:${peer.port}" does not advertise the STARTTLS extension`,
    });
    expect(peer.mails).toEqual([]);
  });

  it.each([
    ['an authority nobody knows', {}],
    ['another name', { ca_file: 'CA', server_name: 'other.test' }],
  ])('is refused with a certificate of %s', async (_, config) => {
    for (const options of [{}, { secure: true }]) {
      const peer = await peerWith({ ...tls, ...options });
      const tls_config = JSON.parse(JSON.stringify(config).replace('CA', authority.caFile));
      const own = { require_tls: true, force_implicit_tls: 'secure' in options, tls_config };
      expect(await toldOf(integrationTo(peer.port, own))).toMatchObject({
        kind: 'retryable',
        reason: 'other',
        message: expect.stringMatching(/certificate|altnames/),
      });
      expect(peer.mails).toEqual([]);
    }
  });

  it.each([
    ['the name that is configured', { ca_file: 'CA', server_name: 'mail.test' }],
    ['any name, when nobody looks', { insecure_skip_verify: true, server_name: 'other.test' }],
  ])('takes a certificate of %s', async (_, config) => {
    const peer = await peerWith(tls);
    const tls_config = JSON.parse(JSON.stringify(config).replace('CA', authority.caFile));
    expect(await toldOf(integrationTo(peer.port, { require_tls: true, tls_config }))).toEqual({ kind: 'delivered' });
  });

  it('shows a certificate of our own', async () => {
    const own = authority.issue('client', 'DNS:client.test');
    const peer = await peerWith({
      ...tls,
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: true,
      secure: true,
    });
    const ca_file = authority.caFile;
    const implicit = { force_implicit_tls: true };
    const without = integrationTo(peer.port, { ...implicit, tls_config: { ca_file } });
    expect(await toldOf(without)).toMatchObject({ kind: 'retryable' });
    const tls_config = { ca_file, cert_file: own.certFile, key_file: own.keyFile };
    expect(await toldOf(integrationTo(peer.port, { ...implicit, tls_config }))).toEqual({ kind: 'delivered' });
  });

  it('waits for a file that is missing', async () => {
    const peer = await peerWith(tls);
    const own = { require_tls: true, tls_config: { ca_file: authority.file('later.pem') } };
    const integration = integrationTo(peer.port, own);
    expect(await toldOf(integration)).toMatchObject({
      kind: 'retryable',
      message: expect.stringMatching(/^parse TLS configuration: unable to read CA cert .*: there is no such file$/),
    });
    writeFileSync(authority.file('later.pem'), authority.ca);
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
  });
});

describe('logging in', () => {
  const login = { auth_username: 'me', auth_password: SECRET, auth_secret: `${SECRET}-md5` };

  /** Says what it was told; takes the password or the secret. */
  function authPeer(authMethods: string[], heard: string[] = []): Promise<SmtpPeer> {
    return peerWith({
      authMethods,
      onAuth: ({ method, username, password, validatePassword }, _, done) => {
        const isRight = method === 'CRAM-MD5' ? validatePassword(`${SECRET}-md5`) : password === SECRET;
        heard.push(method);
        if (isRight) done(null, { user: `${method} ${username}` });
        else done(new Error(`no: ${password}`));
      },
    });
  }

  it.each([
    ['LOGIN', 'PLAIN', 'CRAM-MD5'],
    ['PLAIN', 'LOGIN'],
    ['CRAM-MD5', 'PLAIN'],
    ['XOAUTH2', 'CRAM-MD5'],
  ])('uses the first way that the server offers: %s, %s, %s', async (...offered) => {
    const methods = offered.filter(Boolean) as string[];
    const peer = await authPeer(methods);
    expect(await toldOf(integrationTo(peer.port, login))).toEqual({ kind: 'delivered' });
    expect(peer.only.user).toBe(`${methods.find((method) => method !== 'XOAUTH2')} me`);
  });

  it('does without where none is offered', async () => {
    const peer = await peerWith({ disabledCommands: ['AUTH', 'STARTTLS'] });
    expect(await toldOf(integrationTo(peer.port, login))).toEqual({ kind: 'delivered' });
  });

  it('says why it cannot', async () => {
    const peer = await authPeer(['CRAM-MD5', 'XOAUTH2']);
    expect(await toldOf(integrationTo(peer.port, { ...login, auth_secret: '' }))).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: 'find auth mechanism: missing secret for CRAM-MD5 auth mechanism; unknown auth mechanism: XOAUTH2',
    });
  });

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])(
    'is tried again when %s is refused, and shows no password',
    async (method) => {
      const peer = await authPeer([method]);
      const wrong = { auth_username: 'me', auth_password: `${SECRET}x`, auth_secret: `${SECRET}x` };
      expect(await toldOf(integrationTo(peer.port, wrong))).toMatchObject({
        kind: 'retryable',
        reason: 'authError',
        message: expect.stringMatching(new RegExp(`^${method} auth: 535 `)),
      });
    },
  );

  it('shows nothing of what a server repeats', async () => {
    const port = await rawServer((line) =>
      line.startsWith('EHLO') ? '250-x\r\n250 AUTH PLAIN' : `535 you said ${line} ${SECRET}`,
    );
    const outcome = await toldOf(integrationTo(port, login));
    expect(outcome).toMatchObject({
      reason: 'authError',
      message: expect.stringContaining('you said AUTH PLAIN <redacted>'),
    });
  });

  it('tells whom it acts for', async () => {
    const heard: string[] = [];
    const port = await rawServer((line) => {
      heard.push(line);
      return line.startsWith('EHLO') ? '250-x\r\n250 AUTH PLAIN' : '535 no';
    });
    await toldOf(integrationTo(port, { ...login, auth_identity: 'team' }));
    expect(Buffer.from(heard[1]?.split(' ')[2] ?? '', 'base64').toString()).toBe(`team\0me\0${SECRET}`);
  });

  it('sends no password unencrypted to another machine', async () => {
    const heard: string[] = [];
    const answer = (line: string): string => (heard.push(line), '250-x\r\n250 AUTH PLAIN');
    const port = await rawServer(answer, '220 x', '127.0.0.2');
    expect(await toldOf(integrationTo(port, { ...login, smarthost: `127.0.0.2:${port}` }))).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: 'PLAIN auth: unencrypted connection',
    });
    expect(heard.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  describe('with files', () => {
    let folder: string;
    beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'tocsin-email-'))));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('reads the password each time, without spaces around it', async () => {
      const peer = await authPeer(['LOGIN']);
      const auth_password_file = join(folder, 'password');
      const integration = integrationTo(peer.port, { auth_username: 'me', auth_password_file });
      expect(await toldOf(integration)).toMatchObject({
        message: 'find auth mechanism: read auth_password_file: there is no such file',
      });
      writeFileSync(auth_password_file, ` ${SECRET}\n`);
      expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
      writeFileSync(auth_password_file, `${SECRET}-new`);
      expect(await toldOf(integration)).toMatchObject({ reason: 'authError' });
    });

    it('reads the secret as it is', async () => {
      const peer = await authPeer(['CRAM-MD5']);
      const auth_secret_file = join(folder, 'secret');
      const integration = integrationTo(peer.port, { auth_username: 'me', auth_secret_file });
      writeFileSync(auth_secret_file, `${SECRET}-md5\n`);
      expect(await toldOf(integration)).toMatchObject({ reason: 'authError' });
      writeFileSync(auth_secret_file, `${SECRET}-md5`);
      expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    });
  });
});

describe('what is not delivered', () => {
  const failing = (code: number) => Object.assign(new Error('why'), { responseCode: code });

  it.each([
    ['MAIL', 451, 'serverError', 'send MAIL command: 451 why'],
    ['MAIL', 550, 'clientError', 'send MAIL command: 550 why'],
    ['RCPT', 452, 'serverError', 'send RCPT command: 452 why'],
    ['RCPT', 550, 'clientError', 'send RCPT command: 550 why'],
    ['DATA', 421, 'serverError', 'delivery failure: 421 why'],
    ['DATA', 554, 'clientError', 'delivery failure: 554 why'],
  ])('is tried again after %s was answered by %i', async (command, code, reason, message) => {
    const refuse = (at: string) => (_: unknown, __: unknown, done: (error?: Error) => void) =>
      at === command ? done(failing(code)) : done();
    const peer = await peerWith({
      onMailFrom: refuse('MAIL'),
      onRcptTo: refuse('RCPT'),
      onData: (stream, _, done) => {
        stream.resume();
        stream.on('end', () => done(failing(code)));
      },
    });
    expect(await toldOf(integrationTo(peer.port))).toEqual({ kind: 'retryable', reason, message });
  });

  it('is sent again only to those who have not got it', async () => {
    let isFull = true;
    const peer = await peerWith({
      onRcptTo: ({ address }, _, done) => done(isFull && address === 'b@x.org' ? failing(452) : undefined),
    });
    const integration = integrationTo(peer.port, { to: 'a@x.org, b@x.org, c@x.org' });
    expect(await toldOf(integration)).toMatchObject({ kind: 'retryable', message: 'send RCPT command: 452 why' });
    expect(await toldOf(integration)).toMatchObject({ kind: 'retryable' });
    isFull = false;
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    expect(peer.mails.map(({ to }) => to)).toEqual([
      ['a@x.org', 'c@x.org'],
      ['b@x.org'],
      ['a@x.org', 'b@x.org', 'c@x.org'],
    ]);
  });

  it('is tried again when nobody listens', async () => {
    expect(await toldOf(integrationTo(1))).toMatchObject({
      kind: 'retryable',
      reason: 'other',
      message: expect.stringMatching(/^establish connection to server: .*ECONNREFUSED/),
    });
  });

  it.each<[string, (line: string, socket: Socket) => string | null]>([
    ['breaks the connection', (_, socket) => (socket.destroy(), null)],
    ['resets the connection', (_, socket) => (socket.resetAndDestroy(), null)],
    ['speaks something else', () => 'HTTP/1.1 400 Bad Request'],
  ])('is tried again when the server %s', async (_, answer) => {
    expect(await toldOf(integrationTo(await rawServer(answer)))).toMatchObject({ kind: 'retryable', reason: 'other' });
  });

  it('may be heard when the connection breaks after it was sent', async () => {
    const port = await rawServer((line, socket) => {
      if (line.startsWith('DATA')) return '354 go on';
      if (line === '.') socket.destroy();
      return /^(EHLO|MAIL|RCPT)/.test(line) ? '250 ok' : null;
    });
    expect(await toldOf(integrationTo(port))).toMatchObject({ kind: 'retryable', reason: 'other', mayBeHeard: true });
  });

  it.each<[string, string, RegExp]>([
    ['at once', '', /never/],
    ['at EHLO', '220 x', /never/],
    ['at MAIL', '220 x', /^EHLO/],
    ['after the text', '220 x', /^(?!\.$)/],
  ])('ends when the time is up on a server that hangs %s', async (_, greeting, answered) => {
    const port = await rawServer((line) => {
      if (!answered.test(line)) return null;
      return line.startsWith('DATA') ? '354 go on' : /^(EHLO|MAIL|RCPT)/.test(line) ? '250 ok' : null;
    }, greeting);
    const startMs = performance.now();
    const outcome = await toldOf(integrationTo(port), AbortSignal.timeout(100));
    expect(outcome).toMatchObject({ kind: 'retryable', reason: 'contextDeadlineExceeded', message: 'timed out' });
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });

  it('ends when it is cancelled', async () => {
    const cancelled = new AbortController();
    const port = await rawServer(() => (cancelled.abort(), null));
    expect(await toldOf(integrationTo(port), cancelled.signal)).toMatchObject({
      kind: 'retryable',
      reason: 'contextCanceled',
    });
    expect(await toldOf(integrationTo(port), cancelled.signal)).toMatchObject({ reason: 'contextCanceled' });
  });
});

describe('connections', () => {
  it('are used again, and ended when idle', async () => {
    const peer = await peerWith();
    const clock = new FakeClock();
    const integration = integrationTo(peer.port, {}, { clock });
    for (let count = 0; count < 3; count++) expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    expect([peer.connections, peer.open]).toEqual([1, 1]);
    await clock.advance(30_000);
    await expect.poll(() => peer.open).toBe(0);
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    expect(peer.connections).toBe(2);
  });

  it('are made anew when the server has ended them', async () => {
    const peer = await peerWith({ socketTimeout: 500 });
    const integration = integrationTo(peer.port);
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    await expect.poll(() => peer.open).toBe(0);
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    expect(peer.mails.length).toBe(2);
  });

  it('are made anew after a failure', async () => {
    let isBad = true;
    const peer = await peerWith({
      onMailFrom: (_, __, done) => done(isBad ? Object.assign(new Error('why'), { responseCode: 451 }) : undefined),
    });
    const integration = integrationTo(peer.port);
    expect(await toldOf(integration)).toMatchObject({ kind: 'retryable' });
    isBad = false;
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
  });

  it('are ended when the integration is', async () => {
    const peer = await peerWith();
    const integration = integrationTo(peer.port);
    await Promise.all([toldOf(integration), toldOf(integration)]);
    expect(peer.open).toBe(2);
    await integration.close();
    await expect.poll(() => peer.open).toBe(0);
  });
});
