import { type Range, type TimeInterval } from './time-interval';
import { WEEKDAYS } from './time-words';

/** An element of a named interval as Alertmanager shows it: months by their numbers. */
export function intervalView(interval: TimeInterval): Record<string, unknown> {
  const { times, weekdays, daysOfMonth, months, years, location } = interval;
  return {
    ...(times && { times: times.map(({ begin, end }) => ({ start_time: clock(begin), end_time: clock(end) })) }),
    ...(weekdays && { weekdays: weekdays.map((range) => rangeText(range, (day) => WEEKDAYS[day] ?? '')) }),
    ...(daysOfMonth && { days_of_month: daysOfMonth.map((range) => rangeText(range, String)) }),
    ...(months && { months: months.map((range) => rangeText(range, String)) }),
    ...(years && { years: years.map((range) => rangeText(range, String)) }),
    ...(location !== null && { location }),
  };
}

function clock(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function rangeText({ begin, end }: Range, text: (value: number) => string): string {
  return begin === end ? text(begin) : `${text(begin)}:${text(end)}`;
}
