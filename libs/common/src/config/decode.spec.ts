import { describe, expect, it } from 'vitest';
import {
  any,
  bool,
  custom,
  DecodeContext,
  decodeDocument,
  type Decoder,
  duration,
  float,
  goDuration,
  int,
  list,
  map,
  object,
  optional,
  orEmpty,
  string,
  uint,
  withDefault,
} from './decode';
import { parseYaml } from './parse-yaml';
import { findingText } from './yaml-document';

function decode<T>(decoder: Decoder<T>, text: string): T | string[] {
  const parsed = parseYaml(text);
  if (!parsed.ok) throw new Error(`not YAML: ${text}`);
  const result = decodeDocument(parsed.document, decoder);
  return result.ok ? result.value : result.findings.map((finding) => findingText('f', finding));
}

describe('scalars', () => {
  it.each([
    [string, '1.50', '1.50'],
    [string, 'yes', 'yes'],
    [string, '2020-01-01', '2020-01-01'],
    [string, '0x1F', '0x1F'],
    [string, '"a\\u00e9"', 'aé'],
    [string, '|\n  x\n  y\n', 'x\ny\n'],
    [string, '!!str 5', '5'],
    [bool, 'On', true],
    [bool, 'n', false],
    [int, '-0x10', -16],
    [int, '1_000', 1000],
    [int, '1e3', 1000],
    [int, '1.7', 1],
    [uint, '7', 7],
    [float, '0.5', 0.5],
    [float, '2', 2],
    [float, '.inf', Infinity],
    [duration, '1h30m', 5_400_000],
    [duration, '0', 0],
    [goDuration, '1.5s', 1500],
    [goDuration, '2000000', 2],
    [goDuration, '5', 1],
  ])('%# of %s', (decoder: Decoder<unknown>, text, value) => expect(decode(decoder, text)).toBe(value));

  // The texts of Go's yaml.v2, without its "line N".
  it.each([
    [string, '[1]', 'cannot unmarshal !!seq into string'],
    [string, '{a: 1}', 'cannot unmarshal !!map into string'],
    [bool, '"yes"', 'cannot unmarshal !!str `yes` into bool'],
    [bool, '1', 'cannot unmarshal !!int `1` into bool'],
    [bool, 'qqqqqqqqqqqq', 'cannot unmarshal !!str `qqqqqqq...` into bool'],
    [int, '"5"', 'cannot unmarshal !!str `5` into int'],
    [int, '1:30', 'cannot unmarshal !!str `1:30` into int'],
    [int, 'yes', 'cannot unmarshal !!bool `yes` into int'],
    [int, '99999999999999999999', 'cannot unmarshal !!float `9999999...` into int'],
    [uint, '-1', 'cannot unmarshal !!int `-1` into uint64'],
    [uint, '-0x1E', 'cannot unmarshal !!int `-0x1E` into uint64'],
    [bool, '1.5', 'cannot unmarshal !!float `1.5` into bool'],
    [float, '"0.5"', 'cannot unmarshal !!str `0.5` into float64'],
    [duration, '[1]', 'cannot unmarshal !!seq into string'],
    [duration, '5', 'not a valid duration string: "5"'],
    [duration, '""', 'empty duration string'],
    [goDuration, '1d', 'cannot unmarshal !!str `1d` into time.Duration'],
    [goDuration, '"5"', 'cannot unmarshal !!str `5` into time.Duration'],
    [list(string), 'abc', 'cannot unmarshal !!str `abc` into []string'],
    [map(string), '[1]', 'cannot unmarshal !!seq into map[string]string'],
    [object({}, 'config.plain'), 'abc', 'cannot unmarshal !!str `abc` into config.plain'],
  ])('%# refuses %s', (decoder: Decoder<unknown>, text, message) => {
    expect(decode(decoder, text)).toEqual([`f:1:1: ${message}`]);
  });

  it('takes null for the empty value, whatever the default', () => {
    const fields = {
      string: withDefault(string, 'x'),
      bool: withDefault(bool, true),
      int: withDefault(int, 1),
      float: withDefault(float, 1),
      duration: withDefault(duration, 1),
      goDuration: withDefault(goDuration, 1),
      list: withDefault(list(string), ['x']),
      map: withDefault(map(string), { x: 'x' }),
      object: object({ inner: withDefault(int, 5) }, 'T'),
      optional: optional(string),
      any,
    };
    const text = Object.keys(fields)
      .map((key) => `${key}:\n`)
      .join('');
    expect(decode(object(fields, 'T'), text)).toEqual({
      string: '',
      bool: false,
      int: 0,
      float: 0,
      duration: 0,
      goDuration: 0,
      list: [],
      map: {},
      object: { inner: 5 },
      optional: undefined,
      any: null,
    });
  });
});

