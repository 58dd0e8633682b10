import { describe, expect, it } from 'vitest';
import { chooseLogin, offeredMechanisms, plainResponse, smtpReason, type SmtpCredentials } from './smtp-auth';

const none = { ok: true, text: '' } as const;
const who: SmtpCredentials = { username: 'u', identity: '', password: none, secret: none };
const password = { ok: true, text: 'pw' } as const;
const secret = { ok: true, text: 'sec' } as const;
const unreadable = { ok: false, error: 'read auth_password_file: there is no such file' } as const;

describe('offeredMechanisms', () => {
  it.each([
    ['250-mail.test\r\n250-AUTH LOGIN PLAIN\r\n250 8BITMIME', ['LOGIN', 'PLAIN']],
    ['250-mail.test\n250 AUTH CRAM-MD5', ['CRAM-MD5']],
    ['250-mail.test\n250 AUTH=LOGIN', ['LOGIN']],
    ['250-mail.test\n250 8BITMIME', null],
    ['250 AUTHOR', null],
  ])('%j', (ehlo, expected) => expect(offeredMechanisms(ehlo)).toEqual(expected));
});

describe('chooseLogin', () => {
  it.each([
    ['the first offered', ['LOGIN', 'PLAIN'], { ...who, password }, { mechanism: 'LOGIN', secret: 'pw' }],
    ['the first known', ['XOAUTH2', 'PLAIN'], { ...who, password }, { mechanism: 'PLAIN', secret: 'pw' }],
    [
      'one that there is a secret for',
      ['CRAM-MD5', 'PLAIN'],
      { ...who, password },
      { mechanism: 'PLAIN', secret: 'pw' },
    ],
    ['the secret', ['PLAIN', 'CRAM-MD5'], { ...who, secret }, { mechanism: 'CRAM-MD5', secret: 'sec' }],
  ])('takes %s', (_, offered, credentials, expected) => {
    expect(chooseLogin(offered, credentials)).toEqual({ ok: true, ...expected });
  });

  it('says why there is none', () => {
    const credentials = { ...who, password: unreadable };
    expect(chooseLogin(['CRAM-MD5', 'PLAIN', 'NTLM'], credentials)).toEqual({
      ok: false,
      error:
        'missing secret for CRAM-MD5 auth mechanism; read auth_password_file: there is no such file; ' +
        'unknown auth mechanism: NTLM',
    });
  });
});

it('PLAIN tells who one acts for', () => {
  const response = plainResponse({ ...who, identity: 'me' }, 'pw');
  expect(Buffer.from(response, 'base64').toString()).toBe('me\0u\0pw');
});

it.each([
  [535, 'authError'],
  [530, 'authError'],
  [421, 'serverError'],
  [452, 'serverError'],
  [550, 'clientError'],
  [0, 'other'],
])('a reply of %i counts as %s', (code, reason) => expect(smtpReason(code)).toBe(reason));
