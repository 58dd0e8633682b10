/** A float as Go's `%v` prints it: fewest digits, exponent form below 1e-4 and from 1e+06. */
export function goFloatText(value: number): string {
  if (!Number.isFinite(value)) return specialText(value);
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  // JavaScript prints the same digits between these bounds; rounding cannot cross them, since both are exact here.
  return size >= 1e-4 && size < 1e6 ? String(value) : goExponentText(value);
}

/** A float in exponent form with fewest digits, at least two of them in the exponent: `1e+00`, `1.5e+01`. */
export function goExponentText(value: number): string {
  if (!Number.isFinite(value)) return specialText(value);
  const text = Object.is(value, -0) ? '-0e+0' : value.toExponential();
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function specialText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
