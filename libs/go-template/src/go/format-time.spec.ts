import { describe, expect, it } from 'vitest';
import { formatTime, timeGoString, timeString } from './format-time';
import { type Instant, instantOfNs } from './instant';
import { fixedZone, loadZone, type Zone } from './zone';

function zone(name: string): Zone {
  const loaded = loadZone(name);
  if (!loaded.ok) throw new Error(loaded.error);
  return loaded.zone;
}

/** 2026-07-05 04:03:09.128 UTC. */
const july: Instant = instantOfNs(1_783_224_189_128_000_000n);

// Printed by Go's time.Time.
describe('formatTime', () => {
  it.each([
    ['UTC', '2006-01-02T15:04:05Z07:00', '2026-07-05T04:03:09Z'],
    ['UTC', '2006-01-02T15:04:05.999999999Z07:00', '2026-07-05T04:03:09.128Z'],
    ['UTC', 'Mon Jan _2 15:04:05 2006', 'Sun Jul  5 04:03:09 2026'],
    ['Europe/Berlin', 'Mon, 02 Jan 2006 15:04:05 MST', 'Sun, 05 Jul 2026 06:03:09 CEST'],
    ['America/New_York', 'Monday, 2 January 06 3:04:05PM -07:00', 'Sunday, 5 July 26 12:03:09AM -04:00'],
    ['America/New_York', 'Monday, 2 January 06 3:4:5pm Z0700', 'Sunday, 5 July 26 12:3:9am -0400'],
    ['Asia/Kolkata', '-0700 -07 -07:00 -070000 -07:00:00', '+0530 +05 +05:30 +053000 +05:30:00'],
    ['UTC', 'Z0700 Z07 Z07:00 Z070000 Z07:00:00 -0700', 'Z Z Z Z Z +0000'],
    ['UTC', '.000 .0 .000000000 ,000 .999 ,999 .999999 .9', '.128 .1 .128000000 ,128 .128 ,128 .128 .1'],
    ['UTC', '002 __2 _2006 1/2', '186 186 _2026 7/5'],
    ['UTC', 'Month Janus MSTx Monday January', 'Month Janus UTCx Sunday July'],
    ['UTC', '03 3 15 PM', '04 4 04 AM'],
    ['Asia/Tokyo', '15:04 MST', '13:03 JST'],
    ['America/Sao_Paulo', '15:04 MST', '01:03 -03'],
    ['Asia/Kathmandu', '15:04 MST Z07:00', '09:48 +0545 +05:45'],
    ['Europe/London', '15:04 MST', '05:03 BST'],
    ['UTC', '', ''],
    ['UTC', 'as it is: é%s', 'as it is: é%s'],
  ])('in %s by %j', (name, layout, text) => {
    expect(formatTime({ ...july, zone: zone(name) }, layout)).toBe(text);
  });

  it('writes the offset of a fixed zone without a name', () => {
    const instant = { ...july, zone: fixedZone('', -12_600) };
    expect(formatTime(instant, 'MST')).toBe('-0330');
    expect(formatTime({ ...july, zone: fixedZone('ABC', 60) }, 'MST -07:00')).toBe('ABC +00:01');
  });
});

describe('timeString and timeGoString', () => {
  it.each([
    ['UTC', '-62135596800', 0, '0001-01-01 00:00:00 +0000 UTC', 'time.Date(1, time.January, 1, 0, 0, 0, 0, time.UTC)'],
    [
      'UTC',
      '1435065584',
      128000000,
      '2015-06-23 13:19:44.128 +0000 UTC',
      'time.Date(2015, time.June, 23, 13, 19, 44, 128000000, time.UTC)',
    ],
    [
      'Europe/Berlin',
      '1435065584',
      0,
      '2015-06-23 15:19:44 +0200 CEST',
      'time.Date(2015, time.June, 23, 15, 19, 44, 0, time.Location("Europe/Berlin"))',
    ],
    [
      'Europe/Berlin',
      '1452000000',
      1,
      '2016-01-05 14:20:00.000000001 +0100 CET',
      'time.Date(2016, time.January, 5, 14, 20, 0, 1, time.Location("Europe/Berlin"))',
    ],
    [
      'Europe/Berlin',
      '-62135596800',
      0,
      '0001-01-01 00:53:28 +0053 LMT',
      'time.Date(1, time.January, 1, 0, 53, 28, 0, time.Location("Europe/Berlin"))',
    ],
    [
      'America/St_Johns',
      '1452000000',
      500,
      '2016-01-05 09:50:00.0000005 -0330 NST',
      'time.Date(2016, time.January, 5, 9, 50, 0, 500, time.Location("America/St_Johns"))',
    ],
    [
      'Asia/Calcutta',
      '1452000000',
      0,
      '2016-01-05 18:50:00 +0530 IST',
      'time.Date(2016, time.January, 5, 18, 50, 0, 0, time.Location("Asia/Calcutta"))',
    ],
    [
      'UTC',
      '-1',
      999,
      '1969-12-31 23:59:59.000000999 +0000 UTC',
      'time.Date(1969, time.December, 31, 23, 59, 59, 999, time.UTC)',
    ],
    ['UTC', '-62319888000', 0, '-0005-03-01 00:00:00 +0000 UTC', 'time.Date(-5, time.March, 1, 0, 0, 0, 0, time.UTC)'],
    [
      'UTC',
      '317341843200',
      0,
      '12026-03-01 00:00:00 +0000 UTC',
      'time.Date(12026, time.March, 1, 0, 0, 0, 0, time.UTC)',
    ],
    [
      'Australia/Lord_Howe',
      '1452000000',
      0,
      '2016-01-06 00:20:00 +1100 +11',
      'time.Date(2016, time.January, 6, 0, 20, 0, 0, time.Location("Australia/Lord_Howe"))',
    ],
    [
      'Etc/GMT+5',
      '0',
      0,
      '1969-12-31 19:00:00 -0500 -05',
      'time.Date(1969, time.December, 31, 19, 0, 0, 0, time.Location("Etc/GMT+5"))',
    ],
  ])('in %s, %s s %d ns', (name, epochSec, nanosecond, text, goText) => {
    const instant = { epochSec: Number(epochSec), nanosecond, zone: zone(name) };
    expect(timeString(instant)).toBe(text);
    expect(timeGoString(instant)).toBe(goText);
  });
});
