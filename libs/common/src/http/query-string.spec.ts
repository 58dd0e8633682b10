import { expect, it } from 'vitest';
import { parseQueryString } from './query-string';

it.each<[string, Record<string, string | string[]>]>([
  ['', {}],
  ['a', { a: '' }],
  ['a=', { a: '' }],
  ['=b', { '': 'b' }],
  ['a=b=c&&d=e', { a: 'b=c', d: 'e' }],
  ['a=1&a=2&b=3', { a: ['1', '2'], b: '3' }],
  ['a=b+c%2Bd', { a: 'b c+d' }],
  ['%C3%A9=%F0%9F%99%82x', { é: '🙂x' }],
  ['a=%FFx', { a: '\ufffdx' }],
  ['a=é', { a: 'é' }],
  ['a=%zz&b=%4&c=1', { c: '1' }],
  ['%=x&c=1', { c: '1' }],
  ['a=1;b=2&c=3', { c: '3' }],
])('reads %j', (text, expected) => expect(parseQueryString(text)).toEqual(expected));

it('takes no name for anything else than a name', () => {
  const query = parseQueryString('__proto__=x&constructor=y');
  expect([Object.hasOwn(query, '__proto__'), query['constructor']]).toEqual([true, 'y']);
});
