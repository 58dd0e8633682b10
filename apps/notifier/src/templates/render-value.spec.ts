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
    ['{"__proto__": 1}', '{"__proto__":1}'],
    ['{"a": 1, "a": 2}', '"{\\"a\\": 1, \\"a\\": 2}"'],
    [
      '{"<<": {"a": [-0, 1.0, 1e3, 0.12345678901234567890]}}',
      '{"\\u003c\\u003c":{"a":[0,1,1000,0.12345678901234568]}}',
    ],
    [' [1234567890123456789, "1234567890123456789"] ', '[1234567890123456789,"1234567890123456789"]'],
    ['["a:b\\"]:", "\\u00e9\\/\\ud83d\\ude00", {}, []]', '["a:b\\"]:","é/😀",{},[]]'],
    ['[1, 2] ', '[1,2]'],
    ['["a", b]', '["a","b"]'],
  ])('reads %j as YAML does: %s', (text, json) => {
    expect(jsonOf(text)).toBe(json);
  });

  it.each([
    '{"a": [1, -2.50, 1E3, 1e400, "", null, false], "b": {"10": "x", "9": {}}}',
    '[ "\\u00e9\\b\\f\\n\\t\\\\\\"", "yes", "3", "~", "<<", "a # b", "{[" ]',
    '{\n  "a": [\n    1\n  ],\n  "": 2\n}\n',
    '{"a":{"b":1,"b":2}}',
    '[-0]',
  ])('reads %s whichever way', (text) => {
    const asYaml = renderValue(`# no JSON\n${text}`, (source) => source);
    expect(jsonOf(text)).toBe(typeof asYaml === 'string' ? jsonOf(text) : goJson(asYaml).trimEnd());
    expect(typeof renderValue(text, (source) => source)).toBe(typeof asYaml);
  });

  it('leaves texts that are too deep', () => {
    const texts = [5_000, 4_000, 101].flatMap((depth) => [
      '['.repeat(depth) + ']'.repeat(depth),
      '{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
      '- '.repeat(depth) + 'x',
      '? '.repeat(depth) + 'x',
      Array.from({ length: Math.min(depth, 300) }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
    ]);
    for (let turn = 0; turn < 20; turn++) {
      for (const text of texts) expect(renderValue(text, (source) => source)).toBe(text);
    }
    const hundred = '['.repeat(100) + '1' + ']'.repeat(100);
    expect(jsonOf(hundred)).toBe(hundred);
  });

  it('reads long texts only where they are JSON', () => {
    const json = `[${'{"a":"x"},'.repeat(10_000)}{"a":"x"}]`;
    expect(jsonOf(json)).toBe(json);
    for (const text of [json.replace('"a"', 'a'), json.replace('"x"', '1234567890123456789')]) {
      expect(renderValue(text, (source) => source)).toBe(text);
    }
  });

  it('renders texts and names, and keeps the rest', () => {
    const configured = { '{{ a }}': ['{{ a }}', 1, true, null, { b: '{{ a }}' }] };
    expect(jsonOf(configured, (source) => source.replace('{{ a }}', 'x'))).toBe('{"x":["x",1,true,null,{"b":"x"}]}');
  });

  it('keeps keys that JavaScript would put elsewhere', () => {
    expect(jsonOf({ 10: 'a', 9: 'b' })).toBe('{"10":"a","9":"b"}');
  });
});
