import { describe, expect, it } from 'vitest';
import { encodeHeader, encodePhrase, quotedPrintable } from './mime-encoding';

describe('quotedPrintable', () => {
  it.each([
    ['leaves plain text', 'a b\tc', 'a b\tc'],
    ['ends lines by CRLF', 'a\nb\r\nc\rd\n', 'a\r\nb\r\nc\r\nd\r\n'],
    ['escapes what would be read as an escape', 'a=b', 'a=3Db'],
    ['escapes what is not ASCII', 'ä😀', '=C3=A4=F0=9F=98=80'],
    ['keeps spaces at the end of a line', 'a \nb\t', 'a=20\r\nb=09'],
    ['leaves a line of 75', 'x'.repeat(75), 'x'.repeat(75)],
    ['breaks a longer one', 'x'.repeat(160), `${'x'.repeat(75)}=\r\n${'x'.repeat(75)}=\r\n${'x'.repeat(10)}`],
    ['breaks before an escape, not in it', `${'x'.repeat(74)}ä`, `${'x'.repeat(74)}=\r\n=C3=A4`],
    ['breaks before a space at the end', `${'x'.repeat(74)} `, `${'x'.repeat(74)}=\r\n=20`],
    ['replaces half a pair', 'a\ud800', 'a=EF=BF=BD'],
  ])('%s', (_, text, expected) => expect(quotedPrintable(text)).toBe(expected));

  it('keeps to 76 characters a line', () => {
    const lines = quotedPrintable('😀ä=\t x'.repeat(1_000)).split('\r\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(76);
  });
});

describe('encodeHeader', () => {
  it.each([
    ['leaves plain text', '[FIRING:1] a = b? _', '[FIRING:1] a = b? _'],
    ['encodes the rest', 'ü a=b?_', '=?utf-8?q?=C3=BC_a=3Db=3F=5F?='],
    ['lets no line begin', 'a\r\nBcc: b@x.org', '=?utf-8?q?a=0D=0ABcc:_b@x.org?='],
    [
      'breaks long texts between characters',
      'ä'.repeat(11),
      `=?utf-8?q?${'=C3=A4'.repeat(10)}?=\r\n =?utf-8?q?=C3=A4?=`,
    ],
  ])('%s', (_, value, expected) => expect(encodeHeader(value)).toBe(expected));

  it('breaks what is too long for one line', () => {
    const lines = encodeHeader('x'.repeat(2_000)).split('\r\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(76);
  });
});

describe('encodePhrase', () => {
  it.each([
    ['On Call', '"On Call"'],
    ['Joe "J" \\', '"Joe \\"J\\" \\\\"'],
    ['Jürgen, M.', '=?utf-8?q?J=C3=BCrgen=2C_M=2E?='],
    ['=?utf-8?q?J=C3=BCrgen?=', '=?utf-8?q?J=C3=BCrgen?='],
  ])('%s', (name, expected) => expect(encodePhrase(name)).toBe(expected));
});
