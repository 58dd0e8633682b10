import { type LayoutPart, layoutParts } from './layout';
import { instantOfFields, type TimeFields } from './time-fields';
import { timeQuote } from './time-quote';
import { readOffset, readZoneName } from './zone-text';
import { monthNames, weekdayNames } from './civil';
import type { Instant } from './instant';

export type TimeRead = { ok: true; instant: Instant } | { ok: false; error: string };

/** Reads a time by a layout; without a zone in it, it is UTC. Errors read as Go's. Source: Go `time.ParseInLocation` with
 *  UTC. */
export function parseTime(layout: string, text: string): TimeRead {
  const parts = layoutParts(layout);
  let fields: TimeFields = {};
  let rest = text;
  for (const [place, part] of parts.entries()) {
    const skipped = skipText(rest, part.prefix);
    rest = skipped.rest;
    if (!skipped.ok) return cannotParse(text, layout, rest, part.prefix);
    if (part.element === null) break;
    const read = readElement(part, rest, parts[place + 1]);
    if (read === null) return cannotParse(text, layout, rest, part.text);
    if ('outOfRange' in read) return refused(text, `${read.outOfRange} out of range`);
    fields = { ...fields, ...read.fields };
    rest = read.rest;
  }
  if (rest !== '') return refused(text, `extra text: ${timeQuote(rest)}`);
  const made = instantOfFields(fields);
  return 'error' in made ? refused(text, made.error) : { ok: true, instant: made.instant };
}

function cannotParse(text: string, layout: string, at: string, element: string): TimeRead {
  const asked = `parsing time ${timeQuote(text)} as ${timeQuote(layout)}`;
  return { ok: false, error: `${asked}: cannot parse ${timeQuote(at)} as ${timeQuote(element)}` };
}

function refused(text: string, why: string): TimeRead {
  return { ok: false, error: `parsing time ${timeQuote(text)}: ${why}` };
}

/** Takes text of the layout from the start; any number of spaces stands for any other. */
function skipText(text: string, prefix: string): { ok: boolean; rest: string } {
  let rest = text;
  for (const [piece] of prefix.matchAll(/ +|[^ ]/gu)) {
    if (piece.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) return { ok: false, rest };
      rest = rest.replace(/^ +/, '');
    } else {
      if (!rest.startsWith(piece)) return { ok: false, rest };
      rest = rest.slice(piece.length);
    }
  }
  return { ok: true, rest };
}

/** What one element had, or why it will not do; null where it is not there. */
type ElementRead = { fields: TimeFields; rest: string } | { outOfRange: string } | null;

function readElement({ element, text }: LayoutPart, rest: string, next: LayoutPart | undefined): ElementRead {
  switch (element) {
    case 'January':
      return readName(rest, monthNames, (place) => ({ month: place + 1 }));
    case 'Jan':
      return readName(rest, shortNames(monthNames), (place) => ({ month: place + 1 }));
    case 'Monday':
      return readName(rest, weekdayNames, () => ({}));
    case 'Mon':
      return readName(rest, shortNames(weekdayNames), () => ({}));
    case '1':
      return readNumber(rest, 1, 2, 'month', 1, 12, (month) => ({ month }));
    case '01':
      return readNumber(rest, 2, 2, 'month', 1, 12, (month) => ({ month }));
    // Whether there is such a day is seen when the month is known.
    case '2':
      return readNumber(rest, 1, 2, 'day', 0, 99, (day) => ({ day }));
    case '_2':
      return readNumber(rest.replace(/^ /, ''), 1, 2, 'day', 0, 99, (day) => ({ day }));
    case '02':
      return readNumber(rest, 2, 2, 'day', 0, 99, (day) => ({ day }));
    case '__2':
      return readNumber(rest.replace(/^ {1,2}/, ''), 1, 3, 'day', 0, 999, (yearDay) => ({ yearDay }));
    case '002':
      return readNumber(rest, 3, 3, 'day', 0, 999, (yearDay) => ({ yearDay }));
    case '15':
      return readNumber(rest, 1, 2, 'hour', 0, 23, (hour) => ({ hour }));
    case '3':
      return readNumber(rest, 1, 2, 'hour', 0, 12, (hour) => ({ hour }));
    case '03':
      return readNumber(rest, 2, 2, 'hour', 0, 12, (hour) => ({ hour }));
    case '4':
      return readNumber(rest, 1, 2, 'minute', 0, 59, (minute) => ({ minute }));
    case '04':
      return readNumber(rest, 2, 2, 'minute', 0, 59, (minute) => ({ minute }));
    case '5':
      return readSecond(rest, 1, next);
    case '05':
      return readSecond(rest, 2, next);
    case '2006':
      return readDigits(rest, /^\d{4}/, (digits) => ({ year: Number(digits) }));
    case '06':
      return readDigits(rest, /^(?:\d{2}|[+-]\d)/, (digits) => ({ year: yearOfTwoDigits(Number(digits)) }));
    case 'PM':
      return readDigits(rest, /^[AP]M/, (half) => ({ isAfternoon: half === 'PM' }));
    case 'pm':
      return readDigits(rest, /^[ap]m/, (half) => ({ isAfternoon: half === 'pm' }));
    case 'MST':
      return readZone(rest);
    case 'fraction':
      return readFraction(rest, text.length);
    case 'short-fraction':
      return readFraction(rest, /^[.,]\d+/.exec(rest)?.[0].length ?? 0);
    case null:
      return null;
    default:
      return readOffsetElement(rest, element);
  }
}

