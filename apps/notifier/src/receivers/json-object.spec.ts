import { describe, expect, it } from 'vitest';
import { jsonObject, textIn, textsIn } from './json-object';

describe('jsonObject', () => {
  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['a list', '[]', null],
    ['null', 'null', null],
    ['a text', '"a"', null],
    ['no JSON', '<html>', null],
    ['nothing', '', null],
  ])('reads %s', (_, text, value) => {
    expect(jsonObject(text)).toEqual(value);
  });

  it('finds texts', () => {
    const object = { text: 'a', number: 1, texts: ['a', 1, 'b'] };
    expect(['text', 'number', 'other'].map((name) => textIn(object, name))).toEqual(['a', '', '']);
    expect(['texts', 'text', 'other'].map((name) => textsIn(object, name))).toEqual([['a', 'b'], [], []]);
  });
});
