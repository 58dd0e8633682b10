import { type Socket } from 'node:net';
import { egressPolicy } from '@tocsin/common/http/egress-rules.client';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import { BROKEN, fakeTemplates } from '../../templates/testing/fake-templates';
import { aNotification, manyAlerts } from '../integration.contract';
import { emailTest, toldOf } from './testing/email-test';

const { peerWith, integrationTo, rawServer } = emailTest();

const { signal } = new AbortController();

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

  it('delivers to a server that knows no EHLO', async () => {
    const heard: string[] = [];
    const port = await rawServer((line) => {
      heard.push(line);
      if (line.startsWith('EHLO')) return '502 what?';
      if (line.startsWith('DATA')) return '354 go on';
      return /^(HELO|MAIL|RCPT|\.$)/.test(line) ? '250 ok' : null;
    });
    expect(await toldOf(integrationTo(port))).toEqual({ kind: 'delivered' });
    expect(heard.slice(0, 5)).toEqual([
      'EHLO localhost',
      'HELO localhost',
      'MAIL FROM:<tocsin@x.org>',
      'RCPT TO:<ops@x.org>',
      'DATA',
    ]);
  });

  it.each([
    [['localhost'], false, { kind: 'delivered' }],
    [['127.0.0.0/8'], true, { kind: 'delivered' }],
    [['mail.test'], false, { kind: 'rejected', message: 'localhost is not among the allowed hosts' }],
    [[], true, { kind: 'rejected', message: expect.stringMatching(/^localhost leads to .*, a private address$/) }],
  ])('sends to %j only, private addresses refused: %s', async (allowedHosts, refusePrivate, outcome) => {
    const peer = await peerWith();
    const egress = egressPolicy({ allowedHosts, refusePrivate });
    if (!egress.ok) throw new Error(egress.wrong.join());
    const smarthost = `localhost:${peer.port}`;
    const integration = integrationTo(peer.port, { smarthost }, { egress: egress.policy });
    expect(await toldOf(integration)).toMatchObject(outcome);
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
