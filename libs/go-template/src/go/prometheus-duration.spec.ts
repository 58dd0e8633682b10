import { describe, expect, it } from 'vitest';
import { HOUR, MILLISECOND, SECOND } from './duration';
import { parsePrometheusDuration } from './prometheus-duration';

// Read by Prometheus' model.ParseDurationAllowNegative.
describe('parsePrometheusDuration', () => {
  it.each<[string, bigint]>([
    ['0', 0n],
    ['2h10m15s', 7815n * SECOND],
    ['1y2w3d', (365n + 14n + 3n) * 24n * HOUR],
    ['5ms', 5n * MILLISECOND],
    ['-1h', -HOUR],
    ['-0', 0n],
  ])('reads %j', (text, ns) => expect(parsePrometheusDuration(text)).toEqual({ ok: true, ns }));

  it.each([
    ['', 'empty duration string'],
    ['-', 'empty duration string'],
    ['1', 'not a valid duration string: "1"'],
    ['1.5h', 'unknown unit "." in duration "1.5h"'],
    ['1m1h', 'not a valid duration string: "1m1h"'],
    ['1h1h', 'not a valid duration string: "1h1h"'],
    ['h', 'not a valid duration string: "h"'],
    ['--1h', 'not a valid duration string: "-1h"'],
    ['1µs', 'unknown unit "µs" in duration "1µs"'],
    ['300y', 'duration out of range'],
    ['292y200d', 'duration out of range'],
    ['99999999999999999999999h', 'not a valid duration string: "99999999999999999999999h"'],
  ])('refuses %j', (text, error) => expect(parsePrometheusDuration(text)).toEqual({ ok: false, error }));
});
