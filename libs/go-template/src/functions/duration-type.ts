import { FLOAT64, INT64, method, signature, STRING } from '../basic-types';
import {
  absDuration,
  formatDuration,
  HOUR,
  inUnits,
  MICROSECOND,
  MILLISECOND,
  MINUTE,
  roundDuration,
  SECOND,
  truncateDuration,
} from '../go/duration';
import { type Method, Scalar, type ScalarType, type Value } from '../value';

const methods = new Map<string, Method<Scalar>>();

/** Go's `time.Duration`, ns. */
export const DURATION: ScalarType = { kind: 'int64', name: 'time.Duration', isNamed: true, methods };

/** ns as a value of templates. */
export function durationValue(ns: bigint): Scalar {
  return new Scalar(DURATION, ns);
}

/** The ns of a value that is a duration, or any other integer; 0 of what is none. */
export function nsOf(value: Value | undefined): bigint {
  const plain = value instanceof Scalar ? value.value : value;
  return typeof plain === 'bigint' ? plain : 0n;
}

function add(name: string, of: Parameters<typeof method<Scalar>>[0], call: (ns: bigint, arg: bigint) => Value): void {
  methods.set(
    name,
    method(of, (self: Scalar, [arg]) => call(nsOf(self), nsOf(arg))),
  );
}

const toText = signature([], STRING);
const toFloat = signature([], FLOAT64);
const toWhole = signature([], INT64);
const byMultiple = signature([DURATION], DURATION);

add('String', toText, formatDuration);
add('Hours', toFloat, (ns) => inUnits(ns, HOUR));
add('Minutes', toFloat, (ns) => inUnits(ns, MINUTE));
add('Seconds', toFloat, (ns) => inUnits(ns, SECOND));
add('Milliseconds', toWhole, (ns) => new Scalar(INT64, ns / MILLISECOND));
add('Microseconds', toWhole, (ns) => new Scalar(INT64, ns / MICROSECOND));
add('Nanoseconds', toWhole, (ns) => new Scalar(INT64, ns));
add('Abs', signature([], DURATION), (ns) => durationValue(absDuration(ns)));
add('Round', byMultiple, (ns, multiple) => durationValue(roundDuration(ns, multiple)));
add('Truncate', byMultiple, (ns, multiple) => durationValue(truncateDuration(ns, multiple)));
