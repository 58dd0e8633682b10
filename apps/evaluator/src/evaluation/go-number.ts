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
