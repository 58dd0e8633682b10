// `index` and `slice`. Source: Go `text/template`.
import { isAssignable, pointeeName, scalar, typeOf, UINT8, zeroOf } from './basic-types';
import { byteAt, byteLength, sliceBytes } from './go-string';
import { isIntKind, wrapInt } from './integers';
import { Boxed, type Slot, unbox } from './slot';
import { Failure, GoList, GoMap, type MapKey, Scalar, type ScalarType, type Value } from './value';

/** The item at one index after the other. */
export function indexValue([item = null, ...indexes]: readonly Value[]): Value | Failure {
  if (item === null) return new Failure('index of untyped nil');
  let found: Value = item;
  for (const index of indexes) {
    const next = indexOnce(found, index);
    if (next instanceof Failure) return next;
    found = next;
  }
  return found;
}

function indexOnce(item: Value, index: Value): Value | Failure {
  if (item === null) return new Failure('index of nil pointer');
  const text = textIn(item);
  if (item instanceof GoMap) return mapItem(item, index);
  if (text === null && !(item instanceof GoList)) return new Failure(`can't index item of type ${pointeeName(item)}`);
  const length = item instanceof GoList ? item.items.length : byteLength(text ?? '');
  const place = placeOf(index, length);
  if (place instanceof Failure) return place;
  if (item instanceof GoList) {
    return place < length ? (item.items[place] ?? null) : new Failure('reflect: slice index out of range');
  }
  if (place >= length) return new Failure('reflect: string index out of range');
  return scalar(UINT8, BigInt(byteAt(text ?? '', place)));
}

function mapItem(map: GoMap, index: Value): Value | Failure {
  const key = keyOf(index, map.type.key);
  if (key instanceof Failure) return key;
  return map.get(key) ?? zeroOf(map.type.elem);
}

function keyOf(index: Value, type: ScalarType): MapKey | Failure {
  if (index === null) return new Failure(`value is nil; should be of type ${type.name}`);
  const plain = index instanceof Scalar ? index.value : index;
  const from = typeOf(index);
  if (isBasic(plain) && isAssignable(from, type)) return plain;
  if (typeof plain === 'bigint' && isIntKind(type.kind)) return wrapInt(plain, type.kind);
  return new Failure(`value has type ${from.name}; should be ${type.name}`);
}

function isBasic(value: Value): value is MapKey {
  return typeof value !== 'object';
}

/** The part from one index to the next. As in Go, an index must not come out of an `interface {}`. A third one limits what Go could append without a copy. */
export function sliceValue([slot = null, ...indexes]: readonly Slot[]): Value | Failure {
  const item = unbox(slot);
  if (item === null) return new Failure('slice of untyped nil');
  if (indexes.length > 3) return new Failure(`too many slice indexes: ${indexes.length}`);
  const text = textIn(item);
  if (text !== null && indexes.length === 3) return new Failure('cannot 3-index slice a string');
  if (text === null && !(item instanceof GoList)) return new Failure(`can't slice item of type ${pointeeName(item)}`);
  const length = item instanceof GoList ? item.items.length : byteLength(text ?? '');
  const places = [0, length];
  for (const [position, index] of indexes.entries()) {
    const place = index instanceof Boxed ? badIndex('interface {}') : placeOf(index, length);
    if (place instanceof Failure) return place;
    places[position] = place;
  }
  const [from = 0, to = length, capacity] = places;
  if (from > to) return new Failure(`invalid slice index: ${from} > ${to}`);
  if (capacity !== undefined && to > capacity) return new Failure(`invalid slice index: ${to} > ${capacity}`);
  if (item instanceof GoList) return new GoList(item.type, item.items.slice(from, to));
  const part = sliceBytes(text ?? '', from, to);
  return item instanceof Scalar ? scalar(item.type, part) : part;
}

function placeOf(index: Value, length: number): number | Failure {
  if (index === null) return new Failure('cannot index slice/array with nil');
  const plain = index instanceof Scalar ? index.value : index;
  if (typeof plain !== 'bigint') return badIndex(typeOf(index).name);
  const signed = BigInt.asIntN(64, plain);
  return signed < 0n || signed > length ? new Failure(`index out of range: ${signed}`) : Number(signed);
}

function badIndex(type: string): Failure {
  return new Failure(`cannot index slice/array with type ${type}`);
}

/** The text of a value that is a kind of string. */
function textIn(item: Value): string | null {
  const plain = item instanceof Scalar ? item.value : item;
  return typeof plain === 'string' ? plain : null;
}
