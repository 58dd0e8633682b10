import { daysInMonth, isLeapYear } from './civil';
import { type Instant, instantOfWall } from './instant';
import { fixedZone, UTC, type Zone } from './zone';

/** What was read of a time. */
export interface TimeFields {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly yearDay?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly nanosecond?: number;
  /** Of an hour up to 12. */
  readonly isAfternoon?: boolean;
  readonly isUtc?: boolean;
  readonly offsetSec?: number;
  readonly zoneName?: string;
}

/** The instant of what was read, the rest being the beginning of the year 0, UTC; or what does not fit together. */
export function instantOfFields(fields: TimeFields): { instant: Instant } | { error: string } {
  const { year = 0, minute = 0, second = 0, nanosecond = 0 } = fields;
  const date = fields.yearDay === undefined ? fields : monthAndDay(fields, year, fields.yearDay);
  if ('error' in date) return date;
  const { month = 1, day = 1 } = date;
  if (day < 1 || day > daysInMonth(year, month)) return { error: 'day out of range' };
  const { zone, offsetSec } = zoneOf(fields);
  const wall = { year, month, day, hour: hourOf(fields), minute, second, nanosecond };
  const instant = instantOfWall(wall, UTC);
  return { instant: { ...instant, epochSec: instant.epochSec - offsetSec, zone } };
}

function hourOf({ hour = 0, isAfternoon }: TimeFields): number {
  if (isAfternoon === undefined) return hour;
  return isAfternoon ? (hour < 12 ? hour + 12 : hour) : hour === 12 ? 0 : hour;
}

function monthAndDay(
  fields: TimeFields,
  year: number,
  yearDay: number,
): { month: number; day: number } | { error: string } {
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) return { error: 'day-of-year out of range' };
  let month = 1;
  let day = yearDay;
  while (day > daysInMonth(year, month)) day -= daysInMonth(year, month++);
  if (fields.month !== undefined && fields.month !== month) return { error: 'day-of-year does not match month' };
  if (fields.day !== undefined && fields.day !== day) return { error: 'day-of-year does not match day' };
  return { month, day };
}

/** The zone, and by how much its clocks are ahead of what was written. */
function zoneOf({ isUtc, offsetSec, zoneName }: TimeFields): { zone: Zone; offsetSec: number } {
  if (isUtc === true) return { zone: UTC, offsetSec: 0 };
  if (offsetSec !== undefined) {
    const isKnown = offsetSec === 0 && (zoneName === undefined || zoneName === 'UTC');
    return { zone: isKnown ? UTC : fixedZone(zoneName ?? '', offsetSec), offsetSec };
  }
  if (zoneName === undefined) return { zone: UTC, offsetSec: 0 };
  // Only `GMT+3` says how far it is from UTC; of other abbreviations the name is kept.
  const hours = zoneName.startsWith('GMT') ? Number(zoneName.slice(3)) : 0;
  return { zone: fixedZone(zoneName, hours * 3600), offsetSec: 0 };
}
