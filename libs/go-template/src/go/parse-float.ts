import { quote } from './quote';

export type FloatRead = { ok: true; value: number } | { ok: false; error: string };

/** Reads a float as Go does: decimal or hexadecimal, with underscores between digits, `Inf`, `NaN`. Source: Go
 *  `strconv.ParseFloat`. */
export function parseFloat64(text: string): FloatRead {
  const value = special(text) ?? decimalFloat(text) ?? hexFloat(text);
  if (value === null) return failed(text, 'invalid syntax');
  if (!Number.isFinite(value) && /\d/.test(text)) return failed(text, 'value out of range');
  return { ok: true, value };
}

function failed(text: string, why: string): FloatRead {
  return { ok: false, error: `strconv.ParseFloat: parsing ${quote(text)}: ${why}` };
}

function special(text: string): number | null {
  if (/^nan$/i.test(text)) return NaN;
  if (!/^[-+]?inf(?:inity)?$/i.test(text)) return null;
  return text.startsWith('-') ? -Infinity : Infinity;
}

function decimalFloat(text: string): number | null {
  if (!/^[-+]?[0-9._]+(?:[eE][-+]?[0-9][0-9_]*)?$/.test(text) || !underscoresFit(text, /[0-9]/)) return null;
  const plain = text.replaceAll('_', '');
  return /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(plain) ? Number(plain) : null;
}

function hexFloat(text: string): number | null {
  const [, sign, digits = '', exponent = ''] = /^([-+]?)0[xX]([0-9a-fA-F._]+)[pP]([-+]?[0-9][0-9_]*)$/.exec(text) ?? [];
  if (sign === undefined || !underscoresFit(`0${digits}p${exponent}`, /[0-9a-fA-F]/)) return null;
  const [, whole = '', fraction = ''] = /^([^.]*)\.?([^.]*)$/.exec(digits.replaceAll('_', '')) ?? [];
  if (whole + fraction === '') return null;
  const power = Number(exponent.replaceAll('_', '')) - 4 * fraction.length;
  const size = rounded(BigInt(`0x${whole}${fraction}`), power);
  return sign === '-' ? -size : size;
}

/** Whether each stands between digits. */
function underscoresFit(text: string, digit: RegExp): boolean {
  for (let place = text.indexOf('_'); place !== -1; place = text.indexOf('_', place + 1)) {
    if (!digit.test(text.charAt(place - 1)) || !digit.test(text.charAt(place + 1))) return false;
  }
  return true;
}

/** Mantissa × 2^power as the nearest double, halves to even. */
function rounded(mantissa: bigint, power: number): number {
  if (mantissa === 0n) return 0;
  const top = mantissa.toString(2).length + power;
  if (top > 1024) return Infinity;
  if (top < -1075) return 0;
  const dropped = Math.max(top - 53, -1074) - power;
  if (dropped <= 0) return Number(mantissa) * 2 ** Math.max(power, -1022) * 2 ** Math.min(power + 1022, 0);
  const bits = BigInt(dropped);
  const rest = mantissa & ((1n << bits) - 1n);
  const half = 1n << (bits - 1n);
  const kept = mantissa >> bits;
  const raised = rest > half || (rest === half && kept % 2n === 1n) ? kept + 1n : kept;
  const last = power + dropped;
  return Number(raised) * 2 ** Math.max(last, -1022) * 2 ** Math.min(last + 1022, 0);
}
