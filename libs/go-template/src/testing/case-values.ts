// The values and functions that the cases in testdata/ are run with. The expected texts were made by Go with types of the
// same names in its package main.
import {
  ANY,
  ANY_MAP,
  ANYS,
  BOOL,
  ERROR,
  FLOAT32,
  FLOAT64,
  goError,
  goFunc,
  INT,
  INT16,
  INT32,
  INT64,
  INT8,
  listType,
  mapType,
  method,
  scalarType,
  signature,
  STRING,
  STRING_MAP,
  STRINGS,
  structType,
  UINT,
  UINT16,
  UINT32,
  UINT64,
  UINT8,
} from '../basic-types';
import { toBytes } from '../go/bytes';
import {
  EntryMap,
  Failure,
  GoError,
  type GoFunc,
  GoList,
  GoMap,
  GoStruct,
  itemsOf,
  numberOf,
  RecordMap,
  Scalar,
  textOf,
  type ScalarType,
  type Value,
} from '../value';

const LEVEL = scalarType('main.Level', 'int', {
  String: method(signature([], STRING), (level) => `level ${level.value}`),
  Next: method(signature([], INT), (level) => BigInt(numberOf(level)) + 1n),
});
const WORD = scalarType('main.Word', 'string');
const FLAG = scalarType('main.Flag', 'bool');

const LABELS = mapType(STRING, STRING, 'main.Labels', {
  Names: method(signature([], STRINGS), (labels) => new GoList(STRINGS, [...labels.keys()].map(String).sort())),
  Get: method(signature([STRING], STRING), (labels, [key]) => labels.get(textOf(key)) ?? ''),
  Fail: method(signature([], STRING, { mayFail: true }), () => new Failure('no labels')),
});

const PAIRS = listType(STRING, 'main.Pairs', {
  Join: method(signature([STRING], STRING), (pairs, [separator]) => pairs.items.map(textOf).join(textOf(separator))),
  String: method(signature([], STRING), (pairs) => `<${pairs.items.map(textOf).join('|')}>`),
});

interface Point {
  readonly x: bigint;
  readonly y: number;
  readonly name: string;
  readonly tags: readonly string[];
  readonly inner: Value;
}

const pointFields = {
  X: { type: INT, get: ({ x }: Point) => x },
  Y: { type: FLOAT64, get: ({ y }: Point) => y },
  Name: { type: STRING, get: ({ name }: Point) => name },
  Tags: { type: STRINGS, get: ({ tags }: Point) => new GoList(STRINGS, tags) },
  Inner: { type: ANY, get: ({ inner }: Point) => inner },
};

const pointMethods = {
  Sum: method<Point>(signature([], FLOAT64), ({ x, y }) => Number(x) + y),
  Scale: method<Point>(signature([FLOAT64], FLOAT64), ({ y }, [by]) => y * numberOf(by)),
  Greet: method<Point>(signature([STRING, INT], STRING), ({ name }, [greeting, times]) =>
    Array.from({ length: numberOf(times) }, () => `${textOf(greeting)} ${name}`).join(','),
  ),
  Fails: method<Point>(signature([], STRING, { mayFail: true }), () => new Failure('point fails')),
  Vary: method<Point>(signature([STRING, ANY], STRING, { isVariadic: true }), ({ name }, [text, ...rest]) => {
    return `${name}:${textOf(text)}:${rest.length}`;
  }),
  Any: method<Point>(signature([], ANY), ({ inner }) => inner),
  Labels: method<Point>(signature([], LABELS), ({ name }) => new RecordMap(LABELS, { name })),
};

const POINT = structType<Point>('main.Point', pointFields, pointMethods);
const POINT_POINTER = structType<Point>('*main.Point', pointFields, pointMethods);

const TITLED = structType<{ title: string }>(
  'main.Titled',
  { Title: { type: STRING, get: ({ title }) => title }, Rank: { type: INT, get: () => 3n } },
  { String: method(signature([], STRING), ({ title }) => `titled ${title}`) },
);

const INTS = listType(INT);
const FLOATS = listType(FLOAT64);
const BYTES = listType(UINT8);
const POINTS = listType(POINT);
const LEVELS = listType(LEVEL);
const NESTED = listType(STRINGS);
const INT_MAP = mapType(INT, STRING);
const UINT8_MAP = mapType(UINT8, INT);
const BOOL_MAP = mapType(BOOL, STRING);
const FLOAT_MAP = mapType(FLOAT64, INT);
const WORD_MAP = mapType(WORD, INT);
const INT_BY_NAME = mapType(STRING, INT);
const POINT_BY_NAME = mapType(STRING, POINT);
const LIST_BY_NAME = mapType(STRING, STRINGS);

const point: Point = { x: 3n, y: 0.5, name: 'pt', tags: ['a', 'b'], inner: 'in' };
const addition = goFunc(signature([INT, INT], INT), ([a, b]) => BigInt(numberOf(a)) + BigInt(numberOf(b)));

