import { expect, it } from 'vitest';
import { goExponentText } from './go-number';

it.each([
  [1, '1e+00'],
  [0.95, '9.5e-01'],
  [15, '1.5e+01'],
  [100_000, '1e+05'],
  [999_999.5, '9.999995e+05'],
  [1_000_000, '1e+06'],
  [1_234_567.8, '1.2345678e+06'],
  [1_353_755_652, '1.353755652e+09'],
  [0.0001, '1e-04'],
  [0.00001, '1e-05'],
  [-2.5, '-2.5e+00'],
  [1e100, '1e+100'],
  [0, '0e+00'],
  [-0, '-0e+00'],
  [Number.NaN, 'NaN'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
])('prints %s as Go does, with an exponent: %s', (value, exponent) => {
  expect(goExponentText(value)).toBe(exponent);
});
