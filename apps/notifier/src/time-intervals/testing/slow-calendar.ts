import { type Range, type TimeInterval } from '../time-interval';

/** A second way to tell local time: by the rules of five zones since 2008, day by day and minute by minute. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

interface ZoneRules {
  readonly standardMs: number;
  readonly summerMs: number;
  /** When summer time begins and ends in a year, epoch ms. */
  readonly begins: (year: number) => number;
  readonly ends: (year: number) => number;
}

/** The nth Sunday of a month, from 1, or the last one; 00:00 UTC of that day. */
function sunday(year: number, month: number, nth: number | 'last'): number {
  const sundays = Array.from({ length: 31 }, (_, day) => new Date(Date.UTC(year, month - 1, day + 1)))
    .filter((date) => date.getUTCMonth() === month - 1 && date.getUTCDay() === 0)
    .map((date) => date.getTime());
  return nth === 'last' ? sundays.at(-1)! : sundays[nth - 1]!;
}

const northAmerican = (offsetHours: number): ZoneRules => ({
  standardMs: offsetHours * hourMs,
  summerMs: (offsetHours + 1) * hourMs,
  begins: (year) => sunday(year, 3, 2) + (2 - offsetHours) * hourMs,
  ends: (year) => sunday(year, 11, 1) + (1 - offsetHours) * hourMs,
});

/** Summer time over the turn of the year. */
const australian = (standardHours: number, summerHours: number): ZoneRules => ({
  standardMs: standardHours * hourMs,
  summerMs: summerHours * hourMs,
  begins: (year) => sunday(year, 10, 1) + (2 - standardHours) * hourMs,
  ends: (year) => sunday(year, 4, 1) + (2 - summerHours) * hourMs + (summerHours - standardHours) * hourMs,
});

const rules: Readonly<Record<string, ZoneRules>> = {
  'Europe/Berlin': {
    standardMs: hourMs,
    summerMs: 2 * hourMs,
    begins: (year) => sunday(year, 3, 'last') + hourMs,
    ends: (year) => sunday(year, 10, 'last') + hourMs,
  },
  'America/New_York': northAmerican(-5),
  'America/St_Johns': northAmerican(-3.5),
  'Australia/Sydney': australian(10, 11),
  'Australia/Lord_Howe': australian(10.5, 11),
};

/** St. John's changed its clocks a minute after midnight before this year. */
const FIRST_YEAR = 2012;

export const ZONES = Object.keys(rules);

/** Instants at which clocks change in one of the zones. */
export const TRANSITIONS = Object.values(rules).flatMap(({ begins, ends }) =>
  Array.from({ length: 24 }, (_, at) => FIRST_YEAR + at).flatMap((year) => [begins(year), ends(year)]),
);

function offsetMs(zone: string, ms: number): number {
  const { standardMs, summerMs, begins, ends } = rules[zone]!;
  const year = new Date(ms).getUTCFullYear();
  const [from, to] = [begins(year), ends(year)];
  const isSummer = from < to ? ms >= from && ms < to : ms >= from || ms < to;
  return isSummer ? summerMs : standardMs;
}

function numbers({ begin, end }: Range): number[] {
  return Array.from({ length: Math.max(0, end - begin + 1) }, (_, at) => begin + at);
}

function listed(ranges: readonly Range[] | null, value: number): boolean {
  return ranges === null || ranges.flatMap(numbers).includes(value);
}

/** What `containsTime` should say. */
export function slowlyContainsTime(interval: TimeInterval, ms: number): boolean {
  const { times, weekdays, daysOfMonth, months, years, location } = interval;
  const zone = location ?? 'UTC';
  const local = new Date(zone === 'UTC' ? ms : ms + offsetMs(zone, ms));
  const inMonth = monthDays(local);
  const wantedDays = daysOfMonth?.flatMap(({ begin, end }) => {
    const from = begin < 0 ? inMonth.length + begin : begin - 1;
    const to = end < 0 ? inMonth.length + end : end - 1;
    return inMonth.filter((_, at) => at >= from && at <= to);
  });
  return (
    (times === null || times.flatMap(({ begin, end }) => numbers({ begin, end: end - 1 })).includes(minuteOf(local))) &&
    listed(weekdays, local.getUTCDay()) &&
    (wantedDays === undefined || wantedDays.includes(local.getUTCDate())) &&
    listed(months, local.getUTCMonth() + 1) &&
    listed(years, local.getUTCFullYear())
  );
}

function minuteOf(local: Date): number {
  return Math.floor((local.getTime() - Math.floor(local.getTime() / dayMs) * dayMs) / 60_000);
}

/** Its days, found by walking through it. */
function monthDays(local: Date): number[] {
  const days: number[] = [];
  const first = Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1);
  for (let ms = first; new Date(ms).getUTCMonth() === local.getUTCMonth(); ms += dayMs) days.push(days.length + 1);
  return days;
}
