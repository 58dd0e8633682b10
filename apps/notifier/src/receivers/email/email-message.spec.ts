import { describe, expect, it } from 'vitest';
import { BROKEN, fakeTemplates } from '../../templates/testing/fake-templates';
import { manyAlerts } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { emailMessage } from './email-message';

const global = { smtp_smarthost: 'mail.test:25', smtp_from: 'tocsin@x.org' };
const origin = { nowMs: Date.UTC(2026, 7, 1, 23, 30), hostname: 'host.test' };
const MESSAGE_ID = expect.stringMatching(/^Message-Id: <[0-9a-f]{32}\.1@host\.test>$/);

type Rest = [notification?: Parameters<typeof made>[1], templates?: Parameters<typeof made>[2]];

function mailOf(own: object, ...rest: Rest) {
  const config = configOf('email', { to: 'ops@x.org', ...own }, global);
  return made((rendering) => emailMessage(config, rendering, origin), ...rest);
}

/** Without the boundary, which is another for each mail. */
function linesOf(own: object, ...rest: Rest): string[] {
  const mail = mailOf(own, ...rest);
  if (!mail.ok) throw new Error(mail.error);
  return mail.text.replace(/=_[0-9a-f]{64}/g, 'B').split('\r\n');
}

function headerOf(own: object, name: string, ...rest: Rest): string | undefined {
  return linesOf(own, ...rest)
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);
}

describe('emailMessage', () => {
  it('is HTML by default', () => {
    expect(mailOf({})).toMatchObject({ from: 'tocsin@x.org', to: ['ops@x.org'] });
    expect(linesOf({})).toEqual([
      'From: tocsin@x.org',
      'To: ops@x.org',
      'Subject: email.default.subject',
      MESSAGE_ID,
      'Date: Sat, 01 Aug 2026 23:30:00 +0000',
      'Content-Type: multipart/alternative; boundary="B"',
      'MIME-Version: 1.0',
      '',
      '--B',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/html; charset=UTF-8',
      '',
      'email.default.html',
      '--B--',
      '',
    ]);
  });

  it('has a text before it, and headers as configured', () => {
    const own = {
      to: 'A <a@x.org>, b@x.org',
      from: 'T <{{ from }}>',
      text: 'tä=xt',
      html: '<b>',
      headers: { subject: 'S ü', 'x-team': 'ops\n', 'message-id': '<me>', date: 'now' },
    };
    const templates = fakeTemplates({ from: 't@x.org' });
    expect(mailOf(own, {}, templates)).toMatchObject({ from: 't@x.org', to: ['a@x.org', 'b@x.org'] });
    expect(linesOf(own, {}, templates)).toEqual([
      'From: T <t@x.org>',
      'To: A <a@x.org>, b@x.org',
      'Subject: =?utf-8?q?S_=C3=BC?=',
      'X-Team: ops',
      'Message-Id: <me>',
      'Date: now',
      'Content-Type: multipart/alternative; boundary="B"',
      'MIME-Version: 1.0',
      '',
      '--B',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/plain; charset=UTF-8',
      '',
      't=C3=A4=3Dxt',
      '--B',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/html; charset=UTF-8',
      '',
      '<b>',
      '--B--',
      '',
    ]);
  });

  it('says who it is to without hiding the addresses', () => {
    expect(linesOf({ to: 'Jürgen <a@x.org>, b@x.org' }).slice(1, 3)).toEqual([
      'To: =?utf-8?q?J=C3=BCrgen?= <a@x.org>,',
      ' b@x.org',
    ]);
  });

  it('lets no value begin a header of its own', () => {
    const lines = linesOf({ headers: { Subject: '{{ s }}' } }, {}, fakeTemplates({ s: 'a\r\nBcc: b@x.org' }));
    expect(lines.filter((line) => line.startsWith('Bcc'))).toEqual([]);
  });

  it.each([
    ['none', ''],
    ['daily', '2026-08-01'],
  ])('answers the same mail as all of its group: %s', (threadByDate, day) => {
    const own = { threading: { enabled: true, thread_by_date: threadByDate } };
    const root = `<alert-17c4e445d234645c-${day}@alertmanager>`;
    expect(headerOf(own, 'References')).toBe(root);
    expect(headerOf(own, 'In-Reply-To')).toBe(root);
  });

  it('has an id that is the same in each attempt, and in no other notification', () => {
    const first = headerOf({}, 'Message-Id', { sequence: 3 });
    expect(headerOf({}, 'Message-Id', { sequence: 3 })).toBe(first);
    expect(headerOf({}, 'Message-Id', { sequence: 4 })).not.toBe(first);
    expect(headerOf({ to: 'b@x.org' }, 'Message-Id', { sequence: 3 })).not.toBe(first);
  });

  it.each([
    [{ to: 'ops' }, "parse 'to' addresses: mail: missing '@' or angle-addr"],
    [{ from: 'ops' }, "parse 'from' addresses: mail: missing '@' or angle-addr"],
    [{ from: 'a@x.org, b@x.org' }, "must be exactly one 'from' address (got: 2)"],
  ])('cannot be made with the addresses %j', (own, error) => {
    expect(mailOf(own)).toEqual({ ok: false, error });
  });

  it.each([
    [{ to: '{{ broken }}' }, `failed to template 'to': ${BROKEN}`],
    [{ from: '{{ broken }}' }, `failed to template 'from': ${BROKEN}`],
  ])('cannot be made when an address fails: %j', (own, error) => {
    expect(() => mailOf(own)).toThrow(error);
  });

  it.each([
    ['the HTML', { html: '{{ broken }}' }],
    ['the text', { text: '{{ broken }}' }],
    ['the subject', { headers: { Subject: '{{ broken }}' } }],
    ['another header', { headers: { 'X-A': '{{ broken }}', To: '{{ broken }}', From: '{{ broken }}' } }],
  ])('is plain text when %s fails', (_, own) => {
    const lines = linesOf(own);
    expect(lines.slice(0, 3)).toEqual(['From: tocsin@x.org', 'To: ops@x.org', 'Subject: [FIRING:1] DiskFull']);
    expect(lines.filter((line) => line.startsWith('Content-Type: text/'))).toEqual([
      'Content-Type: text/plain; charset=UTF-8',
    ]);
    expect(lines.filter((line) => line.startsWith('X-A'))).toEqual([]);
    expect(lines.join('')).toContain('firing {alertname=3D"DiskFull"');
  });

  it('holds ten thousand alerts in lines that every server takes', () => {
    const alerts = manyAlerts();
    const huge = alerts.map(({ labels }) => labels['instance']).join(' ');
    const own = { text: '{{ huge }}', headers: { Subject: '{{ huge }}' } };
    const lines = linesOf(own, { alerts }, fakeTemplates({ huge }));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(90);
  });
});
