import { writeFileSync } from 'node:fs';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emailTest, SECRET, toldOf } from './testing/email-test';

const { peerWith, integrationTo } = emailTest();

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

  it('is there before anybody logs in', async () => {
    const peer = await peerWith({
      ...tls,
      allowInsecureAuth: false,
      authMethods: ['PLAIN'],
      onAuth: ({ password }, _, done) => done(null, { user: password ?? '' }),
    });
    const login = { auth_username: 'me', auth_password: SECRET };
    const own = { ...login, require_tls: true, tls_config: { ca_file: authority.caFile } };
    expect(await toldOf(integrationTo(peer.port, own))).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ user: SECRET, secure: true });
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
