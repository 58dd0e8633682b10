import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRfc3339Millis, formatRfc3339Nano, GO_ZERO_TIME_MS, parseRfc3339 } from './rfc3339';

const at = Date.UTC(2024, 0, 2, 3, 4, 5);

describe('parseRfc3339', () => {
  it.each([
    ['', 0, 0],
    ['2024-01-02T03:04:05Z', at, 0],
    ['2024-01-02T03:04:05.1Z', at + 100, 0],
    ['2024-01-02T03:04:05.123999999Z', at + 123, 0],
    ['2024-01-02T03:04:05.1239999999999Z', at + 123, 0],
    ['2024-01-02T03:04:05,5Z', at + 500, 0],
    ['2024-01-02T05:04:05+02:00', at, 120],
    ['2024-01-01T19:34:05.25-07:30', at + 250, -450],
    ['2024-01-02T05:04:05.123+0200', at + 123, 120],
    ['2024-01-02T05:04:05.123456+0200', at + 123, 120],
    ['2024-01-02T03:04:05+00:00', at, 0],
    ['2024-01-02T03:04:05', at, 0],
    ['2024-01-02T03:04:05.5', at + 500, 0],
    ['2024-01-02T03:04Z', at - 5_000, 0],
    ['2024-01-02T03:04', at - 5_000, 0],
    ['2024-01-02 03:04:05', at, 0],
    ['2024-01-02T3:04:05Z', at, 0],
    ['2024-01-02', Date.UTC(2024, 0, 2), 0],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29), 0],
    ['1969-12-31T23:59:59.9999Z', -1, 0],
    ['0001-01-01T00:00:00Z', GO_ZERO_TIME_MS, 0],
    ['0001-01-01T00:00:00', GO_ZERO_TIME_MS, 0],
  ])('reads %j', (text, ms, offsetMin) => expect(parseRfc3339(text)).toEqual({ ok: true, ms, offsetMin }));

  it.each([
    ['abc', 'parsing time "abc" as "2006-01-02": cannot parse "abc" as "2006"'],
    ['2024/01/01', 'parsing time "2024/01/01" as "2006-01-02": cannot parse "/01/01" as "-"'],
    ['2024-1-1', 'parsing time "2024-1-1" as "2006-01-02": cannot parse "1-1" as "01"'],
    ['2024-13-01', 'parsing time "2024-13-01": month out of range'],
    ['2023-02-29', 'parsing time "2023-02-29": day out of range'],
    ['1700000000', 'parsing time "1700000000" as "2006-01-02": cannot parse "000000" as "-"'],
    ['2024-04-31T00:00:00Z', 'parsing time "2024-04-31T00:00:00Z": extra text: "T00:00:00Z"'],
    ['2024-01-02T24:00:00Z', 'parsing time "2024-01-02T24:00:00Z": extra text: "T24:00:00Z"'],
    ['2024-01-02t03:04:05z', 'parsing time "2024-01-02t03:04:05z": extra text: "t03:04:05z"'],
    ['2024-01-02T03:04:05+0200', 'parsing time "2024-01-02T03:04:05+0200": extra text: "T03:04:05+0200"'],
    ['2024-01-02T03:04+02:00', 'parsing time "2024-01-02T03:04+02:00": extra text: "T03:04+02:00"'],
    ['2024-01-02 03:04', 'parsing time "2024-01-02 03:04": extra text: " 03:04"'],
    ['2024-01-02 03:04:05Z', 'parsing time "2024-01-02 03:04:05Z": extra text: " 03:04:05Z"'],
  ])('refuses %j', (text, error) => expect(parseRfc3339(text)).toEqual({ ok: false, error }));
});

describe('printing', () => {
  it.each([
    [at, 0, '2024-01-02T03:04:05.000Z', '2024-01-02T03:04:05Z'],
    [at + 120, 0, '2024-01-02T03:04:05.120Z', '2024-01-02T03:04:05.12Z'],
    [at + 7, 120, '2024-01-02T05:04:05.007+02:00', '2024-01-02T05:04:05.007+02:00'],
    [at, -450, '2024-01-01T19:34:05.000-07:30', '2024-01-01T19:34:05-07:30'],
    [GO_ZERO_TIME_MS, 0, '0001-01-01T00:00:00.000Z', '0001-01-01T00:00:00Z'],
  ])('%i at offset %i', (ms, offsetMin, millis, nano) => {
    expect([formatRfc3339Millis(ms, offsetMin), formatRfc3339Nano(ms, offsetMin)]).toEqual([millis, nano]);
  });

  it('is read back, offset included', () => {
    const instant = fc.integer({ min: GO_ZERO_TIME_MS + 86_400_000, max: Date.UTC(9999, 0) });
    fc.assert(
      fc.property(instant, fc.integer({ min: -1439, max: 1439 }), (ms, offsetMin) => {
        const read = { ok: true, ms, offsetMin };
        expect(parseRfc3339(formatRfc3339Millis(ms, offsetMin))).toEqual(read);
        expect(parseRfc3339(formatRfc3339Nano(ms, offsetMin))).toEqual(read);
      }),
    );
  });
});
