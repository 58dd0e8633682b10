import { describe, expect, it } from 'vitest';
import { pathEscape, pathUnescape, queryEscape, queryUnescape } from './url-escape';

// Printed by Go's net/url.
describe('queryEscape and pathEscape', () => {
  it.each([
    ['', '', ''],
    ['a b+c', 'a+b%2Bc', 'a%20b+c'],
    ['AZaz09-_.~', 'AZaz09-_.~', 'AZaz09-_.~'],
    [
      "!*'();:@&=+$,/?#[]",
      '%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D',
      '%21%2A%27%28%29%3B:@&=+$%2C%2F%3F%23%5B%5D',
    ],
    ['up{job="a"} > 1', 'up%7Bjob%3D%22a%22%7D+%3E+1', 'up%7Bjob=%22a%22%7D%20%3E%201'],
    ['é😀\udcff', '%C3%A9%F0%9F%98%80%FF', '%C3%A9%F0%9F%98%80%FF'],
    ['100%', '100%25', '100%25'],
  ])('%j', (text, query, path) => {
    expect(queryEscape(text)).toBe(query);
    expect(pathEscape(text)).toBe(path);
    expect(queryUnescape(query)).toEqual({ ok: true, text });
    expect(pathUnescape(path)).toEqual({ ok: true, text });
  });
});

describe('queryUnescape and pathUnescape', () => {
  it.each([
    ['', '', ''],
    ['a+b%20c', 'a b c', 'a+b c'],
    ['%C3%A9', 'é', 'é'],
    ['%ff+', '\udcff ', '\udcff+'],
    ['%2B', '+', '+'],
  ])('%j', (text, query, path) => {
    expect(queryUnescape(text)).toEqual({ ok: true, text: query });
    expect(pathUnescape(text)).toEqual({ ok: true, text: path });
  });

  it.each([
    ['%', 'invalid URL escape "%"'],
    ['a%4', 'invalid URL escape "%4"'],
    ['%zz1', 'invalid URL escape "%zz"'],
    ['%4é', 'invalid URL escape "%4\\xc3"'],
  ])('refuse %j', (text, error) => {
    expect(queryUnescape(text)).toEqual({ ok: false, error });
    expect(pathUnescape(text)).toEqual({ ok: false, error });
  });
});
