// `eq`, `ne`, `lt`, `le`, `gt`, `ge`. Source: Go `text/template`.
import { typeOf } from './basic-types';
import type { Budget } from './budget';
import { sprintf } from './fmt/sprintf';
import { compareStrings } from './go-string';
import { Failure, GoError, GoFunc, GoList, GoMap, GoStruct, Scalar, type Value } from './value';

/** A value by what it is compared as. */
type Comparable =
  | { readonly kind: 'bool'; readonly value: boolean }
  | Whole
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

interface Whole {
  readonly kind: 'int' | 'uint';
  readonly value: bigint;
}

/** Whether the first equals any of the others. */
export function isEqual([first = null, ...others]: readonly Value[], budget: Budget): boolean | Failure {
  if (others.length === 0) return new Failure('missing argument for comparison');
  const left = comparable(first);
  for (const other of others) {
    const right = comparable(other);
    const same =
      left !== null && right !== null ? sameBasic(left, right) : sameOther(first, left, other, right, budget);
    if (same === null) return incompatible(first, other);
    if (same !== false) return same;
  }
  return false;
}

/** Whether the first is less than the second. */
export function isLess([first = null, second = null]: readonly Value[]): boolean | Failure {
  const left = comparable(first);
  const right = comparable(second);
  if (left === null || right === null) return BAD_TYPE;
  if (isWhole(left) && isWhole(right)) return left.value < right.value;
  if (left.kind !== right.kind) return incompatible(first, second);
  if (left.kind === 'string' && right.kind === 'string') return compareStrings(left.value, right.value) < 0;
  return left.kind === 'float' && right.kind === 'float' ? left.value < right.value : BAD_TYPE;
}

/** `<=`: less or equal. */
export function isAtMost(args: readonly Value[], budget: Budget): boolean | Failure {
  const less = isLess(args);
  return less === false ? isEqual(args, budget) : less;
}

/** The opposite of an answer. */
export function negated(answer: boolean | Failure): boolean | Failure {
  return typeof answer === 'boolean' ? !answer : answer;
}

const BAD_TYPE = new Failure('invalid type for comparison');

function comparable(value: Value): Comparable | null {
  const plain = value instanceof Scalar ? value.value : value;
  switch (typeof plain) {
    case 'boolean':
      return { kind: 'bool', value: plain };
    case 'bigint':
      return { kind: value instanceof Scalar && value.type.kind.startsWith('u') ? 'uint' : 'int', value: plain };
    case 'number':
      return { kind: 'float', value: plain };
    case 'string':
      return { kind: 'string', value: plain };
    default:
      return null;
  }
}

function isWhole(value: Comparable): value is Whole {
  return value.kind === 'int' || value.kind === 'uint';
}

function sameBasic(left: Comparable, right: Comparable): boolean | null {
  if (left.kind !== right.kind && !(isWhole(left) && isWhole(right))) return null;
  return left.value === right.value;
}

/** Of values one of which at least is none of the basic kinds; null where they cannot be compared. */
function sameOther(
  first: Value,
  left: Comparable | null,
  other: Value,
  right: Comparable | null,
  budget: Budget,
): boolean | Failure | null {
  if (left !== null || right !== null) return first === null || other === null ? false : null;
  if (first !== null && other !== null && typeOf(first).kind !== typeOf(other).kind) {
    const args = [first, typeOf(first).name, typeOf(other).name, other];
    return new Failure(sprintf('non-comparable types %s: %v, %s: %v', args, budget));
  }
  if (isNil(first) || isNil(other)) return isNil(first) === isNil(other);
  if (other !== null && !isComparable(other)) {
    return new Failure(sprintf('non-comparable type %s: %v', [other, typeOf(other).name], budget));
  }
  return identical(first, other);
}

function isNil(value: Value): boolean {
  return value === null || ((value instanceof GoList || value instanceof GoMap) && value.isNil);
}

function isComparable(value: Value): boolean {
  if (value instanceof GoList || value instanceof GoMap || value instanceof GoFunc) return false;
  if (!(value instanceof GoStruct) || value.type.isPointer) return true;
  return value.type.fields.every((field) => !/^(?:slice|map|func)$/.test(field.type.kind));
}

/** Go's `==` of two values of interface type. */
function identical(left: Value, right: Value): boolean {
  if (left instanceof Scalar && right instanceof Scalar) return left.type === right.type && left.value === right.value;
  if (left instanceof GoError || right instanceof GoError) return left === right;
  if (!(left instanceof GoStruct) || !(right instanceof GoStruct)) return left === right;
  if (left.type !== right.type) return false;
  if (left.self === right.self) return true;
  const { equals, fields, isPointer } = left.type;
  if (equals !== undefined) return equals(left.self, right.self);
  if (isPointer || fields.length === 0) return false;
  return fields.every((_, place) => identical(left.field(place), right.field(place)));
}

function incompatible(left: Value, right: Value): Failure {
  const names = [left, right].map((value) => (value === null ? '<nil>' : typeOf(value).name));
  return new Failure(`incompatible types for comparison: ${names.join(' and ')}`);
}
