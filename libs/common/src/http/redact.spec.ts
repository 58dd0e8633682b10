import { describe, expect, it } from 'vitest';
import { redact, secretsOfUrl } from './redact';

describe('redact', () => {
  it.each([
    ['every occurrence', 'a s1 b s1', ['s1'], 'a <redacted> b <redacted>'],
    ['the longest first', 'token-long', ['token', 'token-long'], '<redacted>'],
    ['percent-encoded ones', 'x=a%2Fb', ['a/b'], 'x=<redacted>'],
    ['ones inside JSON', '{"x":"a\\"b"}', ['a"b'], '{"x":"<redacted>"}'],
    ['short ones where they stand alone', 'xp: p@host, up, p', ['p'], 'xp: <redacted>@host, up, <redacted>'],
    ['short paths, also after a host', 'GET host/x, /xyz, "/x"', ['/x'], 'GET host<redacted>, /xyz, "<redacted>"'],
    ['short ones that mean something in a pattern', 'a .* b', ['.*'], 'a <redacted> b'],
    ['nothing for empty secrets', 'text', [''], 'text'],
  ])('takes out %s', (_, text, secrets, expected) => {
    expect(redact(text, secrets)).toBe(expected);
  });
});

describe('secretsOfUrl', () => {
  it('names password, path, query and the longer words', () => {
    const secrets = secretsOfUrl(new URL('https://me:p%40ss@host.test/services/T0/abcdefgh%2F?key=ijklmnop&n=1'));
    const wanted = ['p@ss', 'services', 'abcdefgh%2F', 'abcdefgh/', 'ijklmnop', '?key=ijklmnop&n=1'];
    expect(secrets).toEqual(expect.arrayContaining(wanted));
    expect(secrets).not.toContain('host.test');
    expect(secrets).not.toContain('T0');
    expect(secrets).not.toContain('me');
  });

  it('leaves a text readable whatever the path', () => {
    const secrets = secretsOfUrl(new URL('http://u:p@host.test/x'));
    const text = 'POST "http://u:p@host.test/x": open /etc/xyz: no such path, proxy refused';
    expect(redact(text, secrets)).toBe('POST "<redacted>": open /etc/xyz: no such path, proxy refused');
  });

  it('leaves the bare root alone', () => {
    expect(redact('GET / failed', secretsOfUrl(new URL('http://host.test/')))).toBe('GET / failed');
  });
});
