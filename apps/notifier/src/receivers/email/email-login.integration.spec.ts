import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emailTest, SECRET, toldOf } from './testing/email-test';
import { type SmtpPeer } from './testing/smtp-peer';

const { peerWith, integrationTo, rawServer } = emailTest();

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
        message: `find auth mechanism: read auth_password_file ${auth_password_file}: there is no such file`,
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
