import { type Budget, LimitExceeded } from '../budget';
import { typeOf } from '../basic-types';
import { formatFloat } from '../go/format-float';
import { fromBytes } from '../go/bytes';
import { compareStrings } from '../go-string';
import {
  Failure,
  GoFunc,
  GoList,
  GoMap,
  GoStruct,
  type MapKey,
  type Method,
  receiverOf,
  Scalar,
  textOf,
  type TypedValue,
  type Value,
} from '../value';

/** JSON, or why a value has none. */
export type Marshalled = { readonly ok: true; readonly json: string } | { readonly ok: false; readonly error: string };

/** A value as Go's `json.Marshal` writes it, safe within HTML. */
export function marshalJson(value: Value, budget: Budget): Marshalled {
  try {
    return { ok: true, json: new Marshaller(budget).json(value, 0) };
  } catch (error) {
    if (error instanceof Unsupported) return { ok: false, error: error.message };
    throw error;
  }
}

/** Ends the work on a value that has no JSON; caught in `marshalJson`. */
class Unsupported extends Error {}

const maxDepth = 1000;

class Marshaller {
  constructor(readonly budget: Budget) {}

  json(value: Value, depth: number): string {
    this.budget.spend(1);
    if (depth > maxDepth) throw new LimitExceeded(`exceeded ${maxDepth} levels of nested values`);
    switch (typeof value) {
      case 'string':
        return jsonString(value);
      case 'bigint':
      case 'boolean':
        return String(value);
      case 'number':
        return jsonNumber(value, 64);
      default:
        return value === null ? 'null' : (this.#byMethod(value) ?? this.#composed(value, depth));
    }
  }

  #composed(value: TypedValue, depth: number): string {
    if (value instanceof Scalar) return this.#scalar(value, depth);
    if (value instanceof GoList) return this.#list(value, depth);
    if (value instanceof GoMap) return this.#map(value, depth);
    if (value instanceof GoStruct) return this.#struct(value, depth);
    if (value instanceof GoFunc) throw new Unsupported(`json: unsupported type: ${value.type.name}`);
    // The struct behind an error has no field that others see.
    return '{}';
  }

  #scalar({ type, value }: Scalar, depth: number): string {
    return typeof value === 'number' ? jsonNumber(value, type.kind === 'float32' ? 32 : 64) : this.json(value, depth);
  }

  #list(list: GoList, depth: number): string {
    if (list.isNil) return 'null';
    if (list.type.elem.kind === 'uint8') return `"${Buffer.from(bytesOf(list)).toString('base64')}"`;
    return this.#joined(
      '[',
      list.items.map((item) => this.json(item, depth + 1)),
      ']',
    );
  }

  #map(map: GoMap, depth: number): string {
    if (map.isNil) return 'null';
    const keyKind = map.type.key.kind;
    if (/^(bool|float)/.test(keyKind)) throw new Unsupported(`json: unsupported type: ${map.type.name}`);
    const keys = [...map.keys()].map((key): readonly [string, MapKey] => [String(key), key]);
    keys.sort(([left], [right]) => compareStrings(left, right));
    const entries = keys.map(([name, key]) => `${jsonString(name)}:${this.json(map.get(key) ?? null, depth + 1)}`);
    return this.#joined('{', entries, '}');
  }

  #struct(struct: GoStruct, depth: number): string {
    const entries = struct.type.fields.map(
      ({ name, jsonName = name }, place) => `${jsonString(jsonName)}:${this.json(struct.field(place), depth + 1)}`,
    );
    return this.#joined('{', entries, '}');
  }

  #joined(open: string, parts: readonly string[], close: string): string {
    const text = open + parts.join(',') + close;
    this.budget.allowLength(text.length);
    return text;
  }

  /** What the value says of itself: JSON, or a text. */
  #byMethod(value: TypedValue): string | null {
    const name = ['MarshalJSON', 'MarshalText'].find((method) => value.type.methods.has(method));
    if (name === undefined) return null;
    const method: Method | undefined = value.type.methods.get(name);
    const result = method?.call(receiverOf(value), [], this.budget) ?? null;
    if (result instanceof Failure) {
      throw new Unsupported(`json: error calling ${name} for type ${typeOf(value).name}: ${result.message}`);
    }
    const text = result instanceof GoList ? fromBytes(bytesOf(result)) : textOf(result);
    return name === 'MarshalJSON' ? text : jsonString(text);
  }
}

function bytesOf(list: GoList): Uint8Array {
  return Uint8Array.from(list.items, (item) => Number(item instanceof Scalar ? item.value : item));
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function jsonString(text: string): string {
  const escaped = text.replace(/["\\\0-\x1f<>&\u2028\u2029]|\p{Surrogate}/gu, (character) => {
    if (/\p{Surrogate}/u.test(character)) return '\\ufffd';
    return escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

/** As JavaScript writes numbers: with an exponent only where they are very small or large. */
function jsonNumber(value: number, bits: 32 | 64): string {
  if (!Number.isFinite(value)) throw new Unsupported(`json: unsupported value: ${formatFloat(value, 'g', -1, bits)}`);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return formatFloat(value, 'f', -1, bits);
  return formatFloat(value, 'e', -1, bits).replace(/e-0(\d)$/, 'e-$1');
}
