import { INT64, typeOf, UINT, UINT64 } from '../basic-types';
import { inUnits, SECOND } from '../go/duration';
import { parseFloat64 } from '../go/parse-float';
import { Failure, Scalar, type Value } from '../value';
import { DURATION, nsOf } from './duration-type';

/** The number of what the functions for people take as one: floats, the larger integers, durations in seconds, and text
 *  that reads as a float. Source: prometheus/common `ConvertToFloat`. */
export function convertToFloat(value: Value): number | Failure {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    const read = parseFloat64(value);
    return read.ok ? read.value : new Failure(read.error);
  }
  if (value instanceof Scalar) {
    if (value.type === DURATION) return inUnits(nsOf(value), SECOND);
    if (value.type === INT64 || value.type === UINT || value.type === UINT64) return Number(value.value);
  }
  return new Failure(`can't convert ${value === null ? '<nil>' : typeOf(value).name} to float`);
}
