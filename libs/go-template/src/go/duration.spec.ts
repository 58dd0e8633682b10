import { describe, expect, it } from 'vitest';
import {
  absDuration,
  floatToInt64,
  formatDuration,
  HOUR,
  inUnits,
  parseDuration,
  roundDuration,
  SECOND,
  truncateDuration,
} from './duration';

// Printed by Go's time.Duration.
describe('durations', () => {
  it.each<[bigint, string, number, number]>([
    [0n, '0s', 0, 0],
    [1n, '1ns', 2.777777777777778e-13, 1e-9],
    [-1n, '-1ns', -2.777777777777778e-13, -1e-9],
    [999n, '999ns', 2.775e-10, 9.99e-7],
    [1000n, '1µs', 2.7777777777777777e-10, 0.000001],
    [1500n, '1.5µs', 4.166666666666667e-10, 0.0000015],
    [1000000n, '1ms', 2.7777777777777776e-7, 0.001],
    [1234567n, '1.234567ms', 3.429352777777778e-7, 0.001234567],
    [1000000000n, '1s', 0.0002777777777777778, 1],
    [1500000000n, '1.5s', 0.0004166666666666667, 1.5],
    [-90000000000n, '-1m30s', -0.025, -90],
    [60000000000n, '1m0s', 0.016666666666666666, 60],
    [3600000000000n, '1h0m0s', 1, 3600],
    [90000000000001n, '25h0m0.000000001s', 25.000000000000277, 90000.000000001],
    [9223372036854775807n, '2562047h47m16.854775807s', 2562047.7880152157, 9223372036.854776],
    [-9223372036854775808n, '-2562047h47m16.854775808s', -2562047.7880152157, -9223372036.854776],
  ])('%d ns', (ns, text, hours, seconds) => {
    expect(formatDuration(ns)).toBe(text);
    expect(inUnits(ns, HOUR)).toBe(hours);
    expect(inUnits(ns, SECOND)).toBe(seconds);
  });

  it.each<[bigint, bigint, bigint, bigint, bigint]>([
    [90000000000n, 60000000000n, 120000000000n, 60000000000n, 90000000000n],
    [-90000000000n, 60000000000n, -120000000000n, -60000000000n, 90000000000n],
    [89000000000n, 60000000000n, 60000000000n, 60000000000n, 89000000000n],
    [5n, 0n, 5n, 5n, 5n],
    [5n, -3n, 5n, 5n, 5n],
    [9223372036854775807n, 3600000000000n, 9223372036854775807n, 9223369200000000000n, 9223372036854775807n],
    [-9223372036854775808n, 3600000000000n, -9223372036854775808n, -9223369200000000000n, 9223372036854775807n],
    [-9223372036854775808n, 1n, -9223372036854775808n, -9223372036854775808n, 9223372036854775807n],
  ])('%d ns by %d', (ns, multiple, rounded, truncated, size) => {
    expect(roundDuration(ns, multiple)).toBe(rounded);
    expect(truncateDuration(ns, multiple)).toBe(truncated);
    expect(absDuration(ns)).toBe(size);
  });

  it.each<[number, bigint]>([
    [1.9, 1n],
    [-1.9, -1n],
    [1e300, -(2n ** 63n)],
    [NaN, -(2n ** 63n)],
  ])('%d as int64', (value, whole) => expect(floatToInt64(value)).toBe(whole));
});

describe('parseDuration', () => {
  it.each<[string, bigint]>([
    ['0', 0n],
    ['+0', 0n],
    ['1h30m', 5400000000000n],
    ['-1.5h', -5400000000000n],
    ['1ns', 1n],
    ['1us', 1000n],
    ['1µs', 1000n],
    ['1μs', 1000n],
    ['.5s', 500000000n],
    ['5.s', 5000000000n],
    ['1h1h', 7200000000000n],
    ['0.1000000000000000000000001h', 360000000000n],
    ['9223372036854775807ns', 9223372036854775807n],
    ['-9223372036854775808ns', -9223372036854775808n],
    ['1.000000001s', 1000000001n],
  ])('reads %j', (text, ns) => expect(parseDuration(text)).toEqual({ ok: true, ns }));

  it.each([
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['1', 'time: missing unit in duration "1"'],
    ['1x', 'time: unknown unit "x" in duration "1x"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['h', 'time: invalid duration "h"'],
    ['.s', 'time: invalid duration ".s"'],
    ['1h 30m', 'time: unknown unit "h " in duration "1h 30m"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['99999999999999999999s', 'time: invalid duration "99999999999999999999s"'],
    ['3000000h', 'time: invalid duration "3000000h"'],
    ['1é', 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ['a"b', 'time: invalid duration "a\\"b"'],
  ])('refuses %j', (text, error) => expect(parseDuration(text)).toEqual({ ok: false, error }));
});
