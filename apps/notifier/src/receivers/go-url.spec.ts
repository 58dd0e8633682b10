import { describe, expect, it } from 'vitest';
import { goQuery, withPath } from './go-url';

describe('withPath', () => {
  it.each([
    ['a path', 'http://a.test/', 'v2/alerts', {}, 'http://a.test/v2/alerts'],
    ['a path after another', 'http://a.test/x/', 'k/r', {}, 'http://a.test/x/k/r'],
    ['a path before a query', 'http://a.test/?y=1', 'k', {}, 'http://a.test/k?y=1'],
    ['what has to be escaped', 'http://a.test/', 'a b/c?d#e%2F', {}, 'http://a.test/a%20b/c%3Fd%23e%252F'],
    [
      'what Go escapes and what not',
      'http://a.test/',
      "$&+,:;=@-_.~!'()*",
      {},
      'http://a.test/$&+,:;=@-_.~%21%27%28%29%2A',
    ],
    ['parameters among others', 'http://a.test/?z=1&b=2', '', { a: 'x y' }, 'http://a.test/?a=x+y&b=2&z=1'],
    ['nothing to what is no address', 'http://a:b/', 'x', {}, 'http://a:b/'],
    ['half a character', 'http://a.test/', '\ud83d', {}, 'http://a.test/%EF%BF%BD'],
  ])('adds %s', (_, base, path, parameters, expected) => {
    expect(withPath(base, path, parameters)).toBe(expected);
  });
});

describe('goQuery', () => {
  it('sorts and escapes', () => {
    expect(goQuery({ b: "a b+c&d=e/~*'", a: '😀', c: '' })).toBe('a=%F0%9F%98%80&b=a+b%2Bc%26d%3De%2F~%2A%27&c=');
  });
});
