// The types Go has built in, and functions that make more.
import type { Budget } from './budget';
import {
  type ErrorType,
  EntryMap,
  type Failure,
  type Field,
  type FuncType,
  GoError,
  GoFunc,
  GoList,
  type GoMap,
  GoStruct,
  type GoType,
  type InterfaceType,
  type ListType,
  type MapKey,
  type MapType,
  type Method,
  Scalar,
  type ScalarType,
  type Signature,
  type StructType,
  type Value,
} from './value';

type Methods<Self> = Readonly<Record<string, Method<Self>>>;

/** A type declared from a basic kind, as `type Duration int64`. */
export function scalarType(name: string, kind: ScalarType['kind'], methods: Methods<Scalar> = {}): ScalarType {
  return { kind, name, isNamed: true, methods: methodTable(methods) };
}

export const BOOL = scalarType('bool', 'bool');
export const STRING = scalarType('string', 'string');
export const INT = scalarType('int', 'int');
export const INT8 = scalarType('int8', 'int8');
export const INT16 = scalarType('int16', 'int16');
/** Also `rune`. */
export const INT32 = scalarType('int32', 'int32');
export const INT64 = scalarType('int64', 'int64');
export const UINT = scalarType('uint', 'uint');
/** Also `byte`. */
export const UINT8 = scalarType('uint8', 'uint8');
export const UINT16 = scalarType('uint16', 'uint16');
export const UINT32 = scalarType('uint32', 'uint32');
export const UINT64 = scalarType('uint64', 'uint64');
export const FLOAT32 = scalarType('float32', 'float32');
export const FLOAT64 = scalarType('float64', 'float64');

/** `interface {}`. */
export const ANY: InterfaceType = { kind: 'interface', name: 'interface {}', isNamed: false, methods: new Map() };
/** `error`. */
export const ERROR: InterfaceType = { kind: 'interface', name: 'error', isNamed: true, methods: new Map() };
/** Any value of an argument that Go takes as `reflect.Value`, as its built-in functions do: nil may be given. */
export const REFLECT: InterfaceType = { kind: 'interface', name: 'reflect.Value', isNamed: true, methods: new Map() };

/** Text that html/template takes as it is, in the context of its name. */
export const HTML = scalarType('template.HTML', 'string');
export const HTML_ATTR = scalarType('template.HTMLAttr', 'string');
export const JS = scalarType('template.JS', 'string');
export const JS_STR = scalarType('template.JSStr', 'string');
export const CSS = scalarType('template.CSS', 'string');
export const URL = scalarType('template.URL', 'string');
export const SRCSET = scalarType('template.Srcset', 'string');

/** `[]elem`, or with a name the type declared as that. */
export function listType(elem: GoType, name?: string, methods: Methods<GoList> = {}): ListType {
  const isNamed = name !== undefined;
  return { kind: 'slice', name: name ?? `[]${elem.name}`, isNamed, elem, methods: methodTable(methods) };
}

/** `map[key]elem`, or with a name the type declared as that. */
export function mapType(key: ScalarType, elem: GoType, name?: string, methods: Methods<GoMap> = {}): MapType {
  const isNamed = name !== undefined;
  return {
    kind: 'map',
    name: name ?? `map[${key.name}]${elem.name}`,
    isNamed,
    key,
    elem,
    methods: methodTable(methods),
  };
}

/** A struct type, or with a star before its name a pointer to one; fields are printed in the order given. */
export function structType<Self>(
  name: string,
  fields: Readonly<Record<string, Omit<Field<Self>, 'name'>>>,
  methods: Methods<Self> = {},
  equals?: (left: Self, right: Self) => boolean,
): StructType<Self> {
  const named = Object.entries(fields).map(([field, of]) => ({ ...of, name: field }));
  return {
    kind: 'struct',
    name,
    isNamed: true,
    fields: named,
    isPointer: name.startsWith('*'),
    places: new Map(named.map((field, place) => [field.name, place])),
    methods: methodTable(methods),
    ...(equals && { equals }),
  };
}

/** The type of errors made by `errors.New`, or with a name of others. */
export function errorType(name: string): ErrorType {
  const message: Method<GoError> = { ...signature([], STRING), call: (error) => error.message };
  return { kind: 'error', name, isNamed: true, methods: new Map([['Error', message]]) };
}