describe('structures', () => {
  const route = object(
    {
      receiver: string,
      group_wait: withDefault(duration, 30_000),
      matchers: optional(list(string)),
      labels: withDefault(map(string), {}),
    },
    'config.plain',
  );

  it('gives typed values with defaults', () => {
    expect(decode(route, 'receiver: team\nmatchers: [a=b, 5, null]\nlabels: {x: yes}')).toEqual({
      receiver: 'team',
      group_wait: 30_000,
      matchers: ['a=b', '5', ''],
      labels: { x: 'yes' },
    });
  });

  it('tells all mistakes, in the order of the file', () => {
    const text = `labels: {a: 1, a: 2, b: [x], [c]: d}
group_wait: 5 minutes
reciever: team
matchers: [{}, ok, []]
group_wait: 1m
`;
    expect(decode(route, text)).toEqual([
      'f:1:1: missing field receiver in type config.plain',
      'f:1:16: key "a" already set in map',
      'f:1:25: cannot unmarshal !!seq into string',
      'f:1:30: cannot unmarshal !!seq into string',
      'f:2:13: unknown unit " minutes" in duration "5 minutes"',
      'f:3:1: field reciever not found in type config.plain',
      'f:4:12: cannot unmarshal !!map into string',
      'f:4:20: cannot unmarshal !!seq into string',
      'f:5:1: field group_wait already set in type config.plain',
    ]);
  });

  it('gives each finding its path', () => {
    const parsed = parseYaml('- receiver: a\n- receiver: b\n  matchers: [x, {}]\n');
    const result = parsed.ok && decodeDocument(parsed.document, list(route));
    expect(result).toMatchObject({ ok: false, findings: [{ path: [1, 'matchers', 1], line: 3, column: 17 }] });
  });

  it('tells a mistake behind an anchor once', () => {
    expect(decode(list(list(int)), '- &x [a]\n- *x\n- *x')).toEqual(['f:1:7: cannot unmarshal !!str `a` into int']);
  });

  it('finds repeated keys in free values', () => {
    expect(decode(any, 'x: [{a: 1, a: 2}]')).toEqual(['f:1:12: key "a" already set in map']);
  });

  it('holds keys like __proto__, and refuses them where they are unknown', () => {
    expect(decode(map(string), '__proto__: x')).toEqual(JSON.parse('{"__proto__":"x"}'));
    expect(decode(object({}, 'T'), 'constructor: x')).toEqual(['f:1:1: field constructor not found in type T']);
  });

  it('fills an absent object with the defaults of its fields', () => {
    const file = object({ global: orEmpty(object({ wait: withDefault(duration, 5) }, 'G')) }, 'T');
    for (const text of ['', 'global:', 'global: {}']) expect(decode(file, text)).toEqual({ global: { wait: 5 } });
  });
});

describe('custom checks', () => {
  const range = custom(object({ from: int, to: int }, 'T'), ({ from, to }, report) => {
    if (from > to) report('ends before it starts', ['to']);
    if (from < 0) return report('starts too early');
    return to - from;
  });

  it('convert', () => expect(decode(range, '{from: 1, to: 3}')).toBe(2));

  it('report about the value and about what is inside it', () => {
    expect(decode(list(range), '- {from: 3, to: 1}\n- {from: -1, to: 1}')).toEqual([
      'f:1:17: ends before it starts',
      'f:2:3: starts too early',
    ]);
  });

  it('are left out when the value has mistakes itself', () => {
    expect(decode(range, '{from: x, to: 1}')).toEqual(['f:1:8: cannot unmarshal !!str `x` into int']);
  });

  it('are made beside keys that are unknown or repeated', () => {
    expect(decode(range, '{from: 3, to: 1, too: 2, from: 0}')).toEqual([
      'f:1:15: ends before it starts',
      'f:1:18: field too not found in type T',
      'f:1:26: field from already set in type T',
    ]);
  });

  it('say which section they are of, and come in their own order', () => {
    const fields = {
      b: custom(int, (value, report) => report(`b is ${value}`), 'parent'),
      a: custom(list(int), (_, report) => report('a has a second', [1])),
    };
    const parsed = parseYaml('x: {a: [1, 2], b: 3, c: 4}');
    if (!parsed.ok) throw new Error('not YAML');
    const context = new DecodeContext(parsed.document);
    object({ x: object(fields, 'T') }, 'T').decode(parsed.document.root, context);
    expect(context.inOrderOfChecks()).toMatchObject([
      { message: 'field c not found in type T', kind: 'shape' },
      { message: 'b is 3', kind: 'check', path: ['x', 'b'], section: ['x'] },
      { message: 'a has a second', kind: 'check', path: ['x', 'a', 1], section: ['x', 'a'] },
    ]);
  });

  it('see the default of an absent field', () => {
    const doubled = custom(withDefault(int, 4), (value) => value * 2);
    expect(decode(object({ a: doubled, b: doubled }, 'T'), 'b: 1')).toEqual({ a: 8, b: 2 });
    expect(decode(object({ a: custom(int, String) }, 'T'), '{}')).toEqual(['f:1:1: missing field a in type T']);
  });
});
