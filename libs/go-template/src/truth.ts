import { GoList, GoMap, Scalar, type Value } from './value';

/** Whether a value is not the zero of its type, as `if` asks. */
export function isTrue(value: Value): boolean {
  switch (typeof value) {
    case 'string':
      return value !== '';
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    default:
      if (value instanceof Scalar) return isTrue(value.value);
      if (value instanceof GoList) return value.items.length > 0;
      return value instanceof GoMap ? value.size > 0 : value !== null;
  }
}
