import { civilFromDays, type CivilDate, daysFromCivil, daySec, weekdayOf, yearDayOf } from './civil';
import { clampDuration } from './duration';
import { UTC, type Zone } from './zone';

/** Go's `time.Time`, without a monotonic reading. */
export interface Instant {
  /** Whole seconds since 1970, rounded down. */
  readonly epochSec: number;
  /** 0 to 999 999 999. */
  readonly nanosecond: number;
  readonly zone: Zone;
}

const nsPerSec = 1_000_000_000n;
const zeroEpochSec = -62_135_596_800;

/** Go's zero time, 0001-01-01 00:00:00 UTC. */
export const ZERO_TIME: Instant = { epochSec: zeroEpochSec, nanosecond: 0, zone: UTC };

/** The instant of whole or broken ms since 1970. Source: Go `time.UnixMilli`. */
export function instantOfMs(epochMs: number, zone: Zone = UTC): Instant {
  return instantOfNs(BigInt(Math.floor(epochMs)) * 1_000_000n, zone);
}

/** The instant of ns since 1970. Source: Go `time.Unix`. */
export function instantOfNs(epochNs: bigint, zone: Zone = UTC): Instant {
  const nanosecond = ((epochNs % nsPerSec) + nsPerSec) % nsPerSec;
  return { epochSec: Number((epochNs - nanosecond) / nsPerSec), nanosecond: Number(nanosecond), zone };
}

/** ns since 1970, of any size. */
export function epochNsOf({ epochSec, nanosecond }: Instant): bigint {
  return BigInt(epochSec) * nsPerSec + BigInt(nanosecond);
}

/** The same instant on the clocks of a zone. Source: Go `Time.In`. */
export function inZone({ epochSec, nanosecond }: Instant, zone: Zone): Instant {
  return { epochSec, nanosecond, zone };
}

/** What the clocks of its zone show. */
export interface WallTime extends CivilDate {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 for Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearDay: number;
}

/** Date and time on the clocks of an instant's zone. */
export function wallTimeOf({ epochSec, nanosecond, zone }: Instant): WallTime {
  const wallSec = epochSec + zone.at(epochSec).offsetSec;
  const days = Math.floor(wallSec / daySec);
  const ofDay = wallSec - days * daySec;
  return {
    ...civilFromDays(days),
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
    nanosecond,
    weekday: weekdayOf(days),
    yearDay: yearDayOf(days),
  };
}

type WallFields = Omit<WallTime, 'weekday' | 'yearDay'>;

/** The instant at which clocks show this; what is beyond its range carries over, and of an hour that clocks skip or repeat
 *  Go's choice is taken. Source: Go `time.Date`. */
export function instantOfWall(fields: WallFields, zone: Zone): Instant {
  const { year, month, day, hour, minute, second, nanosecond } = fields;
  const wallSec = daysFromCivil(year, month, day) * daySec + hour * 3600 + minute * 60 + second;
  // As if the zone's clocks showed UTC, and once more with the offset found there.
  const guessedSec = zone.at(wallSec).offsetSec;
  const offsetSec = guessedSec === 0 ? 0 : zone.at(wallSec - guessedSec).offsetSec;
  return { epochSec: wallSec - offsetSec, nanosecond, zone };
}

/** Source: Go `Time.Add`. */
export function addDuration(instant: Instant, ns: bigint): Instant {
  return instantOfNs(epochNsOf(instant) + ns, instant.zone);
}

/** Adds on the calendar: 31 January plus a month is 2 or 3 March. Source: Go `Time.AddDate`. */
export function addDate(instant: Instant, years: number, months: number, days: number): Instant {
  const wall = wallTimeOf(instant);
  const moved = { ...wall, year: wall.year + years, month: wall.month + months, day: wall.day + days };
  return instantOfWall(moved, instant.zone);
}

/** ns from one instant to another, the nearest that 64 bits can hold. Source: Go `Time.Sub`. */
export function subtract(instant: Instant, earlier: Instant): bigint {
  return clampDuration(epochNsOf(instant) - epochNsOf(earlier));
}

/** -1, 0 or 1 as an instant is before, at or after another. Source: Go `Time.Compare`. */
export function compareInstants(left: Instant, right: Instant): -1 | 0 | 1 {
  const difference = left.epochSec - right.epochSec || left.nanosecond - right.nanosecond;
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

/** Whether it is Go's zero time, in any zone. Source: Go `Time.IsZero`. */
export function isZeroTime({ epochSec, nanosecond }: Instant): boolean {
  return epochSec === zeroEpochSec && nanosecond === 0;
}

/** Rounds down to a multiple of a duration since the zero time. Source: Go `Time.Truncate`. */
export function truncateInstant(instant: Instant, multipleNs: bigint): Instant {
  return multipleNs <= 0n ? instant : addDuration(instant, -restOf(instant, multipleNs));
}

/** Rounds to the nearest multiple of a duration since the zero time, halves up. Source: Go `Time.Round`. */
export function roundInstant(instant: Instant, multipleNs: bigint): Instant {
  if (multipleNs <= 0n) return instant;
  const rest = restOf(instant, multipleNs);
  return addDuration(instant, rest + rest < multipleNs ? -rest : multipleNs - rest);
}

function restOf(instant: Instant, multipleNs: bigint): bigint {
  const sinceZero = epochNsOf(instant) - BigInt(zeroEpochSec) * nsPerSec;
  return ((sinceZero % multipleNs) + multipleNs) % multipleNs;
}
