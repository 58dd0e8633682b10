import { describe, expect, it } from 'vitest';
import { timeString } from './format-time';
import {
  addDate,
  compareInstants,
  epochNsOf,
  type Instant,
  instantOfMs,
  instantOfNs,
  isZeroTime,
  roundInstant,
  subtract,
  truncateInstant,
  wallTimeOf,
  ZERO_TIME,
} from './instant';
import { parseTime } from './parse-time';
import { loadZone, UTC } from './zone';

function at(text: string, zoneName = 'UTC'): Instant {
  const read = parseTime('2006-01-02T15:04:05Z07:00', text);
  const zone = loadZone(zoneName);
  if (!read.ok || !zone.ok) throw new Error(text);
  return { ...read.instant, zone: zone.zone };
}

// Printed by Go's time.Time.
describe('addDate', () => {
  it.each([
    ['2026-01-31T12:00:00Z', 'UTC', 0, 1, 0, '2026-03-03 12:00:00 +0000 UTC'],
    ['2024-02-29T12:00:00Z', 'UTC', 1, 0, 0, '2025-03-01 12:00:00 +0000 UTC'],
    ['2026-03-28T01:30:00Z', 'Europe/Berlin', 0, 0, 1, '2026-03-29 03:30:00 +0200 CEST'],
    ['2026-10-24T00:30:00Z', 'Europe/Berlin', 0, 0, 1, '2026-10-25 02:30:00 +0100 CET'],
    ['2026-03-15T00:00:00Z', 'UTC', 0, -15, -40, '2024-11-05 00:00:00 +0000 UTC'],
    ['2026-03-07T07:30:00Z', 'America/New_York', 0, 0, 1, '2026-03-08 01:30:00 -0500 EST'],
  ])('%s in %s, %d years, %d months, %d days', (text, zone, years, months, days, printed) => {
    expect(timeString(addDate(at(text, zone), years, months, days))).toBe(printed);
  });
});

describe('truncateInstant and roundInstant', () => {
  it.each<[string, bigint, string, string]>([
    ['2026-01-31T12:34:56.789Z', 3600000000000n, '2026-01-31 12:00:00 +0000 UTC', '2026-01-31 13:00:00 +0000 UTC'],
    ['2026-01-31T12:34:56.789Z', 60000000000n, '2026-01-31 12:34:00 +0000 UTC', '2026-01-31 12:35:00 +0000 UTC'],
    ['2026-01-31T12:34:30Z', 60000000000n, '2026-01-31 12:34:00 +0000 UTC', '2026-01-31 12:35:00 +0000 UTC'],
    ['2026-01-31T12:34:29.999999999Z', 60000000000n, '2026-01-31 12:34:00 +0000 UTC', '2026-01-31 12:34:00 +0000 UTC'],
    ['2026-01-31T12:34:56Z', 604800000000000n, '2026-01-26 00:00:00 +0000 UTC', '2026-02-02 00:00:00 +0000 UTC'],
    ['0000-12-30T12:34:56Z', 86400000000000n, '0000-12-30 00:00:00 +0000 UTC', '0000-12-31 00:00:00 +0000 UTC'],
    ['2026-01-31T12:34:56Z', 0n, '2026-01-31 12:34:56 +0000 UTC', '2026-01-31 12:34:56 +0000 UTC'],
  ])('%s by %d ns', (text, multiple, truncated, rounded) => {
    expect(timeString(truncateInstant(at(text), multiple))).toBe(truncated);
    expect(timeString(roundInstant(at(text), multiple))).toBe(rounded);
  });
});

describe('instants', () => {
  it('keep ns before 1970', () => {
    const instant = instantOfNs(-1n);
    expect(instant).toEqual({ epochSec: -1, nanosecond: 999_999_999, zone: UTC });
    expect(epochNsOf(instant)).toBe(-1n);
    expect(instantOfMs(-1).nanosecond).toBe(999_000_000);
  });

  it('are subtracted up to what 64 bits hold', () => {
    expect(subtract(instantOfNs(5n), instantOfNs(7n))).toBe(-2n);
    expect(subtract(instantOfMs(0), ZERO_TIME)).toBe(2n ** 63n - 1n);
    expect(subtract(ZERO_TIME, instantOfMs(0))).toBe(-(2n ** 63n));
  });

  it('are compared to the ns', () => {
    expect(compareInstants(instantOfNs(1n), instantOfNs(2n))).toBe(-1);
    expect(compareInstants(instantOfNs(2n), instantOfNs(2n))).toBe(0);
    expect(compareInstants(instantOfNs(10n ** 9n), instantOfNs(2n))).toBe(1);
  });

  it('know the zero time', () => {
    expect(isZeroTime(ZERO_TIME)).toBe(true);
    expect(isZeroTime(instantOfMs(0))).toBe(false);
    expect(wallTimeOf(ZERO_TIME)).toMatchObject({ year: 1, month: 1, day: 1, hour: 0, weekday: 1, yearDay: 1 });
  });
});
