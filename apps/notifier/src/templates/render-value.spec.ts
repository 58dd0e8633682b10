import { describe, expect, it } from 'vitest';
import { goJson } from '../receivers/go-json';
import { renderValue } from './render-value';

/** A renderer that puts a text in the place of `{{ x }}`. */
const rendered = (value: unknown, x: string): string =>
  goJson(renderValue(value, (text) => text.replace('{{ x }}', x)));

describe('renderValue', () => {
  it.each([
    ['a text', 'some words', '"some words"'],
    ['nothing', '', 'null'],
    ['a number', '3', '3'],
    ['a fraction', '1.5', '1.5'],
    ['a boolean of YAML 1.1', 'on', 'true'],
    ['a quoted number', '"3"', '"\\"3\\""'],
    ['a map', '{"b": 1, "a": [true, null]}', '{"a":[true,null],"b":1}'],
    ['a list', '[1, two]', '[1,"two"]'],
    ['what is no YAML', '{a: [', '"{a: ["'],
    ['a date', '2026-01-01', '"2026-01-01"'],
  ])('reads %s', (_, x, json) => expect(rendered('{{ x }}', x)).toBe(`${json}\n`));

  it('goes into maps and lists, keys included, and sorts keys', () => {
    const configured = { '{{ x }}': ['{{ x }}', { z: 1, a: '{{ x }}' }], number: 2, yes: true, none: null };
    expect(rendered(configured, 'k')).toBe('{"k":["k",{"a":"k","z":1}],"none":null,"number":2,"yes":true}\n');
  });

  it('keeps keys that JavaScript would put elsewhere, or knows itself', () => {
    expect(rendered({ 10: 'a', 9: 'b', '__proto__.': 'c' }, '')).toBe('{"10":"a","9":"b","__proto__.":"c"}\n');
  });
});