const ERROR_STRING = errorType('*errors.errorString');

/** An error as a value. */
export function goError(message: string, type = ERROR_STRING): GoError {
  return new GoError(type, message);
}

export const STRINGS = listType(STRING);
export const ANYS = listType(ANY);
export const STRING_MAP = mapType(STRING, STRING);
export const ANY_MAP = mapType(STRING, ANY);

type SignatureOptions = Partial<Pick<Signature, 'isVariadic' | 'mayFail'>>;

/** Parameters and result; the last parameter repeats with `isVariadic`. */
export function signature(params: readonly GoType[], result: GoType, options: SignatureOptions = {}): Signature {
  return { params, result, isVariadic: options.isVariadic ?? false, mayFail: options.mayFail ?? false };
}

/** A function of Go's `FuncMap`. */
export function goFunc(of: Signature, call: (args: readonly Value[], budget: Budget) => Value | Failure): GoFunc {
  const params = of.params.map(({ name }, place) =>
    of.isVariadic && place === of.params.length - 1 ? `...${name}` : name,
  );
  const result = of.mayFail ? `(${of.result.name}, error)` : of.result.name;
  const type: FuncType = {
    ...of,
    kind: 'func',
    name: `func(${params.join(', ')}) ${result}`,
    isNamed: false,
    methods: new Map(),
  };
  return new GoFunc(type, call);
}

/** A method of a type. */
export function method<Self>(
  of: Signature,
  call: (self: Self, args: readonly Value[], budget: Budget) => Value | Failure,
): Method<Self> {
  return { ...of, call };
}

/** The type of a value that is not nil. */
export function typeOf(value: Exclude<Value, null>): GoType {
  switch (typeof value) {
    case 'string':
      return STRING;
    case 'bigint':
      return INT;
    case 'number':
      return FLOAT64;
    case 'boolean':
      return BOOL;
    default:
      return value.type;
  }
}

/** The name of the type of what a pointer points to; of other values, that of their own. */
export function pointeeName(value: Exclude<Value, null>): string {
  return typeOf(value).name.replace(/^\*/, '');
}

/** A value of a basic type, in the form that type has. */
export function scalar(type: ScalarType, value: bigint | number | string | boolean): Value {
  return type === STRING || type === INT || type === FLOAT64 || type === BOOL ? value : new Scalar(type, value);
}

/** The key of a map as a value. */
export function keyValue(type: MapType, key: MapKey): Value {
  return scalar(type.key, key);
}

/** The zero value of a type; a struct's is nil unless its fields can do with no data. */
export function zeroOf(type: GoType): Value {
  switch (type.kind) {
    case 'string':
      return scalar(type, '');
    case 'bool':
      return scalar(type, false);
    case 'float32':
    case 'float64':
      return scalar(type, 0);
    case 'slice':
      return new GoList(type, [], true);
    case 'map':
      return new EntryMap(type, new Map(), true);
    case 'struct':
      return type.isPointer ? null : zeroStruct(type);
    case 'func':
    case 'interface':
    case 'error':
      return null;
    default:
      return scalar(type, 0n);
  }
}

function zeroStruct({ name, fields }: StructType): GoStruct {
  const zeros = Object.fromEntries(
    fields.map((field) => [field.name, { type: field.type, get: () => zeroOf(field.type) }]),
  );
  return new GoStruct<unknown>(structType(name, zeros), null);
}

/** Whether a value of one type may be given where another is wanted, by Go's rules of assignment. */
export function isAssignable(from: GoType, to: GoType): boolean {
  if (from === to || to === ANY || to === REFLECT) return true;
  if (to === ERROR) return from.methods.has('Error');
  if (from.isNamed && to.isNamed) return false;
  if (from.kind === 'slice' && to.kind === 'slice') return from.elem === to.elem;
  if (from.kind === 'map' && to.kind === 'map') return from.key === to.key && from.elem === to.elem;
  return from.kind === 'func' && to.kind === 'func' && from.name === to.name;
}

function methodTable<Self>(methods: Methods<Self>): ReadonlyMap<string, Method<Self>> {
  return new Map(Object.entries(methods));
}
