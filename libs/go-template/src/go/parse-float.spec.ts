import { describe, expect, it } from 'vitest';
import { parseFloat64 } from './parse-float';

// Read by Go's strconv.ParseFloat.
describe('parseFloat64', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['1.5', 1.5],
    ['+1.5e3', 1500],
    ['.5', 0.5],
    ['5.', 5],
    ['1_000.5', 1000.5],
    ['0x1p-2', 0.25],
    ['0x1.8p1', 3],
    ['0x_1p0', 1],
    ['1e-400', 0],
    ['Inf', Infinity],
    ['-infinity', -Infinity],
    ['+INF', Infinity],
    ['nan', NaN],
    ['0x1.fffffffffffff8p-1022', 4.450147717014403e-308],
    ['0x0.8p-1074', 0],
    ['123456789012345678901234567890', 1.2345678901234568e29],
  ])('reads %j', (text, value) => expect(parseFloat64(text)).toEqual({ ok: true, value }));

  it.each([
    ['', 'strconv.ParseFloat: parsing "": invalid syntax'],
    [' 1', 'strconv.ParseFloat: parsing " 1": invalid syntax'],
    ['1x', 'strconv.ParseFloat: parsing "1x": invalid syntax'],
    ['1e', 'strconv.ParseFloat: parsing "1e": invalid syntax'],
    ['0x1', 'strconv.ParseFloat: parsing "0x1": invalid syntax'],
    ['1__0', 'strconv.ParseFloat: parsing "1__0": invalid syntax'],
    ['_1', 'strconv.ParseFloat: parsing "_1": invalid syntax'],
    ['1_', 'strconv.ParseFloat: parsing "1_": invalid syntax'],
    ['+nan', 'strconv.ParseFloat: parsing "+nan": invalid syntax'],
    ['.', 'strconv.ParseFloat: parsing ".": invalid syntax'],
    ['1e400', 'strconv.ParseFloat: parsing "1e400": value out of range'],
    ['-0x1p1024', 'strconv.ParseFloat: parsing "-0x1p1024": value out of range'],
    ['0b1', 'strconv.ParseFloat: parsing "0b1": invalid syntax'],
    ['é', 'strconv.ParseFloat: parsing "é": invalid syntax'],
  ])('refuses %j', (text, error) => expect(parseFloat64(text)).toEqual({ ok: false, error }));
});
