import { custom, type Decoder, list, named, object, optional, string, withDefault } from '@tocsin/common/config/decode';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { type Range, type TimeInterval } from './time-interval';
import { MONTHS, WEEKDAYS } from './time-words';
import { isZone } from './zone';

/** A named interval as written. */
export interface NamedInterval {
  readonly name: string;
  /** Any of them may match. */
  readonly elements: readonly TimeInterval[];
}

type Parsed<T> = { ok: true; value: T } | { ok: false; error: string };

const wrong = (error: string): { ok: false; error: string } => ({ ok: false, error });

const clockTime = /^(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$/;

function parseClock(text: string): Parsed<number> {
  const [, hours = '24', minutes = '00'] = clockTime.exec(text) ?? [];
  if (!clockTime.test(text)) return wrong(`couldn't parse timestamp ${text}, invalid format`);
  return { ok: true, value: Number(hours) * 60 + Number(minutes) };
}

const timeRange: Decoder<Range> = custom(
  object({ start_time: withDefault(string, ''), end_time: withDefault(string, '') }, 'timeinterval.yamlTimeRange'),
  ({ start_time, end_time }, report) => {
    if (start_time === '' || end_time === '') return report('both start and end times must be provided');
    const [begin, end] = [parseClock(start_time), parseClock(end_time)];
    if (!begin.ok) report(begin.error, ['start_time']);
    if (!end.ok) report(end.error, ['end_time']);
    if (!begin.ok || !end.ok) return undefined;
    if (begin.value >= end.value) return report('start time cannot be equal or greater than end time');
    return { begin: begin.value, end: end.value };
  },
);

/** Source: Go `strconv.Atoi`. */
function parseInteger(text: string): Parsed<number> {
  const syntax = `strconv.Atoi: parsing ${goQuote(text)}: `;
  if (!/^[-+]?[0-9]+$/.test(text)) return wrong(`${syntax}invalid syntax`);
  const value = Number(text);
  return Number.isSafeInteger(value) ? { ok: true, value } : wrong(`${syntax}value out of range`);
}

function parseWeekday(text: string): Parsed<number> {
  const value = WEEKDAYS.indexOf(text);
  return value >= 0 ? { ok: true, value } : wrong(`${text} is not a valid weekday`);
}

function parseMonth(text: string): Parsed<number> {
  const at = MONTHS.indexOf(text);
  const parsed: Parsed<number> = at >= 0 ? { ok: true, value: at + 1 } : parseInteger(text);
  return parsed.ok ? parsed : wrong(`${text} is not a valid month`);
}

/** `a` or `a:b`, whatever the case; `problem` is what is wrong with a range that can be read. */
function range(parse: (text: string) => Parsed<number>, problem: (range: Range) => string | null): Decoder<Range> {
  return custom(string, (written, report) => {
    const text = written.toLowerCase();
    const [first = '', second = first, ...more] = text.split(':');
    if (more.length > 0) return report(`couldn't parse range ${text}, invalid format`);
    const [begin, end] = [parse(first), parse(second)];
    if (!begin.ok) return report(begin.error);
    if (!end.ok) return report(end.error);
    const parsed = { begin: begin.value, end: end.value };
    const found = problem(parsed);
    return found === null ? parsed : report(found);
  });
}

const weekdayRange = range(parseWeekday, ({ begin, end }) =>
  begin > end ? 'start day cannot be before end day' : null,
);

/** Days of the shortest month: what holds in it holds in all. */
const SHORTEST_MONTH = 28;

const dayRange = range(parseInteger, ({ begin, end }) => {
  for (const day of [begin, end]) {
    if (day === 0 || day < -31 || day > 31) return `${day} is not a valid day of the month: out of range`;
  }
  if (begin < 0 && end > 0) return 'end day must be negative if start day is negative';
  const inShortest = (day: number): number => (day < 0 ? SHORTEST_MONTH + day : day);
  return inShortest(begin) > inShortest(end) ? `end day ${end} is always before start day ${begin}` : null;
});

const monthRange = range(parseMonth, ({ begin, end }) =>
  begin > end ? `end month ${MONTHS[end - 1] ?? ''} is before start month ${MONTHS[begin - 1] ?? ''}` : null,
);

const yearRange = range(parseInteger, ({ begin, end }) =>
  begin > end ? `end year ${end} is before start year ${begin}` : null,
);

function ranges(goName: string, of: Decoder<Range>): Decoder<Range[]> {
  return list(named(of, `timeinterval.${goName}`));
}

/** Source: Go `time.LoadLocation`. */
const location: Decoder<string> = custom(string, (name, report) => {
  if (name === '') return 'UTC';
  if (name.includes('..') || /^[/\\]/.test(name)) return report('time: invalid location name');
  return isZone(name) ? name : report(`unknown time zone ${name}`);
});

const element: Decoder<TimeInterval> = custom(
  object(
    {
      times: optional(ranges('TimeRange', timeRange)),
      weekdays: optional(ranges('WeekdayRange', weekdayRange)),
      days_of_month: optional(ranges('DayOfMonthRange', dayRange)),
      months: optional(ranges('MonthRange', monthRange)),
      years: optional(ranges('YearRange', yearRange)),
      location: optional(location),
    },
    'timeinterval.TimeInterval',
  ),
  (raw) => ({
    times: raw.times ?? null,
    weekdays: raw.weekdays ?? null,
    daysOfMonth: raw.days_of_month ?? null,
    months: raw.months ?? null,
    years: raw.years ?? null,
    location: raw.location ?? null,
  }),
);

/** An element of `time_intervals` or of the older `mute_time_intervals`. Source: Alertmanager configuration. */
export function namedInterval(kind: 'time interval' | 'mute time interval'): Decoder<NamedInterval> {
  const name = custom(
    withDefault(string, ''),
    (text, report) => (text === '' ? report(`missing name in ${kind}`) : text),
    'parent',
  );
  const fields = object({ name, time_intervals: withDefault(list(element), []) }, 'config.plain');
  const goName = kind === 'time interval' ? 'config.TimeInterval' : 'config.MuteTimeInterval';
  return named(
    custom(fields, (raw) => ({ name: raw.name, elements: raw.time_intervals })),
    goName,
  );
}
