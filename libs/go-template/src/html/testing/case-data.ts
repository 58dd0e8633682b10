// The data of the cases in testdata/: JSON, in which {"$type": NAME, "value": …} is a value of a type that JSON has not.
// The expected texts were made by Go's html/template with types of the same names.
import {
  ANY_MAP,
  ANYS,
  CSS,
  goError,
  goFunc,
  HTML,
  HTML_ATTR,
  INT,
  JS,
  JS_STR,
  mapType,
  method,
  scalarType,
  signature,
  SRCSET,
  STRING,
  STRING_MAP,
  STRINGS,
  structType,
  URL,
  FLOAT64,
} from '../../basic-types';
import { fromBytes } from '../../go/bytes';
import { formatDuration, inUnits, parseDuration, SECOND } from '../../go/duration';
import { formatTime, RFC3339_NANO, timeString } from '../../go/format-time';
import type { Instant } from '../../go/instant';
import { parseTime } from '../../go/parse-time';
import { sortedKeys } from '../../map-order';
import {
  type GoFunc,
  GoList,
  GoStruct,
  itemsOf,
  RecordMap,
  Scalar,
  type ScalarType,
  textOf,
  type Value,
} from '../../value';

/** Data of a case. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const KV = mapType(STRING, STRING, 'main.KV', {
  String: method(signature([], STRING), (kv) =>
    sortedKeys(kv)
      .map((key) => `${String(key)}=${textOf(kv.get(key))}`)
      .join(', '),
  ),
});

const DURATION: ScalarType = scalarType('time.Duration', 'int64', {
  String: method(signature([], STRING), ({ value }) => formatDuration(BigInt(value))),
  Seconds: method(signature([], FLOAT64), ({ value }) => inUnits(BigInt(value), SECOND)),
});

const TIME = structType<Instant>(
  'time.Time',
  {},
  {
    String: method(signature([], STRING), timeString),
    Format: method(signature([STRING], STRING), (time, [layout]) => formatTime(time, textOf(layout))),
    MarshalJSON: method(signature([], STRING), (time) => `"${formatTime(time, RFC3339_NANO)}"`),
  },
);

interface Alert {
  readonly Status: Value;
  readonly Labels: Value;
  readonly StartsAt: Value;
  readonly Count: Value;
}

const alertFields = {
  Status: { type: STRING, get: ({ Status }: Alert) => Status },
  Labels: { type: KV, get: ({ Labels }: Alert) => Labels },
  StartsAt: { type: TIME, get: ({ StartsAt }: Alert) => StartsAt },
  Count: { type: INT, get: ({ Count }: Alert) => Count },
};
const ALERT = structType<Alert>('main.Alert', alertFields);
const ALERT_POINTER = structType<Alert>('*main.Alert', alertFields);

const marked: Readonly<Record<string, ScalarType>> = {
  HTML,
  HTMLAttr: HTML_ATTR,
  JS,
  JSStr: JS_STR,
  CSS,
  URL,
  Srcset: SRCSET,
};

/** The value that a case's data stands for. */
export function valueOf(json: Json): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return Number.isInteger(json) ? BigInt(json) : json;
  if (isList(json)) return new GoList(ANYS, json.map(valueOf));
  const { $type: type, value = null } = json;
  return typeof type === 'string' ? typedValue(type, value) : new RecordMap(ANY_MAP, valuesOf(json));
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function valuesOf(json: Json): Record<string, Value> {
  return Object.fromEntries(Object.entries(json ?? {}).map(([key, value]: [string, Json]) => [key, valueOf(value)]));
}

function typedValue(type: string, json: Json): Value {
  const mark = marked[type];
  const text = String(json);
  if (mark !== undefined) return new Scalar(mark, text);
  switch (type) {
    case 'Float':
      return text === '+Inf' ? Infinity : Number(text);
    case 'KV':
      return new RecordMap(KV, valuesOf(json));
    case 'StringMap':
      return new RecordMap(STRING_MAP, valuesOf(json));
    case 'Strings':
      return new GoList(STRINGS, isList(json) ? json.map(String) : []);
    case 'Bytes':
      return fromBytes(Uint8Array.from(isList(json) ? json.map(Number) : []));
    case 'Error':
      return goError(text);
    case 'Duration':
      return new Scalar(DURATION, durationOf(text));
    case 'Time':
      return new GoStruct(TIME, timeOf(text));
    case 'Alert':
      return new GoStruct(ALERT, alertOf(json));
    case 'AlertPointer':
      return new GoStruct(ALERT_POINTER, alertOf(json));
    default:
      throw new Error(`no type ${type}`);
  }
}

function durationOf(text: string): bigint {
  const read = parseDuration(text);
  if (!read.ok) throw new Error(read.error);
  return read.ns;
}

function timeOf(text: string): Instant {
  const read = parseTime(RFC3339_NANO, text);
  if (!read.ok) throw new Error(read.error);
  return read.instant;
}

function alertOf(json: Json): Alert {
  const { Status = null, Labels = null, StartsAt = null, Count = null } = valuesOf(json);
  return { Status, Labels, StartsAt, Count };
}

/** Functions the cases call. */
export const caseFunctions: Readonly<Record<string, GoFunc>> = {
  safeHtml: goFunc(signature([STRING], HTML), ([text]) => new Scalar(HTML, textOf(text))),
  safeUrl: goFunc(signature([STRING], URL), ([text]) => new Scalar(URL, textOf(text))),
  toUpper: goFunc(signature([STRING], STRING), ([text]) => textOf(text).toUpperCase()),
  join: goFunc(signature([STRING, STRINGS], STRING), ([separator, texts]) =>
    itemsOf(texts).map(textOf).join(textOf(separator)),
  ),
};
