import { expect, it } from 'vitest';
import { isRequestUri } from './request-uri';

// Every row was checked against Alertmanager 0.25.
it.each([
  'http://prometheus.example:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
  'http://h',
  'http://',
  'http:///x',
  'http://[::1]:80/',
  'http://h?%zz',
  'http://h/"<>',
  'http://a"b<>c/',
  'http://h:80:90/',
  'http://é/%C3%A9',
  '/foo',
  '/a b',
  '//h x/y',
  'foo:bar',
  'a: b',
  'mailto:%zz',
  '*',
])('%s is one', (text) => expect(isRequestUri(text)).toBe(true));

it.each([
  'foo',
  'x y',
  '?x',
  '1a:b',
  'http://a b/',
  'http://h:x/',
  'http://h^x/',
  'http://h|x/',
  'http://h{}/',
  'http://h`x/',
  'http://h\\x/',
  'http://us er@h/',
  'http://[::1/',
  'http://%41/',
  'http://h/a%2',
  'http://x/%zz',
  'http://h/#%zz',
  '/%zz',
  '/a\nb',
])('%j is none', (text) => expect(isRequestUri(text)).toBe(false));
