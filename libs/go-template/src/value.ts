// Values of Go as templates see them. A string is a JS string that stands for its UTF-8 bytes; a byte that is part of no
// valid UTF-8 is the lone surrogate U+DC00 + byte (go-string.ts). A JS number is a float64 and a bigint an int; what else
// is a number, or a string or boolean with a type of its own, is a Scalar. Nothing is ever looked up on a prototype.
// Types are told apart by identity; those Go has built in, and functions that make more, are in basic-types.ts.
import type { Budget } from './budget';

/** Any value; `null` is nil. */
export type Value = null | boolean | string | number | bigint | TypedValue;

/** A value that names its type. */
export type TypedValue = Scalar | GoList | GoMap | GoStruct | GoFunc | GoError;

/** What a map is asked with. */
export type MapKey = string | bigint | number | boolean;

/** A function's second result when it is not nil: the template ends with `error calling NAME: MESSAGE`. */
export class Failure {
  constructor(readonly message: string) {}
}

/** What a function takes and gives. */
export interface Signature {
  readonly params: readonly GoType[];
  /** Whether the last parameter, whose type here is that of one element, may be given any number of times. */
  readonly isVariadic: boolean;
  readonly result: GoType;
  /** Whether Go's function has an `error` as its second result; only seen in printed types. */
  readonly mayFail: boolean;
}

/** A method of a type. The receiver is the value, for structs what it was made from. */
export interface Method<Self = unknown> extends Signature {
  call(self: Self, args: readonly Value[], budget: Budget): Value | Failure;
}

interface Type {
  /** As `%T` prints it: `int64`, `template.KV`, `map[string]string`. */
  readonly name: string;
  /** Whether it was declared, as `template.KV`, and not just written down, as `[]string`. */
  readonly isNamed: boolean;
}

/** The kinds of integers, signed ones first. */
export type IntKind = 'int' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint' | 'uint8' | 'uint16' | 'uint32' | 'uint64';

/** A type of single values: the basic types and those declared from them. Bool, string, number or bigint, by kind. */
export interface ScalarType extends Type {
  readonly kind: IntKind | 'bool' | 'float32' | 'float64' | 'string';
  readonly methods: ReadonlyMap<string, Method<Scalar>>;
}

/** A slice type. */
export interface ListType extends Type {
  readonly kind: 'slice';
  readonly elem: GoType;
  readonly methods: ReadonlyMap<string, Method<GoList>>;
}

/** A map type. */
export interface MapType extends Type {
  readonly kind: 'map';
  readonly key: ScalarType;
  readonly elem: GoType;
  readonly methods: ReadonlyMap<string, Method<GoMap>>;
}

/** A field of a struct, computed when it is asked for. */
export interface Field<Self = unknown> {
  readonly name: string;
  /** Its name in JSON, as a Go tag gives it. Default: `name`. */
  readonly jsonName?: string;
  readonly type: GoType;
  get(self: Self): Value;
}

/** A struct type over data of the program's own. */
export interface StructType<Self = unknown> extends Type {
  readonly kind: 'struct';
  readonly fields: readonly Field<Self>[];
  /** Whether its values are pointers to the struct: `name` has a star then, and `printf "%v"` prints `&{…}`. */
  readonly isPointer: boolean;
  /** Places in `fields`. */
  readonly places: ReadonlyMap<string, number>;
  readonly methods: ReadonlyMap<string, Method<Self>>;
  /** Go's `==`, where comparing the fields will not do. */
  equals?(left: Self, right: Self): boolean;
}

/** A function type. */
export interface FuncType extends Type, Signature {
  readonly kind: 'func';
  readonly methods: ReadonlyMap<string, Method<GoFunc>>;
}

/** `interface {}`, which holds any value, and `error`. */
export interface InterfaceType extends Type {
  readonly kind: 'interface';
  readonly methods: ReadonlyMap<string, Method<Value>>;
}