function readName(rest: string, names: readonly string[], fieldsOf: (place: number) => TimeFields): ElementRead {
  const place = names.findIndex((name) => rest.slice(0, name.length).toLowerCase() === name.toLowerCase());
  return place === -1 ? null : { fields: fieldsOf(place), rest: rest.slice(names[place]?.length) };
}

function shortNames(names: readonly string[]): readonly string[] {
  return names.map((name) => name.slice(0, 3));
}

type FieldsOfNumber = (value: number) => TimeFields;

function readNumber(
  rest: string,
  fewest: number,
  most: number,
  what: string,
  lowest: number,
  highest: number,
  fieldsOf: FieldsOfNumber,
): ElementRead {
  const digits = /^\d+/.exec(rest.slice(0, most))?.[0] ?? '';
  if (digits.length < fewest) return null;
  const value = Number(digits);
  if (value < lowest || value > highest) return { outOfRange: what };
  return { fields: fieldsOf(value), rest: rest.slice(digits.length) };
}

function readDigits(rest: string, form: RegExp, fieldsOf: (text: string) => TimeFields): ElementRead {
  const met = form.exec(rest)?.[0];
  return met === undefined ? null : { fields: fieldsOf(met), rest: rest.slice(met.length) };
}

/** Years from 69 are of the last century, as the Unix epoch began in 1969 for some. */
function yearOfTwoDigits(year: number): number {
  return year + (year >= 69 ? 1900 : 2000);
}

/** A fraction may follow the seconds even if the layout has none. */
function readSecond(rest: string, fewest: number, next: LayoutPart | undefined): ElementRead {
  const read = readNumber(rest, fewest, 2, 'second', 0, 59, (second) => ({ second }));
  if (read === null || 'outOfRange' in read) return read;
  const fraction = /^[.,]\d+/.exec(read.rest)?.[0];
  if (fraction === undefined || next?.element === 'fraction' || next?.element === 'short-fraction') return read;
  const both = readFraction(read.rest, fraction.length);
  return both === null || 'outOfRange' in both ? both : { ...both, fields: { ...read.fields, ...both.fields } };
}

/** Separator and digits, so many characters in all; what is beyond ns is dropped. */
function readFraction(rest: string, length: number): ElementRead {
  if (length === 0) return { fields: {}, rest };
  const text = rest.slice(0, length);
  if (text.length < length || !/^[.,](?:[+-]\d*|\d+)$/.test(text)) return null;
  const digits = text.slice(1, 10);
  const value = Number(digits.replace(/^[+-]$/, ''));
  if (value < 0) return { outOfRange: 'fractional second' };
  return { fields: { nanosecond: value * 10 ** (9 - digits.length) }, rest: rest.slice(length) };
}

function readZone(rest: string): ElementRead {
  if (rest.startsWith('UTC')) return { fields: { isUtc: true }, rest: rest.slice(3) };
  const zoneName = readZoneName(rest);
  return zoneName === null ? null : { fields: { zoneName }, rest: rest.slice(zoneName.length) };
}

function readOffsetElement(rest: string, element: string): ElementRead {
  if (element.startsWith('Z') && rest.startsWith('Z')) return { fields: { isUtc: true }, rest: rest.slice(1) };
  const read = readOffset(rest, element);
  if (read === null || 'outOfRange' in read) return read;
  return { fields: { offsetSec: read.offsetSec }, rest: rest.slice(read.length) };
}
