import { describe, expect, it } from 'vitest';
import { goJson } from '../receivers/go-json';
import { renderValue } from './render-value';

const jsonOf = (configured: unknown, render = (source: string) => source): string =>
  goJson(renderValue(configured, render)).trimEnd();

describe('renderValue', () => {
  it.each([
    ['words', '"words"'],
    ['3', '3'],
    ['1.50', '1.5'],
    ['0x1F', '31'],
    ['yes', 'true'],
    ['"3"', '"\\"3\\""'],
    ['', 'null'],
    ['~', 'null'],
    ['{"b": 1, "a": [true, null, "x"]}', '{"a":[true,null,"x"],"b":1}'],
    ['a: b', '{"a":"b"}'],
    ['- 1\n- a: 2', '[1,{"a":2}]'],
    ['2026-01-01T00:00:00Z', '"2026-01-01T00:00:00Z"'],
    ['{a: 12:30:00}', '{"a":"12:30:00"}'],
    ['9223372036854775807', '9223372036854775807'],
    ['[-9007199254740993, 18446744073709551615]', '[-9007199254740993,18446744073709551615]'],
    ['100000000000000000000000', '1e+23'],
    ['.inf', '".inf"'],
    ['1e400', '"1e400"'],
    ['[FIRING:1] DiskFull', '"[FIRING:1] DiskFull"'],
    ['disk: 90: full', '"disk: 90: full"'],
    ['%CPU is 99', '"%CPU is 99"'],
    ['&amp; y', '"\\u0026amp; y"'],
    ['!!! y', '"!!! y"'],
    ['{__proto__: 1}', '{"__proto__":1}'],
  ])('reads %j as YAML does: %s', (text, json) => {
    expect(jsonOf(text)).toBe(json);
  });

  it('renders texts and names, and keeps the rest', () => {
    const configured = { '{{ a }}': ['{{ a }}', 1, true, null, { b: '{{ a }}' }] };
    expect(jsonOf(configured, (source) => source.replace('{{ a }}', 'x'))).toBe('{"x":["x",1,true,null,{"b":"x"}]}');
  });

  it('keeps keys that JavaScript would put elsewhere', () => {
    expect(jsonOf({ 10: 'a', 9: 'b' })).toBe('{"10":"a","9":"b"}');
  });
});
