import { type LookupFunction } from 'node:net';
import { EgressRefused } from '@tocsin/common/http/egress-lookup.client';
import { egressPolicy } from '@tocsin/common/http/egress-rules.client';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmtpServer } from './smtp-server';
import { SmtpSession } from './smtp-session.client';
import { emailTest } from './testing/email-test';

const { peerWith } = emailTest();

const nothing = { ok: true, text: '' } as const;
const credentials = { username: '', identity: '', password: nothing, secret: nothing };

/** Finds these addresses for every name. */
const finding =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const [first] = found;
    if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? '', first?.family);
  };

function serverAt(port: number, own: Partial<SmtpServer> = {}): SmtpServer {
  const address = `mail.test:${port}`;
  return { host: 'mail.test', port, address, hello: '', implicitTls: false, requireTls: false, ...own };
}

function policyOf(...allowedHosts: string[]) {
  const made = egressPolicy({ allowedHosts, refusePrivate: false });
  if (!made.ok) throw new Error(made.wrong.join());
  return made.policy;
}

const egress = policyOf('mail.test');
const { signal } = new AbortController();

describe('a server with several addresses', () => {
  let authority: TestAuthority;
  let tls: { key: string; cert: string };
  beforeAll(() => {
    authority = new TestAuthority();
    tls = authority.issue('mail', 'DNS:mail.test');
  });
  afterAll(() => authority.remove());

  it.each([
    ['of IPv6', '::1'],
    ['of IPv4', '127.0.0.2'],
  ])('is reached when nobody listens at the first one, %s', async (_, dead) => {
    const ways: [SMTPServerOptions, Partial<SmtpServer>][] = [
      [{}, {}],
      [tls, { requireTls: true }],
      [{ ...tls, secure: true }, { implicitTls: true }],
    ];
    for (const [options, own] of ways) {
      const peer = await peerWith(options);
      const reach = { egress, lookup: finding(dead, '127.0.0.1') };
      const session = await SmtpSession.open(
        serverAt(peer.port, own),
        { ca: authority.ca },
        credentials,
        signal,
        reach,
      );
      const mail = { ok: true, from: 'a@x.org', to: ['b@x.org'], text: 'x' } as const;
      await session.send(mail, ['b@x.org'], signal, () => {});
      session.close();
      expect(peer.mails).toHaveLength(1);
    }
  });

  it('is not reached at one where nothing may be sent', async () => {
    const peer = await peerWith();
    const lookup = finding('127.0.0.1', '127.0.0.2');
    const opened = SmtpSession.open(serverAt(peer.port), {}, credentials, signal, {
      egress: policyOf('127.0.0.2'),
      lookup,
    });
    await expect(opened).rejects.toThrow(/^establish connection to server: connect ECONNREFUSED 127\.0\.0\.2/);
    expect(peer.connections).toBe(0);
  });

  it('gives the first reason when none can be reached', async () => {
    const lookup = finding('127.0.0.2', '127.0.0.3');
    await expect(SmtpSession.open(serverAt(1), {}, credentials, signal, { egress, lookup })).rejects.toThrow(
      /^establish connection to server: connect ECONNREFUSED 127\.0\.0\.2:1$/,
    );
  });
});

it('an address is asked about, too', async () => {
  const server = serverAt(25, { host: '127.0.0.1' });
  await expect(SmtpSession.open(server, {}, credentials, signal, { egress })).rejects.toThrow(EgressRefused);
});

it.each([[false], [true]])('a look-up that never ends ends with the attempt, implicit TLS: %s', async (implicitTls) => {
  const caller = new AbortController();
  const lookup: LookupFunction = () => setImmediate(() => caller.abort());
  const opened = SmtpSession.open(serverAt(25, { implicitTls }), {}, credentials, caller.signal, { egress, lookup });
  await expect(opened).rejects.toThrow('aborted');
});
