import { describe, expect, it } from 'vitest';
import {
  ANY_MAP,
  ANYS,
  BOOL,
  FLOAT32,
  goError,
  goFunc,
  INT,
  INT64,
  listType,
  mapType,
  method,
  scalarType,
  signature,
  STRING,
  STRINGS,
  structType,
  UINT64,
  UINT8,
} from '../basic-types';
import { Budget, LimitExceeded } from '../budget';
import { EntryMap, Failure, GoList, GoStruct, type MapKey, RecordMap, Scalar, type Value } from '../value';
import { marshalJson } from './marshal-json';

const plenty = { maxSteps: 10_000, maxDepth: 10, maxLength: 10_000 };

function marshal(value: Value): string {
  const marshalled = marshalJson(value, new Budget(plenty));
  return marshalled.ok ? marshalled.json : marshalled.error;
}

const INT_MAP = mapType(INT, STRING);
const BOOL_MAP = mapType(BOOL, INT);
const BYTES = listType(UINT8);
const bytesOf = (text: string) =>
  new GoList(
    BYTES,
    [...Buffer.from(text)].map((byte) => new Scalar(UINT8, BigInt(byte))),
  );
const intMap = (...entries: [MapKey, Value][]) => new EntryMap(INT_MAP, new Map(entries));

const POINT = structType<{ x: bigint }>('*main.Point', {
  X: { type: INT, get: ({ x }) => x },
  Name: { type: STRING, get: () => 'p<' },
});
const CLOCK = structType('main.Clock', {}, { MarshalJSON: method(signature([], BYTES), () => bytesOf('"now"')) });
const LEVEL = scalarType('main.Level', 'int', { MarshalText: method(signature([], BYTES), () => bytesOf('"high"')) });
const BROKEN = structType(
  'main.Broken',
  {},
  { MarshalJSON: method(signature([], BYTES, { mayFail: true }), () => new Failure('out of order')) },
);

describe('marshalJson', () => {
  it.each<[string, Value, string]>([
    ['nil', null, 'null'],
    ['a boolean', true, 'true'],
    ['an int', -3n, '-3'],
    ['an int64', new Scalar(INT64, 9223372036854775807n), '9223372036854775807'],
    ['a uint64', new Scalar(UINT64, 18446744073709551615n), '18446744073709551615'],
    ['markup', "<a href='x'>&", `"\\u003ca href='x'\\u003e\\u0026"`],
    ['separators', '\u2028\u2029', '"\\u2028\\u2029"'],
    ['control characters', '\0\x1f\x7f\b\f\n\r\t', '"\\u0000\\u001f\x7f\\b\\f\\n\\r\\t"'],
    ['quotes, and what is no UTF-8', '"\\é\udcff𝄞', '"\\"\\\\é\\ufffd𝄞"'],
    [
      'floats without an exponent',
      new GoList(ANYS, [0, -0, 1, -1.5, 1e-6, 1e20]),
      '[0,-0,1,-1.5,0.000001,100000000000000000000]',
    ],
    ['floats with one', new GoList(ANYS, [1e-7, 1e21, 1.5e300, 5e-324]), '[1e-7,1e+21,1.5e+300,5e-324]'],
    ['a float32', new Scalar(FLOAT32, Math.fround(0.1)), '0.1'],
    ['NaN', NaN, 'json: unsupported value: NaN'],
    ['an infinity within', new RecordMap(ANY_MAP, { a: -Infinity }), 'json: unsupported value: -Inf'],
    ['a list', new GoList(ANYS, [null, 'a', new GoList(STRINGS, [])]), '[null,"a",[]]'],
    ['a nil list', new GoList(STRINGS, [], true), 'null'],
    ['bytes', bytesOf('hi?>~'), '"aGk/Pn4="'],
    [
      'a map, by the bytes of its keys',
      new RecordMap(ANY_MAP, { é: 1n, z: 2n, 'a<': 3n }),
      '{"a\\u003c":3,"z":2,"é":1}',
    ],
    ['a map of ints', intMap([10n, 'a'], [-2n, 'b'], [3n, 'c']), '{"-2":"b","10":"a","3":"c"}'],
    ['a nil map', new EntryMap(INT_MAP, new Map(), true), 'null'],
    ['a map of booleans', new EntryMap(BOOL_MAP, new Map([[true, 1n]])), 'json: unsupported type: map[bool]int'],
    ['a struct', new GoStruct(POINT, { x: 1n }), '{"X":1,"Name":"p\\u003c"}'],
    ['a function', goFunc(signature([INT], STRING), () => ''), 'json: unsupported type: func(int) string'],
    ['an error', goError('x'), '{}'],
    ['what has JSON of its own', new GoStruct(CLOCK, null), '"now"'],
    ['what has a text of its own', new Scalar(LEVEL, 1n), '"\\"high\\""'],
    ['what fails', new GoStruct(BROKEN, null), 'json: error calling MarshalJSON for type main.Broken: out of order'],
  ])('%s', (_, value, expected) => {
    expect(marshal(value)).toBe(expected);
  });

  it('stays within the limits of the execution', () => {
    const long = new GoList(
      STRINGS,
      Array.from({ length: 20 }, () => 'x'.repeat(1000)),
    );
    expect(() => marshal(long)).toThrow(LimitExceeded);
  });
});
