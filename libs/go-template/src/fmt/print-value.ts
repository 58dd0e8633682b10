// How Go's fmt prints one value under one verb.
import { keyValue, pointeeName, STRING, typeOf, UINT8 } from '../basic-types';
import { type Budget, LimitExceeded } from '../budget';
import { fromBytes } from '../go/bytes';
import { sortedKeys } from '../map-order';
import {
  Failure,
  GoFunc,
  GoList,
  GoMap,
  GoStruct,
  type GoType,
  type IntKind,
  type Method,
  receiverOf,
  Scalar,
  type StructType,
  textOf,
  type TypedValue,
  type Value,
} from '../value';
import { formatChar, formatFloatVerb, formatInteger, formatQuotedChar, formatUnicode } from './format-number';
import { formatHex, formatQuoted, formatText } from './format-text';
import { pad, type Spec } from './spec';

/** Stands for every address: Go prints those of its memory, which say nothing. */
const ADDRESS = 0xc000010000n;

/** How deep values are printed. */
const MAX_DEPTH = 1000;

/** Prints an argument. */
export function printArg(value: Value, verb: string, spec: Spec, budget: Budget): string {
  return new Printer(verb, spec, budget).arg(value);
}

class Printer {
  /** Within `%!verb(type=value)`, where the methods of values are left alone. */
  #isErroring = false;

  constructor(
    readonly verb: string,
    readonly spec: Spec,
    readonly budget: Budget,
  ) {}

  arg(value: Value): string {
    const { verb, spec } = this;
    if (typeof value === 'string') return this.#text(value);
    if (value === null) return verb === 'T' || verb === 'v' ? pad('<nil>', spec) : `%!${verb}(<nil>)`;
    if (verb === 'T') return formatText(typeOf(value).name, spec);
    if (verb === 'p') return this.#pointer(value);
    if (isByteSlice(value)) return verb === 'v' && spec.sharpV ? this.#byteSource(value) : this.#value(value, 0);
    return this.#byMethod(value) ?? this.#value(value, 0);
  }