/** Values that cases name with `{"$": "value", "v": NAME}`. */
const named: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['point', new GoStruct(POINT, point)],
  ['pointer', new GoStruct(POINT_POINTER, point)],
  ['hollow', new GoStruct(POINT, { ...point, inner: null, tags: [] })],
  ['titled', new GoStruct(TITLED, { title: 'T' })],
  ['points', new GoList(POINTS, [new GoStruct(POINT, point), new GoStruct(POINT, { ...point, name: 'two' })])],
  ['level', new Scalar(LEVEL, 7n)],
  ['levels', new GoList(LEVELS, [new Scalar(LEVEL, 1n), new Scalar(LEVEL, 2n)])],
  ['word', new Scalar(WORD, 'wörd')],
  ['flag', new Scalar(FLAG, true)],
  ['labels', new RecordMap(LABELS, { b: '2', a: '1', 'c d': '3' })],
  ['pairs', new GoList(PAIRS, ['p', 'q'])],
  ['nested', new GoList(NESTED, [new GoList(STRINGS, ['a', 'b']), new GoList(STRINGS, ['c'])])],
  ['nilstrings', new GoList(STRINGS, [], true)],
  ['nilmap', new EntryMap(STRING_MAP, new Map(), true)],
  ['error', goError('boom')],
  ['add', addition],
  [
    'intmap',
    new EntryMap(
      INT_MAP,
      new Map([
        [2n, 'two'],
        [1n, 'one'],
        [-3n, 'minus'],
      ]),
    ),
  ],
  [
    'uint8map',
    new EntryMap(
      UINT8_MAP,
      new Map([
        [2n, 20n],
        [1n, 10n],
      ]),
    ),
  ],
  [
    'boolmap',
    new EntryMap(
      BOOL_MAP,
      new Map([
        [true, 'yes'],
        [false, 'no'],
      ]),
    ),
  ],
  [
    'floatmap',
    new EntryMap(
      FLOAT_MAP,
      new Map([
        [1.5, 1n],
        [-0.5, 2n],
      ]),
    ),
  ],
  [
    'wordmap',
    new EntryMap(
      WORD_MAP,
      new Map([
        ['w', 1n],
        ['é', 2n],
        ['\u{1f600}', 3n],
        ['\uffee', 4n],
      ]),
    ),
  ],
  ['counts', new RecordMap(INT_BY_NAME, { one: 1n, two: 2n })],
  ['pointmap', new RecordMap(POINT_BY_NAME, { p: new GoStruct(POINT, point) })],
  ['listmap', new RecordMap(LIST_BY_NAME, { l: new GoList(STRINGS, ['x']) })],
  ['nan', NaN],
  ['inf', Infinity],
  ['minusinf', -Infinity],
  ['minuszero', -0],
  [
    'bytes',
    new GoList(
      BYTES,
      [...toBytes('hé')].map((byte) => new Scalar(UINT8, BigInt(byte))),
    ),
  ],
]);

const scalars: ReadonlyMap<string, ScalarType> = new Map(
  [INT8, INT16, INT32, INT64, UINT, UINT8, UINT16, UINT32, UINT64].map((type) => [type.name, type]),
);

/** Functions the cases may call. */
export const caseFunctions: Readonly<Record<string, GoFunc>> = {
  add: addition,
  fails: goFunc(signature([], STRING, { mayFail: true }), () => new Failure('it failed')),
  panics: goFunc(signature([STRING], STRING), ([why]) => {
    throw new Error(textOf(why));
  }),
  strs: goFunc(signature([STRING], STRINGS, { isVariadic: true }), (args) => new GoList(STRINGS, args)),
  list: goFunc(signature([ANY], ANYS, { isVariadic: true }), (args) => new GoList(ANYS, args)),
  dict: goFunc(signature([STRING, ANY], ANY_MAP), ([key, value = null]) => {
    return new EntryMap(ANY_MAP, new Map([[textOf(key), value]]));
  }),
  same: goFunc(signature([ANY], ANY), ([value = null]) => value),
  join: goFunc(signature([STRING, STRINGS], STRING), ([by, items]) => itemsOf(items).map(textOf).join(textOf(by))),
  byte: goFunc(signature([UINT8], UINT8), ([value = null]) => value),
  small: goFunc(signature([FLOAT32], FLOAT32), ([value = null]) => value),
  negate: goFunc(signature([BOOL], BOOL), ([value]) => value !== true),
  float: goFunc(signature([FLOAT64], FLOAT64), ([value = null]) => value),
  size: goFunc(signature([STRING_MAP], INT), ([map]) => BigInt(map instanceof GoMap ? map.size : 0)),
  reason: goFunc(signature([ERROR], STRING), ([error]) => (error instanceof GoError ? error.message : 'none')),
  leveled: goFunc(signature([LEVEL], STRING), ([level]) => `at ${numberOf(level)}`),
  adder: goFunc(signature([INT], addition.type), () => addition),
  nothing: goFunc(signature([], ANY), () => null),
};

/** The value that a case describes: JSON, numbers without a fraction being ints, and objects with `$` saying what they are. */
export function caseValue(json: unknown): Value {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return new GoList(ANYS, json.map(caseValue));
  const fields = new Map(Object.entries(json ?? {}));
  const kind = fields.get('$');
  if (typeof kind !== 'string') {
    return new EntryMap(ANY_MAP, new Map([...fields].map(([key, value]) => [key, caseValue(value)])));
  }
  return typedValue(kind, fields.get('v'));
}

function typedValue(kind: string, given: unknown): Value {
  const scalar = scalars.get(kind);
  if (scalar !== undefined) return new Scalar(scalar, BigInt(String(given)));
  const list: unknown[] = Array.isArray(given) ? given : [];
  switch (kind) {
    case 'value':
      return named.get(String(given)) ?? null;
    case 'int':
      return BigInt(String(given));
    case 'float':
      return Number(given);
    case 'float32':
      return new Scalar(FLOAT32, Math.fround(Number(given)));
    case 'strings':
      return new GoList(STRINGS, list.map(String));
    case 'ints':
      return new GoList(
        INTS,
        list.map((item) => BigInt(String(item))),
      );
    case 'floats':
      return new GoList(FLOATS, list.map(Number));
    case 'stringmap':
      return new RecordMap(STRING_MAP, Object.fromEntries(Object.entries(given ?? {}).map(([k, v]) => [k, String(v)])));
    default:
      throw new Error(`no such value: ${kind}`);
  }
}
