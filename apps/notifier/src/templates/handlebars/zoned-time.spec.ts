import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatInZone } from './zoned-time';

/** `europe/berlin` in 4 096 spellings; 128 numbers have 64 of them, as the slash has one only. */
function spelling(number: number): string {
  return [...'europe/berlin'].map((char, at) => ((number >> at) & 1 ? char.toUpperCase() : char)).join('');
}

describe('formatInZone', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ['YYYY-MM-DD HH:mm:ss ZZ', 'UTC', '2026-07-01 12:00:00 UTC'],
    ['ddd HH:mm Z', 'UTC', 'Wed 12:00 +00:00'],
    ['DD.MM.YYYY HH:mm ZZ', 'Europe/Berlin', '01.07.2026 14:00 +02:00'],
    ['HH:mm Z', 'europe/BERLIN', '14:00 +02:00'],
    ['at HH', 'US/Pacific', 'at 05'],
  ])('writes %s in %s as %s', (format, zone, text) => {
    expect(formatInZone(Date.UTC(2026, 6, 1, 12), format, zone)).toBe(text);
  });

  it('keeps no more zones than there may be', () => {
    const { DateTimeFormat } = Intl;
    const made = vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(function (locales, options) {
      return new DateTimeFormat(locales, options);
    });
    const write = (number: number): string => formatInZone(0, 'HH:mm', spelling(number));
    write(0);
    write(0);
    expect(made.mock.calls.length).toBeLessThanOrEqual(1);
    for (let number = 0; number <= 2_100; number++) write(number);
    made.mockClear();
    write(0);
    expect(made).toHaveBeenCalledOnce();
  });
});
