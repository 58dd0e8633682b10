import { monthNames, weekdayNames } from './civil';
import { type Instant, type WallTime, wallTimeOf } from './instant';
import { type LayoutPart, layoutParts } from './layout';
import { quote } from './quote';
import type { ZoneReading } from './zone';

/** The layout of RFC 3339 with as much of the fraction as there is. Source: Go `time.RFC3339Nano`. */
export const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';

/** Writes an instant on its zone's clocks by a layout such as `Mon, 02 Jan 2006 15:04:05 MST`. Source: Go `Time.Format`. */
export function formatTime(instant: Instant, layout: string): string {
  const wall = wallTimeOf(instant);
  const zone = instant.zone.at(instant.epochSec);
  let text = '';
  for (const part of layoutParts(layout)) text += part.prefix + elementText(part, wall, zone);
  return text;
}

/** `2015-06-23 13:19:44.128 +0000 UTC`. Source: Go `Time.String`. */
export function timeString(instant: Instant): string {
  return formatTime(instant, '2006-01-02 15:04:05.999999999 -0700 MST');
}

/** `time.Date(2015, time.June, 23, 13, 19, 44, 128000000, time.UTC)`. Source: Go `Time.GoString`. */
export function timeGoString(instant: Instant): string {
  const { year, month, day, hour, minute, second, nanosecond } = wallTimeOf(instant);
  const { name } = instant.zone;
  const zone = name === 'UTC' || name === 'Local' ? `time.${name}` : `time.Location(${quote(name)})`;
  const numbers = [day, hour, minute, second, nanosecond].join(', ');
  return `time.Date(${year}, time.${monthNames[month - 1]}, ${numbers}, ${zone})`;
}

function elementText({ element, text }: LayoutPart, wall: WallTime, zone: ZoneReading): string {
  switch (element) {
    case 'January':
      return monthNames[wall.month - 1] ?? '';
    case 'Jan':
      return monthNames[wall.month - 1]?.slice(0, 3) ?? '';
    case '1':
      return String(wall.month);
    case '01':
      return padded(wall.month, 2);
    case 'Monday':
      return weekdayNames[wall.weekday] ?? '';
    case 'Mon':
      return weekdayNames[wall.weekday]?.slice(0, 3) ?? '';
    case '2':
      return String(wall.day);
    case '_2':
      return String(wall.day).padStart(2);
    case '02':
      return padded(wall.day, 2);
    case '__2':
      return String(wall.yearDay).padStart(3);
    case '002':
      return padded(wall.yearDay, 3);
    case '15':
      return padded(wall.hour, 2);
    case '3':
      return String(wall.hour % 12 || 12);
    case '03':
      return padded(wall.hour % 12 || 12, 2);
    case '4':
      return String(wall.minute);
    case '04':
      return padded(wall.minute, 2);
    case '5':
      return String(wall.second);
    case '05':
      return padded(wall.second, 2);
    case '2006':
      return padded(wall.year, 4);
    case '06':
      return padded(Math.abs(wall.year) % 100, 2);
    case 'PM':
      return wall.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return wall.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return zone.abbreviation === '' ? offsetText(zone.offsetSec, '-0700') : zone.abbreviation;
    case 'fraction':
    case 'short-fraction':
      return fractionText(wall.nanosecond, text, element === 'short-fraction');
    case null:
      return '';
    default:
      return element.startsWith('Z') && zone.offsetSec === 0 ? 'Z' : offsetText(zone.offsetSec, element);
  }
}

/** A number with zeros in front, which do not count a minus. */
function padded(value: number, width: number): string {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
}

/** `form` is an element such as `-07:00`, of which only colons and length matter. */
function offsetText(offsetSec: number, form: string): string {
  const size = Math.abs(offsetSec);
  const minutes = Math.floor(size / 60);
  const fields = [padded(Math.floor(minutes / 60), 2), padded(minutes % 60, 2), padded(size % 60, 2)];
  const colon = form.includes(':') ? ':' : '';
  const count = form.replaceAll(':', '').length >> 1;
  // Less than a minute west is not told from nothing.
  return (offsetSec <= -60 ? '-' : '+') + fields.slice(0, count).join(colon);
}

function fractionText(nanosecond: number, form: string, isShort: boolean): string {
  const separator = form.charAt(0);
  const digits = padded(nanosecond, 9).slice(0, form.length - 1);
  if (!isShort) return separator + digits;
  const short = digits.replace(/0+$/, '');
  return short === '' ? '' : separator + short;
}
