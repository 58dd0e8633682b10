import { expect, it } from 'vitest';
import { acceptsJson } from './negotiation';
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

it('knows which methods a path has', () => {
  const table = new RouteTable();
  table.add('POST', '/a');
  table.add('GET', '/a');
  table.add('DELETE', '/a/:id');
  table.add('GET', '/a/groups');
  expect(['/a', '/a/x', '/a/groups', '/a/x/y', '/ax', '/'].map((path) => table.methodsOf(path))).toEqual([
    ['GET', 'POST'],
    ['DELETE'],
    ['DELETE', 'GET'],
    [],
    [],
    [],
  ]);
});