  #nested(value: Value, type: GoType, depth: number): string {
    this.budget.spend(1);
    if (depth > MAX_DEPTH) throw new LimitExceeded(`exceeded ${MAX_DEPTH} levels of nested values`);
    if (value === null) return this.#nil(type);
    return this.#byMethod(value) ?? this.#value(value, depth);
  }

  #value(value: Exclude<Value, null>, depth: number): string {
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'bigint':
        return this.#integer(value, 'int', value);
      case 'number':
        return this.#float(value, 64, value);
      case 'boolean':
        return this.#boolean(value, value);
      default:
        return this.#composed(value, depth);
    }
  }

  #composed(value: TypedValue, depth: number): string {
    if (value instanceof Scalar) return this.#scalar(value);
    if (value instanceof GoMap) return this.#map(value, depth);
    if (value instanceof GoList) return this.#list(value, depth);
    if (value instanceof GoStruct) return this.#struct(value, depth);
    if (depth > 0 || value instanceof GoFunc) return this.#pointer(value);
    const name = this.spec.sharpV ? pointeeName(value) : '';
    return `&${name}{${this.spec.sharpV || this.spec.plusV ? 's:' : ''}${this.#text(value.message)}}`;
  }

  #scalar(scalar: Scalar): string {
    const { value, type } = scalar;
    switch (typeof value) {
      case 'string':
        return this.#text(value, scalar);
      case 'boolean':
        return this.#boolean(value, scalar);
      case 'number':
        return this.#float(value, type.kind === 'float32' ? 32 : 64, scalar);
      case 'bigint':
        return this.#integer(value, type.kind, scalar);
    }
  }

  #text(text: string, value: Value = text): string {
    const { verb, spec } = this;
    switch (verb) {
      case 'v':
        return spec.sharpV ? formatQuoted(text, spec) : formatText(text, spec);
      case 's':
        return formatText(text, spec);
      case 'q':
        return formatQuoted(text, spec);
      case 'x':
      case 'X':
        this.budget.allowLength(4 * text.length);
        return formatHex(text, verb === 'X', spec);
      case 'T':
        return formatText(STRING.name, spec);
      default:
        return this.#bad(value);
    }
  }

  #boolean(isTrue: boolean, value: Value): string {
    return this.verb === 't' || this.verb === 'v' ? pad(String(isTrue), this.spec) : this.#bad(value);
  }

  #integer(value: bigint, kind: IntKind | string, whole: Value): string {
    const { verb, spec } = this;
    switch (verb) {
      case 'v':
        if (spec.sharpV && kind.startsWith('u')) return formatInteger(value, 16, { ...spec, sharp: true }, 'x');
        return formatInteger(value, 10, spec);
      case 'd':
        return formatInteger(value, 10, spec);
      case 'b':
        return formatInteger(value, 2, spec);
      case 'o':
      case 'O':
        return formatInteger(value, 8, spec, verb);
      case 'x':
      case 'X':
        return formatInteger(value, 16, spec, verb);
      case 'c':
        return formatChar(BigInt.asUintN(64, value), spec);
      case 'q':
        return formatQuotedChar(BigInt.asUintN(64, value), spec);
      case 'U':
        return formatUnicode(BigInt.asUintN(64, value), spec);
      default:
        return this.#bad(whole);
    }
  }

  #float(value: number, bits: 32 | 64, whole: Value): string {
    const { verb, spec } = this;
    switch (verb) {
      case 'v':
        return formatFloatVerb(value, bits, 'g', -1, spec);
      case 'b':
      case 'g':
      case 'G':
      case 'x':
      case 'X':
        return formatFloatVerb(value, bits, verb, -1, spec);
      case 'f':
      case 'F':
      case 'e':
      case 'E':
        return formatFloatVerb(value, bits, verb === 'F' ? 'f' : verb, 6, spec);
      default:
        return this.#bad(whole);
    }
  }

  #map(map: GoMap, depth: number): string {
    const { sharpV } = this.spec;
    if (sharpV && map.isNil) return `${map.type.name}(nil)`;
    const entries = sortedKeys(map).map((key) => {
      const value = this.#nested(map.get(key) ?? null, map.type.elem, depth + 1);
      return `${this.#nested(keyValue(map.type, key), map.type.key, depth + 1)}:${value}`;
    });
    return sharpV ? `${map.type.name}{${this.#joined(entries)}}` : `map[${this.#joined(entries)}]`;
  }

  #list(list: GoList, depth: number): string {
    const { verb, spec } = this;
    if (list.type.elem.kind === 'uint8' && /^[sqxX]$/.test(verb)) return this.#text(bytesText(list), list);
    if (spec.sharpV && list.isNil) return `${list.type.name}(nil)`;
    const items = list.items.map((item) => this.#nested(item, list.type.elem, depth + 1));
    return spec.sharpV ? `${list.type.name}{${this.#joined(items)}}` : `[${this.#joined(items)}]`;
  }

  #struct(struct: GoStruct, depth: number): string {
    const { type } = struct;
    if (type.isPointer && depth > 0) return this.#pointer(struct);
    const { sharpV, plusV } = this.spec;
    const fields = type.fields.map(({ name, type: fieldType }, place) => {
      const text = this.#nested(struct.field(place), fieldType, depth + 1);
      return sharpV || plusV ? `${name}:${text}` : text;
    });
    const name = sharpV ? type.name.replace(/^\*/, '') : '';
    return `${type.isPointer ? '&' : ''}${name}{${this.#joined(fields)}}`;
  }

  #joined(parts: readonly string[]): string {
    const text = parts.join(this.spec.sharpV ? ', ' : ' ');
    this.budget.allowLength(text.length);
    return text;
  }

  #byteSource(list: GoList): string {
    if (list.isNil) return '[]byte(nil)';
    return `[]byte{${list.items.map((item) => this.#nested(item, UINT8, 1)).join(', ')}}`;
  }

  #nil(type: GoType): string {
    const { verb, spec } = this;
    if (type.kind === 'interface') return spec.sharpV ? `${type.name}(nil)` : '<nil>';
    if (verb !== 'v') return `%!${verb}(${type.name}=<nil>)`;
    return spec.sharpV ? `(${type.name})(nil)` : pad('<nil>', spec);
  }

  #pointer(value: Exclude<Value, null>): string {
    const { verb, spec } = this;
    const type = typeOf(value);
    const isReference = /^(map|slice|func|error)$/.test(type.kind) || (type.kind === 'struct' && type.isPointer);
    if (!isReference) return this.#bad(value);
    if (verb === 'p') return formatInteger(ADDRESS, 16, { ...spec, sharp: !spec.sharp }, 'x');
    if (verb !== 'v') return /^[bodxX]$/.test(verb) ? this.#integer(ADDRESS, 'uint64', value) : this.#bad(value);
    const address = formatInteger(ADDRESS, 16, { ...spec, sharp: true }, 'x');
    return spec.sharpV ? `(${type.name})(${address})` : address;
  }

  #bad(value: Value): string {
    if (value === null) return `%!${this.verb}(<nil>)`;
    const inner = new Printer('v', this.spec, this.budget);
    inner.#isErroring = true;
    return `%!${this.verb}(${typeOf(value).name}=${inner.arg(value)})`;
  }

  /** What the value says of itself, if it does for this verb. */
  #byMethod(value: Exclude<Value, null>): string | null {
    if (this.#isErroring || typeof value !== 'object') return null;
    const { verb, spec } = this;
    if (verb === 'w') return this.#bad(value);
    if (spec.sharpV) {
      const source = this.#called(value, 'GoString');
      return typeof source === 'string' ? formatText(source, spec) : null;
    }
    if (!/^[vsxXq]$/.test(verb)) return null;
    const name = value.type.methods.has('Error') ? 'Error' : 'String';
    const text = this.#called(value, name);
    if (text instanceof Failure) return `%!${verb}(PANIC=${name} method: ${text.message})`;
    return text === null ? null : this.#text(text);
  }

  #called(value: TypedValue, name: string): string | Failure | null {
    const method: Method | undefined = value.type.methods.get(name);
    if (method === undefined || method.params.length > 0 || method.result !== STRING) return null;
    const result = method.call(receiverOf(value), [], this.budget);
    return result instanceof Failure ? result : textOf(result);
  }
}

function isByteSlice(value: Value): value is GoList {
  return value instanceof GoList && !value.type.isNamed && value.type.elem === UINT8;
}

function bytesText(list: GoList): string {
  return fromBytes(Uint8Array.from(list.items, (item) => Number(item instanceof Scalar ? item.value : item)));
}

const pointedTo = new WeakMap<StructType, StructType>();

/** What a pointer points to; other values as they are. Source: Go `text/template.printableValue`. */
export function indirect(value: Value): Value {
  if (!(value instanceof GoStruct) || !value.type.isPointer) return value;
  const { type } = value;
  const known = pointedTo.get(type) ?? { ...type, isPointer: false, name: type.name.replace(/^\*/, '') };
  pointedTo.set(type, known);
  return new GoStruct(known, value.self);
}
