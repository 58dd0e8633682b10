import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containsTime, intervalsContaining, timeMute } from './contains-time';
import { slowlyContainsTime, TRANSITIONS, ZONES } from './testing/slow-calendar';
import { type Range, type TimeInterval } from './time-interval';

const always: TimeInterval = {
  times: null,
  weekdays: null,
  daysOfMonth: null,
  months: null,
  years: null,
  location: null,
};
const minute = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const times = (begin: string, end: string) => ({ times: [{ begin: minute(begin), end: minute(end) }] });
const days = (begin: number, end = begin) => ({ daysOfMonth: [{ begin, end }] });
const one = (value: number): Range[] => [{ begin: value, end: value }];

describe('containsTime', () => {
  it.each<[string, Partial<TimeInterval>, string, boolean]>([
    ['nothing to match matches always', {}, '2024-05-06T07:08:09Z', true],
    ['an empty list matches never', { times: [] }, '2024-05-06T07:08:09Z', false],
    ['a time begins with its first minute', times('09:00', '17:00'), '2024-05-06T09:00:00Z', true],
    ['and not before', times('09:00', '17:00'), '2024-05-06T08:59:59.999Z', false],
    ['and ends before its last', times('09:00', '17:00'), '2024-05-06T16:59:59.999Z', true],
    ['which is outside', times('09:00', '17:00'), '2024-05-06T17:00:00Z', false],
    ['24:00 takes the last minute in', times('22:00', '24:00'), '2024-05-06T23:59:59Z', true],
    ['all fields must match', { ...times('09:00', '17:00'), weekdays: one(2) }, '2024-05-06T10:00:00Z', false],
    ['Sunday is 0', { weekdays: one(0) }, '2024-05-05T12:00:00Z', true],
    ['one of several ranges is enough', { weekdays: [...one(3), ...one(1)] }, '2024-05-06T12:00:00Z', true],
    ['a weekday range has both ends', { weekdays: [{ begin: 1, end: 5 }] }, '2024-05-10T12:00:00Z', true],
    ['months', { months: [{ begin: 5, end: 7 }] }, '2024-08-01T00:00:00Z', false],
    ['years', { years: [{ begin: 2020, end: 2024 }] }, '2024-12-31T23:59:59Z', true],
    ['a year ends at midnight', { years: [{ begin: 2020, end: 2024 }] }, '2025-01-01T00:00:00Z', false],
    ['in the zone', { years: one(2025), location: 'Pacific/Auckland' }, '2024-12-31T11:00:00Z', true],
    ['and not elsewhere', { years: one(2025), location: 'America/New_York' }, '2025-01-01T04:59:00Z', false],
    ['29 February', days(29), '2024-02-29T12:00:00Z', true],
    ['the last day of a leap February', days(-1), '2024-02-29T12:00:00Z', true],
    ['the last day of a short February', days(-1), '2023-02-28T12:00:00Z', true],
    ['the day before the last is not it', days(-1), '2024-02-28T12:00:00Z', false],
    ['-1 in a month of 30 days', days(-1), '2024-04-30T12:00:00Z', true],
    ['-31 is the first of January', days(-31), '2024-01-01T12:00:00Z', true],
    ['-31 is not in April', days(-31), '2024-04-01T12:00:00Z', false],
    ['-31:-1 is all of April', days(-31, -1), '2024-04-01T12:00:00Z', true],
    ['31 is not in April', days(31), '2024-04-30T12:00:00Z', false],
    ['30:31 is the end of April', days(30, 31), '2024-04-30T12:00:00Z', true],
    ['29:31 is not in a short February', days(29, 31), '2023-02-28T12:00:00Z', false],
    ['26:-1 goes to the end', days(26, -1), '2024-02-29T12:00:00Z', true],
    ['26:-1 begins on the 26th', days(26, -1), '2024-02-25T12:00:00Z', false],
    // Alertmanager#5447: the length of the month was that of an instant shifted by the change to summer time.
    ['the last day when clocks change on it', { ...days(-1), location: 'Europe/Berlin' }, '2024-03-31T10:00:00Z', true],
    ['and the day before', { ...days(-1), location: 'Europe/Berlin' }, '2024-03-30T22:59:59Z', false],
  ])('%s', (_, fields, instant, expected) => {
    expect(containsTime({ ...always, ...fields }, Date.parse(instant))).toBe(expected);
  });

  it.each<[zone: string, range: [string, string], instant: string, expected: boolean]>([
    // Forward: 02:30 is not on the clock that day.
    ['Europe/Berlin', ['01:00', '02:00'], '2024-03-31T00:59:59Z', true],
    ['Europe/Berlin', ['02:00', '03:00'], '2024-03-31T01:00:00Z', false],
    ['Europe/Berlin', ['03:00', '04:00'], '2024-03-31T01:00:00Z', true],
    // Back: 02:30 is on it twice.
    ['Europe/Berlin', ['02:00', '03:00'], '2024-10-27T00:30:00Z', true],
    ['Europe/Berlin', ['02:00', '03:00'], '2024-10-27T01:30:00Z', true],
    ['Europe/Berlin', ['02:00', '03:00'], '2024-10-27T02:00:00Z', false],
    ['America/New_York', ['03:00', '04:00'], '2024-03-10T07:00:00Z', true],
    ['America/New_York', ['02:00', '03:00'], '2024-03-10T06:59:59Z', false],
    ['America/New_York', ['01:00', '02:00'], '2024-11-03T05:30:00Z', true],
    ['America/New_York', ['01:00', '02:00'], '2024-11-03T06:30:00Z', true],
    ['Australia/Sydney', ['03:00', '04:00'], '2024-10-05T16:00:00Z', true],
    ['Australia/Sydney', ['02:00', '03:00'], '2024-04-06T15:30:00Z', true],
    ['Australia/Sydney', ['02:00', '03:00'], '2024-04-06T16:30:00Z', true],
    // Half an hour of summer time.
    ['Australia/Lord_Howe', ['02:30', '03:00'], '2024-10-05T15:30:00Z', true],
    ['Australia/Lord_Howe', ['01:30', '02:00'], '2024-04-06T14:45:00Z', true],
    ['Australia/Lord_Howe', ['01:30', '02:00'], '2024-04-06T15:15:00Z', true],
    ['America/St_Johns', ['03:00', '03:01'], '2024-03-10T05:30:00Z', true],
    ['America/St_Johns', ['01:00', '02:00'], '2024-11-03T04:00:00Z', true],
    ['America/St_Johns', ['01:00', '02:00'], '2024-11-03T05:00:00Z', true],
    // None.
    ['Asia/Kolkata', ['05:30', '05:31'], '2024-07-01T00:00:30Z', true],
  ])('when clocks change in %s: %j at %s', (location, [begin, end], instant, expected) => {
    expect(containsTime({ ...always, ...times(begin, end), location }, Date.parse(instant))).toBe(expected);
  });

  it('takes Local for the zone of this machine', () => {
    const here = new Date(2024, 4, 6, 7, 8);
    const interval = { ...always, ...times('07:08', '07:09'), ...days(6), location: 'Local' };
    expect(containsTime(interval, here.getTime())).toBe(true);
    expect(containsTime(interval, here.getTime() + 60_000)).toBe(false);
  });

  it('agrees with a slow calendar that knows the rules of some zones itself', () => {
    const rangeOf = (least: number, most: number): fc.Arbitrary<Range[] | null> => {
      const range = fc.tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }));
      const ranges = fc.array(
        range.map(([a, b]) => ({ begin: Math.min(a, b), end: Math.max(a, b) })),
        { maxLength: 3 },
      );
      return fc.option(ranges, { freq: 2 });
    };
    const day = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 }));
    const dayRanges = fc.array(
      fc.tuple(day, day).map(([begin, end]) => ({ begin, end })),
      { maxLength: 3 },
    );
    const interval: fc.Arbitrary<TimeInterval> = fc.record({
      times: rangeOf(0, 1440),
      weekdays: rangeOf(0, 6),
      daysOfMonth: fc.option(dayRanges, { freq: 2 }),
      months: rangeOf(1, 12),
      years: rangeOf(2008, 2036),
      location: fc.constantFrom(null, 'UTC', ...ZONES),
    });
    const anywhere = fc.integer({ min: Date.UTC(2008, 11), max: Date.UTC(2036, 0) });
    const nearChange = fc
      .tuple(fc.constantFrom(...TRANSITIONS), fc.integer({ min: -2 * 3_600_000, max: 2 * 3_600_000 }))
      .map(([at, by]) => at + by);
    const nearMonthEnd = fc
      .tuple(fc.integer({ min: 0, max: 12 * 25 }), fc.integer({ min: -48 * 3_600_000, max: 48 * 3_600_000 }))
      .map(([month, by]) => Date.UTC(2009, month) + by);
    const instant = fc.oneof(anywhere, nearChange, nearMonthEnd);
    fc.assert(
      fc.property(interval, instant, (some, nowMs) => containsTime(some, nowMs) === slowlyContainsTime(some, nowMs)),
      { numRuns: 3_000 },
    );
  });
});

