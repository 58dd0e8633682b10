import { decodeDocument } from '@tocsin/common/config/decode';
import { parseYaml } from '@tocsin/common/config/parse-yaml';
import { describe, expect, it } from 'vitest';
import { intervalView } from './interval-view';
import { type TimeInterval } from './time-interval';
import { namedInterval } from './time-interval.schema';

/** The element, or what is wrong with it. */
function read(element: string): TimeInterval | string {
  const parsed = parseYaml(`name: a\ntime_intervals: [${element}]`);
  if (!parsed.ok) throw new Error(element);
  const decoded = decodeDocument(parsed.document, namedInterval('time interval'));
  return decoded.ok ? decoded.value.elements[0]! : decoded.findings.map(({ message }) => message).join('; ');
}

const range = (begin: number, end = begin) => [{ begin, end }];

describe('an element of a time interval', () => {
  it.each<[string, Partial<TimeInterval>]>([
    ['{}', { times: null, weekdays: null, daysOfMonth: null, months: null, years: null, location: null }],
    ['null', { times: null, location: null }],
    ["{times: [{start_time: 09:30, end_time: '24:00'}]}", { times: range(570, 1440) }],
    ['{times: [{start_time: 00:00, end_time: 00:01}]}', { times: range(0, 1) }],
    ['{times: []}', { times: [] }],
    ['{times: }', { times: null }],
    ["{weekdays: ['Monday:FRIDAY', sunday]}", { weekdays: [...range(1, 5), ...range(0)] }],
    [
      "{days_of_month: [1, '2:5', '-3:-1', -31]}",
      { daysOfMonth: [...range(1), ...range(2, 5), ...range(-3, -1), ...range(-31)] },
    ],
    ["{days_of_month: ['27:-1', '1:-27']}", { daysOfMonth: [...range(27, -1), ...range(1, -27)] }],
    ["{days_of_month: ['+5', 07]}", { daysOfMonth: [...range(5), ...range(7)] }],
    [
      "{months: [January, 'may:8', 13, '-1:0']}",
      { months: [...range(1), ...range(5, 8), ...range(13), ...range(-1, 0)] },
    ],
    ["{years: [2024, '2030:2035']}", { years: [...range(2024), ...range(2030, 2035)] }],
    ['{location: Europe/Berlin}', { location: 'Europe/Berlin' }],
    ['{location: America/Argentina/Buenos_Aires}', { location: 'America/Argentina/Buenos_Aires' }],
    ['{location: Etc/GMT+5}', { location: 'Etc/GMT+5' }],
    ['{location: GMT-0}', { location: 'GMT-0' }],
    ['{location: UTC}', { location: 'UTC' }],
    ['{location: Local}', { location: 'Local' }],
    ["{location: ''}", { location: 'UTC' }],
    ['{location: }', { location: null }],
  ])('%s is read', (text, expected) => expect(read(text)).toMatchObject(expected));

  // The texts of Alertmanager's `timeinterval` package.
  it.each([
    ['{times: [{start_time: 09:00}]}', 'both start and end times must be provided'],
    ["{times: [{end_time: '', start_time: 10:00}]}", 'both start and end times must be provided'],
    ['{times: [null]}', 'both start and end times must be provided'],
    ['{times: [{start_time: 9:00, end_time: 10:00}]}', "couldn't parse timestamp 9:00, invalid format"],
    ["{times: [{start_time: 09:00, end_time: '24:01'}]}", "couldn't parse timestamp 24:01, invalid format"],
    ['{times: [{start_time: 09:60, end_time: 10:00}]}', "couldn't parse timestamp 09:60, invalid format"],
    ['{times: [{start_time: 10:00, end_time: 10:00}]}', 'start time cannot be equal or greater than end time'],
    ['{times: [{start_time: 22:00, end_time: 06:00}]}', 'start time cannot be equal or greater than end time'],
    [
      '{times: [{begin: 1}]}',
      'both start and end times must be provided; field begin not found in type timeinterval.yamlTimeRange',
    ],
    ['{weekdays: [mon]}', 'mon is not a valid weekday'],
    ["{weekdays: ['Monday:']}", ' is not a valid weekday'],
    ['{weekdays: [1]}', '1 is not a valid weekday'],
    ["{weekdays: ['Friday:monday']}", 'start day cannot be before end day'],
    ["{weekdays: ['monday:Friday:sunday']}", "couldn't parse range monday:friday:sunday, invalid format"],
    ['{weekdays: monday}', 'cannot unmarshal !!str `monday` into []timeinterval.WeekdayRange'],
    ['{days_of_month: [0]}', '0 is not a valid day of the month: out of range'],
    ["{days_of_month: ['1:32']}", '32 is not a valid day of the month: out of range'],
    ['{days_of_month: [-32]}', '-32 is not a valid day of the month: out of range'],
    ["{days_of_month: ['-2:5']}", 'end day must be negative if start day is negative'],
    ["{days_of_month: ['5:3']}", 'end day 3 is always before start day 5'],
    ["{days_of_month: ['-1:-2']}", 'end day -2 is always before start day -1'],
    ["{days_of_month: ['28:-1']}", 'end day -1 is always before start day 28'],
    ["{days_of_month: ['1:-28']}", 'end day -28 is always before start day 1'],
    ['{days_of_month: [first]}', 'strconv.Atoi: parsing "first": invalid syntax'],
    ['{days_of_month: [1.5]}', 'strconv.Atoi: parsing "1.5": invalid syntax'],
    ["{days_of_month: ['99999999999999999999']}", 'strconv.Atoi: parsing "99999999999999999999": value out of range'],
    ['{months: [Jan]}', 'jan is not a valid month'],
    ["{months: ['June:march']}", 'end month march is before start month june'],
    ["{months: ['14:13']}", 'end month  is before start month '],
    ["{years: ['2024:2023']}", 'end year 2023 is before start year 2024'],
    ['{years: [MMXX]}', 'strconv.Atoi: parsing "mmxx": invalid syntax'],
    ['{location: Mars/Olympus}', 'unknown time zone Mars/Olympus'],
    ['{location: Europe/Nowhere}', 'unknown time zone Europe/Nowhere'],
    ['{location: Europe}', 'unknown time zone Europe'],
    ['{location: europe/berlin}', 'unknown time zone europe/berlin'],
    ['{location: PST}', 'unknown time zone PST'],
    ['{location: BST}', 'unknown time zone BST'],
    ['{location: +01:00}', 'unknown time zone +01:00'],
    ['{location: ../Berlin}', 'time: invalid location name'],
    ['{location: /etc/localtime}', 'time: invalid location name'],
    ['{zone: UTC}', 'field zone not found in type timeinterval.TimeInterval'],
  ])('%s is refused', (text, expected) => expect(read(text)).toBe(expected));

  it('tells both times that are wrong, and further mistakes beside an unknown key', () => {
    expect(read('{times: [{start_time: a, end_time: b}], weekdays: [x], zone: UTC}').toString().split('; ')).toEqual([
      "couldn't parse timestamp a, invalid format",
      "couldn't parse timestamp b, invalid format",
      'x is not a valid weekday',
      'field zone not found in type timeinterval.TimeInterval',
    ]);
  });

  it.each([
    "{times: [{start_time: '09:05', end_time: '24:00'}], weekdays: ['monday:friday', sunday], location: Local}",
    "{days_of_month: ['-3:-1', '7'], months: ['1', '3:5'], years: ['2024', '2025:2030'], location: UTC}",
    '{times: []}',
    '{}',
  ])('%s is shown as it was written', (text) => {
    const view = intervalView(read(text) as TimeInterval);
    expect(read(JSON.stringify(view))).toEqual(read(text));
    const written = parseYaml(text);
    expect(written.ok && JSON.stringify(view)).toBe(JSON.stringify(written.ok && toPlain(written.document)));
  });
});

function toPlain(document: { root: { node: unknown } }): unknown {
  return (document.root.node as { toJSON(): unknown }).toJSON();
}

describe('a named interval', () => {
  const errors = (text: string, kind: 'time interval' | 'mute time interval'): unknown => {
    const parsed = parseYaml(text);
    const decoded = parsed.ok && decodeDocument(parsed.document, namedInterval(kind));
    return decoded && !decoded.ok ? decoded.findings.map(({ message }) => message) : decoded;
  };

  it.each([
    [
      'time_intervals: [{weekdays: [x]}]',
      'time interval',
      ['missing name in time interval', 'x is not a valid weekday'],
    ],
    ['{name: ""}', 'mute time interval', ['missing name in mute time interval']],
    ['{name: a, times: []}', 'time interval', ['field times not found in type config.plain']],
  ] as const)('%s is refused', (text, kind, messages) => expect(errors(text, kind)).toEqual(messages));

  it('may be without elements', () => {
    expect(errors('name: a', 'time interval')).toMatchObject({ value: { name: 'a', elements: [] } });
  });
});
