import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatGoDuration, parseDuration, parseGoDuration } from './duration';

const dayMs = 86_400_000;

describe('configuration durations', () => {
  it.each([
    ['0', 0, '0s'],
    ['0s', 0, '0s'],
    ['90s', 90_000, '1m30s'],
    ['1500ms', 1_500, '1s500ms'],
    ['7d', 7 * dayMs, '1w'],
    ['8d', 8 * dayMs, '8d'],
    ['365d', 365 * dayMs, '1y'],
    ['1y2w', 379 * dayMs, '379d'],
    ['1h30m', 5_400_000, '1h30m'],
    ['1y1w1d1h1m1s1ms', 373 * dayMs + 3_661_001, '373d1h1m1s1ms'],
    ['9223372036854ms', 9_223_372_036_854, '106751d23h47m16s854ms'],
  ])('%s is %i ms, printed %s', (text, ms, printed) => {
    expect(parseDuration(text)).toEqual({ ok: true, ms });
    expect(formatDuration(ms)).toBe(printed);
  });

  it.each([
    ['', 'empty duration string'],
    ['1', 'not a valid duration string: "1"'],
    ['s', 'not a valid duration string: "s"'],
    ['-1s', 'not a valid duration string: "-1s"'],
    ['1m1h', 'not a valid duration string: "1m1h"'],
    ['1s1s', 'not a valid duration string: "1s1s"'],
    ['1h30', 'not a valid duration string: "1h30"'],
    ['18446744073709551616ms', 'not a valid duration string: "18446744073709551616ms"'],
    ['1.5s', 'unknown unit "." in duration "1.5s"'],
    ['1 s', 'unknown unit " s" in duration "1 s"'],
    ['1x', 'unknown unit "x" in duration "1x"'],
    ['1s"', 'unknown unit "s\\"" in duration "1s\\""'],
    ['293y', 'duration out of range'],
    ['9223372036855ms', 'duration out of range'],
    ['18446744073709551615ms', 'duration out of range'],
  ])('refuses %j', (text, error) => expect(parseDuration(text)).toEqual({ ok: false, error }));

  it('reads what it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_223_372_036_854 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toEqual({ ok: true, ms });
      }),
    );
  });
});

describe('Go durations', () => {
  it.each([
    ['0', 0, '0s'],
    ['-0', 0, '0s'],
    ['500ms', 500, '500ms'],
    ['1.5s', 1_500, '1.5s'],
    ['+1m30s', 90_000, '1m30s'],
    ['-1.5h', -5_400_000, '-1h30m0s'],
    ['.5s', 500, '500ms'],
    ['5.s', 5_000, '5s'],
    ['1h1h', 7_200_000, '2h0m0s'],
    ['0.07m', 4_200, '4.2s'],
    ['100ns', 1, '1ms'],
    ['1500µs', 2, '2ms'],
    ['1h0.001s', 3_600_001, '1h0m0.001s'],
  ])('%s is %i ms, printed %s', (text, ms, printed) => {
    expect(parseGoDuration(text)).toEqual({ ok: true, ms });
    expect(formatGoDuration(ms)).toBe(printed);
  });

  it.each([
    ['', 'time: invalid duration ""'],
    ['.s', 'time: invalid duration ".s"'],
    ['--5s', 'time: invalid duration "--5s"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
    ['5', 'time: missing unit in duration "5"'],
    ['1.', 'time: missing unit in duration "1."'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1h 5m', 'time: unknown unit "h " in duration "1h 5m"'],
  ])('refuses %j', (text, error) => expect(parseGoDuration(text)).toEqual({ ok: false, error }));

  it('reads what it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }), (ms) => {
        expect(parseGoDuration(formatGoDuration(ms))).toEqual({ ok: true, ms });
      }),
    );
  });
});
