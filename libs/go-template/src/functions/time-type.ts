import { BOOL, INT, INT64, listType, method, scalarType, signature, STRING, structType, UINT8 } from '../basic-types';
import { toBytes } from '../go/bytes';
import { monthNames, weekdayNames } from '../go/civil';
import { formatTime, RFC3339_NANO, timeGoString, timeString } from '../go/format-time';
import {
  addDate,
  addDuration,
  compareInstants,
  epochNsOf,
  inZone,
  type Instant,
  isZeroTime,
  roundInstant,
  subtract,
  truncateInstant,
  wallTimeOf,
  type WallTime,
  ZERO_TIME,
} from '../go/instant';
import { LOCAL, UTC, type Zone } from '../go/zone';
import {
  Failure,
  GoList,
  GoStruct,
  type Method,
  numberOf,
  Scalar,
  type StructType,
  textOf,
  type Value,
} from '../value';
import { DURATION, durationValue, nsOf } from './duration-type';

const methods = new Map<string, Method<Instant>>();

/** Go's `time.Time`, over an instant. */
export const TIME: StructType<Instant> = { ...structType<Instant>('time.Time', {}, {}, isSameTime), methods };

/** Go's `*time.Location`, over a zone. */
const LOCATION = structType<Zone>(
  '*time.Location',
  {},
  { String: method(signature([], STRING), ({ name }) => name) },
  (left, right) => left === right,
);

const MONTH = enumeration('time.Month', (month) => monthNames[month - 1]);
const WEEKDAY = enumeration('time.Weekday', (weekday) => weekdayNames[weekday]);
const BYTES = listType(UINT8);

/** An instant as a value of templates. */
export function timeValue(instant: Instant): GoStruct<Instant> {
  return new GoStruct(TIME, instant);
}

/** The instant of a value that is a time; Go's zero time of what is none. */
export function instantOf(value: Value | undefined): Instant {
  return value instanceof GoStruct && value.type.methods === methods ? instantWithin(value) : ZERO_TIME;
}

/** For a value that is known to be a `time.Time`. */
function instantWithin(value: GoStruct): Instant {
  return value.self as Instant;
}

/** Go's `==`, which also compares how the time is written. */
function isSameTime(left: Instant, right: Instant): boolean {
  return compareInstants(left, right) === 0 && left.zone === right.zone;
}

function enumeration(name: string, nameOf: (value: number) => string | undefined) {
  return scalarType(name, 'int', {
    String: method(signature([], STRING), ({ value }) => nameOf(Number(value)) ?? String(value)),
  });
}

type Call = Method<Instant>['call'];

function add(
  name: string,
  params: Parameters<typeof signature>[0],
  result: Parameters<typeof signature>[1],
  call: Call,
) {
  methods.set(name, method(signature(params, result), call));
}

function addText(name: string, textOfTime: (instant: Instant) => string): void {
  add(name, [], STRING, textOfTime);
}

function addWallNumber(name: string, of: (wall: WallTime) => number): void {
  add(name, [], INT, (instant) => BigInt(of(wallTimeOf(instant))));
}

function addEpoch(name: string, unitNs: bigint): void {
  add(name, [], INT64, (instant) => new Scalar(INT64, BigInt.asIntN(64, floorDivided(epochNsOf(instant), unitNs))));
}

function floorDivided(value: bigint, by: bigint): bigint {
  const rest = value % by;
  return (value - rest) / by - (rest < 0n ? 1n : 0n);
}

function addComparison(name: string, holds: (order: -1 | 0 | 1) => boolean): void {
  add(name, [TIME], BOOL, (instant, [other]) => holds(compareInstants(instant, instantOf(other))));
}

function addRounding(name: string, round: (instant: Instant, multipleNs: bigint) => Instant): void {
  add(name, [DURATION], TIME, (instant, [multiple]) => timeValue(round(instant, nsOf(multiple))));
}

function addInZone(name: string, zone: Zone): void {
  add(name, [], TIME, (instant) => timeValue(inZone(instant, zone)));
}

/** Methods that templates see and cannot call. */
function addUncallable(name: string, why: string): void {
  add(name, [], INT, () => new Failure(why));
}

addText('String', timeString);
addText('GoString', timeGoString);
add('Format', [STRING], STRING, (instant, [layout], budget) => {
  const text = formatTime(instant, textOf(layout));
  budget.allowLength(text.length);
  return text;
});
addWallNumber('Year', ({ year }) => year);
add('Month', [], MONTH, (instant) => new Scalar(MONTH, BigInt(wallTimeOf(instant).month)));
addWallNumber('Day', ({ day }) => day);
addWallNumber('Hour', ({ hour }) => hour);
addWallNumber('Minute', ({ minute }) => minute);
addWallNumber('Second', ({ second }) => second);
addWallNumber('Nanosecond', ({ nanosecond }) => nanosecond);
addWallNumber('YearDay', ({ yearDay }) => yearDay);
add('Weekday', [], WEEKDAY, (instant) => new Scalar(WEEKDAY, BigInt(wallTimeOf(instant).weekday)));
addEpoch('Unix', 1_000_000_000n);
addEpoch('UnixMilli', 1_000_000n);
addEpoch('UnixMicro', 1_000n);
addEpoch('UnixNano', 1n);
addComparison('After', (order) => order === 1);
addComparison('Before', (order) => order === -1);
addComparison('Equal', (order) => order === 0);
add('Compare', [TIME], INT, (instant, [other]) => BigInt(compareInstants(instant, instantOf(other))));
add('IsZero', [], BOOL, isZeroTime);
add('Add', [DURATION], TIME, (instant, [ns]) => timeValue(addDuration(instant, nsOf(ns))));
add('Sub', [TIME], DURATION, (instant, [other]) => durationValue(subtract(instant, instantOf(other))));
add('AddDate', [INT, INT, INT], TIME, (instant, [years, months, days]) =>
  timeValue(addDate(instant, numberOf(years), numberOf(months), numberOf(days))),
);
addRounding('Round', roundInstant);
addRounding('Truncate', truncateInstant);
addInZone('UTC', UTC);
addInZone('Local', LOCAL);
add('Location', [], LOCATION, ({ zone }) => new GoStruct(LOCATION, zone));
add('In', [LOCATION], TIME, (instant, [location]) => timeValue(inZone(instant, zoneOf(location))));
for (const name of ['MarshalJSON', 'MarshalText']) {
  add(name, [], BYTES, (instant) => {
    const { year } = wallTimeOf(instant);
    if (year < 0 || year > 9999) return new Failure(`Time.${name}: year outside of range [0,9999]`);
    const text = formatTime(instant, RFC3339_NANO);
    const bytes = toBytes(name === 'MarshalJSON' ? `"${text}"` : text);
    return new GoList(
      BYTES,
      [...bytes].map((byte) => new Scalar(UINT8, BigInt(byte))),
    );
  });
}
addUncallable('Date', 'function Date has 3 return values; should be 1 or 2');
addUncallable('Clock', 'function Clock has 3 return values; should be 1 or 2');
addUncallable('Zone', 'invalid function signature for Zone: second return value should be error; is int');
addUncallable('ISOWeek', 'invalid function signature for ISOWeek: second return value should be error; is int');
addUncallable(
  'ZoneBounds',
  'invalid function signature for ZoneBounds: second return value should be error; is time.Time',
);

function zoneOf(value: Value | undefined): Zone {
  return value instanceof GoStruct && value.type.methods === LOCATION.methods ? zoneWithin(value) : UTC;
}

/** For a value that is known to be a `*time.Location`. */
function zoneWithin(value: GoStruct): Zone {
  return value.self as Zone;
}
