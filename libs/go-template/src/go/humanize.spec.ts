import { describe, expect, it } from 'vitest';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
  instantOfSeconds,
} from './humanize';

// Printed by Prometheus' template functions.
describe('humanize and its kin', () => {
  it.each([
    [0, '0', '0', '0%'],
    [-0, '-0', '-0', '-0%'],
    [1, '1', '1', '100%'],
    [1.234567e6, '1.235M', '1.177Mi', '1.235e+08%'],
    [0.12, '120m', '0.12', '12%'],
    [1.048576e6, '1.049M', '1Mi', '1.049e+08%'],
    [999.9999, '1000', '1000', '1e+05%'],
    [1000, '1k', '1000', '1e+05%'],
    [-1234, '-1.234k', '-1.205ki', '-1.234e+05%'],
    [1e-30, '1e-06y', '1e-30', '1e-28%'],
    [1e30, '1e+06Y', '8.272e+05Yi', '1e+32%'],
    [NaN, 'NaN', 'NaN', 'NaN%'],
    [Infinity, '+Inf', '+Inf', '+Inf%'],
    [0.00012345, '123.4u', '0.0001234', '0.01234%'],
  ])('%d', (value, decimal, binary, percentage) => {
    expect(humanize(value)).toBe(decimal);
    expect(humanize1024(value)).toBe(binary);
    expect(humanizePercentage(value)).toBe(percentage);
  });
});

describe('humanizeDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1s'],
    [60, '1m 0s'],
    [3600, '1h 0m 0s'],
    [86400, '1d 0h 0m 0s'],
    [899.99, '14m 59s'],
    [-183845, '-2d 3h 4m 5s'],
    [0.1, '100ms'],
    [0.0001, '100us'],
    [0.12345, '123.5ms'],
    [1.2345, '1.234s'],
    [12.345, '12.35s'],
    [59.99999, '60s'],
    [60.5, '1m 0s'],
    [-0.5, '-500ms'],
    [1e-30, '1e-06ys'],
    [1e300, '-106751991167300d -15h -30m -8s'],
    [NaN, 'NaN'],
    [-Infinity, '-Inf'],
  ])('%d', (seconds, text) => expect(humanizeDuration(seconds)).toBe(text));
});

describe('humanizeTimestamp', () => {
  it.each([
    [0, '1970-01-01 00:00:00 +0000 UTC'],
    [-1, '1969-12-31 23:59:59 +0000 UTC'],
    [1.435065584128e9, '2015-06-23 13:19:44.128 +0000 UTC'],
    [1.643114203e9, '2022-01-25 12:36:43 +0000 UTC'],
    [1.6431142031239e9, '2022-01-25 12:36:43.123 +0000 UTC'],
    [-0.0015, '1969-12-31 23:59:59.999 +0000 UTC'],
    [9.223372036e9, '2262-04-11 23:47:16 +0000 UTC'],
    [NaN, 'NaN'],
    [Infinity, '+Inf'],
  ])('%d', (seconds, text) => expect(humanizeTimestamp(seconds)).toEqual({ ok: true, text }));

  it('refuses what has no ns in 64 bits', () => {
    const error = '1e+10 cannot be represented as a nanoseconds timestamp since it overflows int64';
    expect(humanizeTimestamp(1e10)).toEqual({ ok: false, error });
    expect(instantOfSeconds(NaN)).toEqual({ ok: false, error: 'value is NaN or Inf' });
  });
});