const noon = Date.parse('2024-05-06T12:00:00Z');
const intervals = new Map([
  ['days', [{ ...always, ...times('09:00', '17:00') }]],
  [
    'nights',
    [
      { ...always, ...times('00:00', '09:00') },
      { ...always, ...times('17:00', '24:00') },
    ],
  ],
  ['mondays', [{ ...always, weekdays: one(1) }]],
  ['twice', [always, always]],
  ['never', []],
]);

describe('intervalsContaining', () => {
  it('lists each name once for each of its elements that matches, in the order asked for', () => {
    const names = ['mondays', 'nights', 'twice', 'never', 'days', 'unknown'];
    expect(intervalsContaining(names, intervals, noon)).toEqual(['mondays', 'twice', 'twice', 'days']);
  });
});

describe('timeMute', () => {
  it.each<[string, active: string[], mute: string[], expected: unknown]>([
    ['nothing without intervals', [], [], null],
    ['nothing inside of one active interval', ['nights', 'days'], [], null],
    ['outside of all active ones', ['nights', 'never'], [], ['active_time_interval', ['nights', 'never']]],
    ['inside of mute ones, those', [], ['nights', 'days', 'mondays'], ['mute_time_interval', ['days', 'mondays']]],
    ['nothing outside of all mute ones', [], ['nights'], null],
    ['active ones come first', ['nights'], ['days'], ['active_time_interval', ['nights']]],
    ['mute ones count within active ones', ['days'], ['mondays'], ['mute_time_interval', ['mondays']]],
  ])('%s', (_, activeTimeIntervals, muteTimeIntervals, expected) => {
    const mute = timeMute({ activeTimeIntervals, muteTimeIntervals }, intervals, noon);
    expect(mute && [mute.kind, mute.names]).toEqual(expected);
  });
});
