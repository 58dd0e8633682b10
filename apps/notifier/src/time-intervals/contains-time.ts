import { type TimeMute } from '../pipeline/muting';
import { type Route } from '../routing/route';
import { type Range, type TimeInterval, type TimeIntervals } from './time-interval';
import { daysInMonth, type LocalTime, localTime, weekdayOf } from './zone';

/** Whether the instant is in the interval: in one range of each field that it has. */
export function containsTime(interval: TimeInterval, nowMs: number): boolean {
  const { times, weekdays, daysOfMonth, months, years, location } = interval;
  const time = localTime(nowMs, location ?? 'UTC');
  return (
    isIn(times, ({ begin, end }) => time.minute >= begin && time.minute < end) &&
    isIn(daysOfMonth, (range) => isDayOf(range, time)) &&
    isIn(months, holds(time.month)) &&
    isIn(weekdays, holds(weekdayOf(time))) &&
    isIn(years, holds(time.year))
  );
}

/** An absent list holds everything, an empty one nothing. */
function isIn(ranges: readonly Range[] | null, isOf: (range: Range) => boolean): boolean {
  return ranges === null || ranges.some(isOf);
}

function holds(value: number): (range: Range) => boolean {
  return ({ begin, end }) => value >= begin && value <= end;
}

/** Negative days count from the end of the month at hand. */
function isDayOf({ begin, end }: Range, time: LocalTime): boolean {
  const length = daysInMonth(time);
  const inMonth = (day: number): number => (day < 0 ? length + day + 1 : day);
  return time.day >= inMonth(begin) && time.day <= inMonth(end);
}

/** Those of the names whose interval holds the instant, each as often as elements of it do, as Alertmanager lists them. */
export function intervalsContaining(names: readonly string[], intervals: TimeIntervals, nowMs: number): string[] {
  return names.flatMap((name) =>
    (intervals.get(name) ?? []).filter((interval) => containsTime(interval, nowMs)).map(() => name),
  );
}

/** Why a group of this route is muted at this instant: outside of all its active intervals, or else inside a mute one.
 *  Source: Alertmanager, stages TimeActive and TimeMute. */
export function timeMute(
  route: Pick<Route, 'activeTimeIntervals' | 'muteTimeIntervals'>,
  intervals: TimeIntervals,
  nowMs: number,
): TimeMute | null {
  const { activeTimeIntervals: active, muteTimeIntervals: mute } = route;
  if (active.length > 0 && intervalsContaining(active, intervals, nowMs).length === 0) {
    return { kind: 'active_time_interval', names: active };
  }
  const names = intervalsContaining(mute, intervals, nowMs);
  return names.length > 0 ? { kind: 'mute_time_interval', names } : null;
}