/** The type of an error value. */
export interface ErrorType extends Type {
  readonly kind: 'error';
  readonly methods: ReadonlyMap<string, Method<GoError>>;
}

/** A type of Go. */
export type GoType = ScalarType | ListType | MapType | StructType | FuncType | InterfaceType | ErrorType;

/** A value of a basic type with no JS type of its own, or of a declared one: `int64`, `time.Duration`, `template.HTML`. */
export class Scalar {
  constructor(
    readonly type: ScalarType,
    readonly value: bigint | number | string | boolean,
  ) {}
}

/** A slice. */
export class GoList {
  constructor(
    readonly type: ListType,
    readonly items: readonly Value[],
    /** Whether it is Go's nil slice, which only `eq` with nil and `%#v` tell from an empty one. */
    readonly isNil = false,
  ) {}
}

/** A map; its keys are those given by `keys()` and nothing else. */
export abstract class GoMap {
  constructor(
    readonly type: MapType,
    /** Whether it is Go's nil map, which only `eq` with nil and `%#v` tell from an empty one. */
    readonly isNil = false,
  ) {}
  abstract get size(): number;
  abstract get(key: MapKey): Value | undefined;
  /** In no particular order. */
  abstract keys(): Iterable<MapKey>;
}

/** A map over a plain object, whose own keys are the map's; the object is not copied. */
export class RecordMap extends GoMap {
  constructor(
    type: MapType,
    readonly record: Readonly<Record<string, Value>>,
  ) {
    super(type);
  }
  override get size(): number {
    return Object.keys(this.record).length;
  }
  override get(key: MapKey): Value | undefined {
    return typeof key === 'string' && Object.hasOwn(this.record, key) ? this.record[key] : undefined;
  }
  override keys(): string[] {
    return Object.keys(this.record);
  }
}

/** A map over a JS map, which is not copied. */
export class EntryMap extends GoMap {
  constructor(
    type: MapType,
    readonly entries: ReadonlyMap<MapKey, Value>,
    isNil = false,
  ) {
    super(type, isNil);
  }
  override get size(): number {
    return this.entries.size;
  }
  override get(key: MapKey): Value | undefined {
    return this.entries.get(key);
  }
  override keys(): Iterable<MapKey> {
    return this.entries.keys();
  }
}

/** A struct, or a pointer to one, over data of the program's own. */
export class GoStruct<Self = unknown> {
  readonly #known: (Value | undefined)[] = [];

  constructor(
    readonly type: StructType<Self>,
    readonly self: Self,
  ) {}

  /** The field at a place of `type.fields`, computed once. */
  field(place: number): Value {
    const known = this.#known[place];
    if (known !== undefined) return known;
    const value = this.type.fields[place]?.get(this.self) ?? null;
    this.#known[place] = value;
    return value;
  }
}

/** A function; its arguments are checked against its type before it is called. */
export class GoFunc {
  constructor(
    readonly type: FuncType,
    readonly call: (args: readonly Value[], budget: Budget) => Value | Failure,
  ) {}
}

/** An error as a value. */
export class GoError {
  constructor(
    readonly type: ErrorType,
    readonly message: string,
  ) {}
}

/** The text of a value whose type is a kind of string, "" of any other. */
export function textOf(value: Value | undefined): string {
  const plain = value instanceof Scalar ? value.value : value;
  return typeof plain === 'string' ? plain : '';
}

/** The number of a value whose type is a kind of number, NaN of any other; integers beyond 2^53 are rounded. */
export function numberOf(value: Value | undefined): number {
  const plain = value instanceof Scalar ? value.value : value;
  return typeof plain === 'number' ? plain : typeof plain === 'bigint' ? Number(plain) : NaN;
}

/** The items of a list, none of any other value. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return value instanceof GoList ? value.items : [];
}

/** What the methods of a value's type are called on. */
export function receiverOf(value: Value): unknown {
  return value instanceof GoStruct ? value.self : value;
}
