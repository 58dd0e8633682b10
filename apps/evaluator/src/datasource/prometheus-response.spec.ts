import { expect, it } from 'vitest';
import { parseErrorResponse, parseQueryResponse } from './prometheus-response.schema';

function success(data: unknown, more: object = {}): string {
  return JSON.stringify({ status: 'success', data, ...more });
}

function vector(...result: readonly unknown[]): unknown {
  return { resultType: 'vector', result };
}

it.each([
  ['an empty vector', success(vector()), []],
  [
    'a vector with the labels as they are',
    success(vector({ metric: { __name__: 'up', job: 'a' }, value: [1.5, '1'] })),
    [{ labels: { __name__: 'up', job: 'a' }, value: 1 }],
  ],
  [
    'a scalar as one sample without labels',
    success({ resultType: 'scalar', result: [1, '42.5'] }),
    [{ labels: {}, value: 42.5 }],
  ],
  [
    'special values',
    success(vector(...['NaN', '+Inf', '-Inf', '1e-7'].map((value) => ({ metric: {}, value: [1, value] })))),
    [Number.NaN, Infinity, -Infinity, 1e-7].map((value) => ({ labels: {}, value })),
  ],
  [
    'a native histogram, whose value is none',
    success(vector({ metric: { a: 'b' }, histogram: [1, { count: '1', sum: '2' }] })),
    [{ labels: { a: 'b' }, value: Number.NaN }],
  ],
])('reads %s', (_, text, samples) => {
  expect(parseQueryResponse(text)).toEqual({ kind: 'vector', samples, isComplete: true, warnings: [] });
});

it.each([
  ['a text', success({ resultType: 'string', result: [1, 'x'] }), 'rule result is not a vector or scalar'],
  ['a matrix', success({ resultType: 'matrix', result: [] }), 'rule result is not a vector or scalar'],
  ['an error', JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'no such' }), 'bad_data: no such'],
  ['an error without type', JSON.stringify({ status: 'error', error: 'no such' }), 'no such'],
  ['a page', '<html>\n  sign in</html>', 'answer is not JSON: <html> sign in</html>'],
  ['a list', '[1]', 'answer is not an object: [1]'],
  ['no data', '{"status":"success"}', 'answer without data: {"status":"success"}'],
  [
    'a label that is no text',
    success(vector({ metric: { a: 1 }, value: [1, '1'] })),
    'answer holds a series that is none: {"metric":{"a":1},"value":[1,"1"]}',
  ],
  [
    'a value that is no number',
    success(vector({ metric: {}, value: [1, 'x'] })),
    'answer holds a series that is none: {"metric":{},"value":[1,"x"]}',
  ],
  [
    'an empty value',
    success(vector({ metric: {}, value: [1, ''] })),
    'answer holds a series that is none: {"metric":{},"value":[1,""]}',
  ],
])('fails for %s', (_, text, reason) => {
  expect(parseQueryResponse(text)).toEqual({ kind: 'failed', reason });
});

it.each([
  ['nothing is said', {}, true],
  ['the query itself is remarked on', { warnings: ['PromQL warning: quantile value should be between 0 and 1'] }, true],
  ['some store did not answer', { warnings: ['No StoreAPIs matched for this query'] }, false],
  ['the answer calls itself partial', { isPartial: true }, false],
  ['the answer calls itself whole', { isPartial: false }, true],
])('knows whether data may be missing: %s', (_, more, isComplete) => {
  expect(parseQueryResponse(success(vector(), more))).toMatchObject({ isComplete });
});

it('finds what an error answer says, whatever its status', () => {
  expect(parseErrorResponse('{"status":"error","errorType":"timeout","error":"too slow"}')).toBe('timeout: too slow');
  expect(parseErrorResponse('Bad Gateway')).toBeNull();
});
