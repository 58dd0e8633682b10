import { expect, it } from 'vitest';
import { acceptsGzip, acceptsJson, corsHeaders } from './negotiation';
import { RouteTable } from './route-table';

it.each([
  [undefined, true],
  ['', true],
  ['*/*', true],
  ['application/json', true],
  ['Application/JSON; charset=utf-8', true],
  ['text/html, application/*;q=0.5', true],
  ['text/html', false],
  ['application/json;q=0', false],
  ['text/html, */*; q=0.0', false],
])('Accept %s lets the answer be JSON: %s', (accept, expected) => expect(acceptsJson(accept)).toBe(expected));

it.each([
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['br, GZIP;q=0.5', true],
  ['deflate', false],
  ['*', false],
  ['gzip;q=0, br', false],
])('Accept-Encoding %s takes gzip: %s', (encodings, expected) => expect(acceptsGzip(encodings)).toBe(expected));

it('knows which methods a path has', () => {
  const table = new RouteTable();
  table.add('POST', '/a');
  table.add('GET', '/a');
  table.add('DELETE', '/a/:id');
  table.add('GET', '/a/groups');
  expect(['/a', '/a/x', '/a/groups/', '/a/x/y', '/ax', '/'].map((path) => table.methodsOf(path))).toEqual([
    ['GET', 'POST'],
    ['DELETE'],
    ['DELETE', 'GET'],
    [],
    [],
    [],
  ]);
});

it.each<[string, string, string | undefined, { isPreflight: boolean; allowed: boolean }]>([
  ['GET', 'http://x', undefined, { isPreflight: false, allowed: true }],
  ['GET', '', undefined, { isPreflight: false, allowed: false }],
  ['DELETE', 'null', undefined, { isPreflight: false, allowed: true }],
  ['PATCH', 'http://x', undefined, { isPreflight: false, allowed: false }],
  ['OPTIONS', 'http://x', undefined, { isPreflight: false, allowed: true }],
  ['OPTIONS', 'http://x', '', { isPreflight: false, allowed: true }],
  ['OPTIONS', 'http://x', 'GET', { isPreflight: true, allowed: true }],
  ['OPTIONS', '', 'GET', { isPreflight: true, allowed: false }],
  ['OPTIONS', 'http://x', 'get', { isPreflight: true, allowed: false }],
])('%s of the origin %j that asks for %j: %j', (method, origin, wanted, { isPreflight, allowed }) => {
  const headers = { origin, ...(wanted !== undefined && { 'access-control-request-method': wanted }) };
  const answer = corsHeaders(method, headers);
  expect([answer.isPreflight, 'Access-Control-Allow-Origin' in answer.headers]).toEqual([isPreflight, allowed]);
});
