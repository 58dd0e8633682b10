import { describe, expect, it } from 'vitest';
import { timeString } from './format-time';
import { parseTime } from './parse-time';

// Read by Go's time.ParseInLocation with UTC.
describe('parseTime', () => {
  it.each([
    ['2006-01-02', '2026-11-28', '2026-11-28 00:00:00 +0000 UTC'],
    ['2006-01-02T15:04:05Z07:00', '2026-11-28T17:00:00Z', '2026-11-28 17:00:00 +0000 UTC'],
    ['2006-01-02T15:04:05Z07:00', '2026-11-28T17:00:00.25+02:00', '2026-11-28 17:00:00.25 +0200 +0200'],
    ['2006-01-02T15:04:05', '2026-11-28T17:00:00,123456789123', '2026-11-28 17:00:00.123456789 +0000 UTC'],
    ['2006-01-02 15:04:05.000', '2026-11-28 17:00:00.125', '2026-11-28 17:00:00.125 +0000 UTC'],
    ['Jan _2 2006 3:04PM', 'feb  5 2026 12:04AM', '2026-02-05 00:04:00 +0000 UTC'],
    ['January 2, 2006 3pm', 'March 14, 2026 1pm', '2026-03-14 13:00:00 +0000 UTC'],
    ['Mon 02.01.06', 'tue 01.12.68', '2068-12-01 00:00:00 +0000 UTC'],
    ['02.01.06', '01.12.69', '1969-12-01 00:00:00 +0000 UTC'],
    ['2006-002', '2024-060', '2024-02-29 00:00:00 +0000 UTC'],
    ['2006-002', '2023-060', '2023-03-01 00:00:00 +0000 UTC'],
    ['2006-__2', '2023-  7', '2023-01-07 00:00:00 +0000 UTC'],
    ['15:04 MST', '17:30 CEST', '0000-01-01 17:30:00 +0000 CEST'],
    ['15:04 MST', '17:30 GMT-3', '0000-01-01 14:30:00 -0300 GMT-3'],
    ['15:04 MST', '17:30 UTC', '0000-01-01 17:30:00 +0000 UTC'],
    ['15:04 -0700 MST', '17:30 +0200 CEST', '0000-01-01 17:30:00 +0200 CEST'],
    ['15:04 -0700', '17:30 +0000', '0000-01-01 17:30:00 +0000 UTC'],
    ['15:04 Z0700', '17:30 -0330', '0000-01-01 17:30:00 -0330 -0330'],
    ['15:04:05 Z07:00:00', '17:30:00 +01:02:03', '0000-01-01 17:30:00 +0102 +0102'],
    ['05.999', '09.5', '0000-01-01 00:00:09.5 +0000 UTC'],
    ['05', '09.25', '0000-01-01 00:00:09.25 +0000 UTC'],
    ['3:04 pm', '12:30 pm', '0000-01-01 12:30:00 +0000 UTC'],
    ['a b', 'a    b', '0000-01-01 00:00:00 +0000 UTC'],
  ])('by %j reads %j', (layout, text, printed) => {
    const read = parseTime(layout, text);
    expect(read.ok && timeString(read.instant)).toBe(printed);
  });

  it.each([
    ['2006-01-02', '2026-13-28', 'parsing time "2026-13-28": month out of range'],
    ['2006-01-02', '2026-02-29', 'parsing time "2026-02-29": day out of range'],
    ['2006-01-02', '2026-1-28', 'parsing time "2026-1-28" as "2006-01-02": cannot parse "1-28" as "01"'],
    ['2006-01-02', '26-01-28', 'parsing time "26-01-28" as "2006-01-02": cannot parse "26-01-28" as "2006"'],
    ['2006-01-02', '2026-01-28 ', 'parsing time "2026-01-28 ": extra text: " "'],
    ['2006-01-02', '2026/01/28', 'parsing time "2026/01/28" as "2006-01-02": cannot parse "/01/28" as "-"'],
    ['2006-01-02', '', 'parsing time "" as "2006-01-02": cannot parse "" as "2006"'],
    ['15:04', '24:00', 'parsing time "24:00": hour out of range'],
    ['15:04', '23:60', 'parsing time "23:60": minute out of range'],
    ['3PM', '13PM', 'parsing time "13PM": hour out of range'],
    ['3PM', '1XM', 'parsing time "1XM" as "3PM": cannot parse "XM" as "PM"'],
    ['05', '61', 'parsing time "61": second out of range'],
    ['.000', '.12', 'parsing time ".12" as ".000": cannot parse ".12" as ".000"'],
    ['Jan', 'Foo', 'parsing time "Foo" as "Jan": cannot parse "Foo" as "Jan"'],
    ['Monday', 'Mon', 'parsing time "Mon" as "Monday": cannot parse "Mon" as "Monday"'],
    ['MST', 'Cest', 'parsing time "Cest" as "MST": cannot parse "Cest" as "MST"'],
    ['MST', 'ABCDEF', 'parsing time "ABCDEF" as "MST": cannot parse "ABCDEF" as "MST"'],
    ['-0700', '0200', 'parsing time "0200" as "-0700": cannot parse "0200" as "-0700"'],
    ['-07:00', '+02.00', 'parsing time "+02.00" as "-07:00": cannot parse "+02.00" as "-07:00"'],
    ['-0700', '+2500', 'parsing time "+2500": time zone offset hour out of range'],
    ['-0700', '+0061', 'parsing time "+0061": time zone offset minute out of range'],
    ['Z07:00', 'z', 'parsing time "z" as "Z07:00": cannot parse "z" as "Z07:00"'],
    ['2006-002', '2023-366', 'parsing time "2023-366": day-of-year out of range'],
    ['2006-002 01', '2023-060 04', 'parsing time "2023-060 04": day-of-year does not match month'],
    ['2006-002 02', '2023-060 04', 'parsing time "2023-060 04": day-of-year does not match day'],
    [
      'é',
      '"\\\té',
      'parsing time "\\"\\\\\\x09\\xc3\\xa9" as "\\xc3\\xa9": cannot parse "\\"\\\\\\x09\\xc3\\xa9" as "\\xc3\\xa9"',
    ],
    ['2006', 'é', 'parsing time "\\xc3\\xa9" as "2006": cannot parse "\\xc3\\xa9" as "2006"'],
  ])('by %j refuses %j', (layout, text, error) => expect(parseTime(layout, text)).toEqual({ ok: false, error }));
});
