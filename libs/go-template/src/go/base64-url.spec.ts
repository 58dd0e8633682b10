import { describe, expect, it } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from './base64-url';

// Printed by Go's base64.URLEncoding.
describe('base64', () => {
  it.each([
    ['', ''],
    ['a', 'YQ=='],
    ['ab', 'YWI='],
    ['abc', 'YWJj'],
    ['é?>~\udcff\udcfe', 'w6k_Pn7__g=='],
  ])('%j', (text, encoded) => {
    expect(encodeBase64Url(text)).toBe(encoded);
    expect(decodeBase64Url(encoded)).toEqual({ ok: true, text });
  });

  it('passes over line breaks', () => {
    expect(decodeBase64Url('\nY\r\nQ=\n=\n')).toEqual({ ok: true, text: 'a' });
  });

  it.each([
    ['YQ', 'illegal base64 data at input byte 0'],
    ['YQ=', 'illegal base64 data at input byte 3'],
    ['YQ==x', 'illegal base64 data at input byte 4'],
    ['Y', 'illegal base64 data at input byte 0'],
    ['YW+j', 'illegal base64 data at input byte 2'],
    ['YWJj=', 'illegal base64 data at input byte 4'],
    ['=', 'illegal base64 data at input byte 0'],
    ['YQ=x', 'illegal base64 data at input byte 2'],
    ['YWJ\n', 'illegal base64 data at input byte 1'],
    ['é', 'illegal base64 data at input byte 0'],
  ])('refuses %j', (text, error) => expect(decodeBase64Url(text)).toEqual({ ok: false, error }));
});
