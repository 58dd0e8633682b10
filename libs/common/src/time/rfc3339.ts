import { goQuote } from '../labels/go-quote';

export type ParsedTime =
  /** `offsetMin`: the UTC offset the time was written in, because answers keep it. */
  { ok: true; ms: number; offsetMin: number } | { ok: false; error: string };

/** Go's zero time, 0001-01-01T00:00:00Z: stands for "no time" in what Go programs send and expect. */
export const GO_ZERO_TIME_MS = -62_135_596_800_000;

const minuteMs = 60_000;

// What nearly all senders write, with a day that every month has: `Date.parse` reads it three times as fast.
const commonForm = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/;

// Date and time, then the zone; time, seconds, fraction and zone may be missing as the checks below say.
const isoTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:([T ])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(Z|([+-])(\d{2})(:?)(\d{2}))?)?$/;

/** Reads a date-time as the Alertmanager API does: RFC 3339 with any fraction, the ISO forms without zone (UTC), without
 *  seconds or without time; '' is the Unix epoch. Source: go-openapi `strfmt.ParseDateTime`. */
export function parseRfc3339(text: string): ParsedTime {
  if (commonForm.test(text)) return { ok: true, ms: Date.parse(text), offsetMin: 0 };
  if (text === '') return { ok: true, ms: 0, offsetMin: 0 };
  const parts = isoTime.exec(text);
  if (parts === null) return { ok: false, error: shortDateError(text) };
  const [, year = '', month = '', day = '', separator, hour = '0', minute = '0', second, fraction = ''] = parts;
  const [zone, sign, offsetHour = '0', colon, offsetMinute = '0'] = parts.slice(9);
  const legalForm =
    (separator !== ' ' || (second !== undefined && zone === undefined)) &&
    (second !== undefined || sign === undefined) &&
    (sign === undefined || colon === ':' || fraction.length === 3 || fraction.length === 6);
  const inRange =
    isDay(+year, +month, +day) &&
    +hour < 24 &&
    +minute < 60 &&
    +(second ?? 0) < 60 &&
    +offsetHour <= 24 &&
    +offsetMinute <= 60;
  if (!legalForm || !inRange) return { ok: false, error: shortDateError(text) };
  const offsetMin = (sign === '-' ? -1 : 1) * (+offsetHour * 60 + +offsetMinute) || 0;
  const ms = utcMs(+year, +month, +day) + (+hour * 60 + +minute) * minuteMs + +(second ?? 0) * 1000;
  return { ok: true, ms: ms + +fraction.slice(0, 3).padEnd(3, '0') - offsetMin * minuteMs, offsetMin };
}

/** `YYYY-MM-DDTHH:MM:SS.mmm` and `Z` or the offset, as the API answers. */
export function formatRfc3339Millis(ms: number, offsetMin = 0): string {
  const utc = new Date(ms + offsetMin * minuteMs).toISOString();
  return offsetMin === 0 ? utc : utc.slice(0, -1) + offsetText(offsetMin);
}

/** Like Go's `time.RFC3339Nano`, as webhook bodies have it: the fraction without trailing zeros. */
export function formatRfc3339Nano(ms: number, offsetMin = 0): string {
  const text = formatRfc3339Millis(ms, offsetMin);
  return text.slice(0, 19) + text.slice(19, 23).replace(/\.?0+$/, '') + text.slice(23);
}

function offsetText(offsetMin: number): string {
  const size = Math.abs(offsetMin);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMin < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `Date.UTC` takes the years 0 to 99 for the last century, so the calculation is done one 400-year cycle later. */
function utcMs(year: number, month: number, day: number): number {
  return Date.UTC(year + 400, month - 1, day) - 146_097 * 24 * 60 * minuteMs;
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Alertmanager answers with what Go says about the last form it tries, the date alone. */
function shortDateError(text: string): string {
  const wanted: readonly (readonly [form: RegExp, layout: string])[] = [
    [/^\d{4}/, '2006'],
    [/^-/, '-'],
    [/^\d{2}/, '01'],
    [/^-/, '-'],
    [/^\d{2}/, '02'],
  ];
  const prefix = `parsing time ${goQuote(text)}`;
  let rest = text;
  for (const [form, layout] of wanted) {
    const met = form.exec(rest)?.[0];
    if (met === undefined) {
      return `${prefix} as "2006-01-02": cannot parse ${goQuote(rest)} as ${goQuote(layout)}`;
    }
    if (layout === '01' && (+met < 1 || +met > 12)) return `${prefix}: month out of range`;
    rest = rest.slice(met.length);
  }
  return rest === '' ? `${prefix}: day out of range` : `${prefix}: extra text: ${goQuote(rest)}`;
}
