// Numbers as Go's templates read them. Source: Go `text/template/parse`, `strconv`.
import { quote, unquoteRune } from './go/quote';

/** A number under each kind that can hold it; null under those that cannot. */
export interface ParsedNumber {
  readonly int: bigint | null;
  readonly uint: bigint | null;
  readonly float: number | null;
}

/** A number, or what is wrong with it. */
export type NumberResult = { ok: true; number: ParsedNumber } | { ok: false; message: string };

const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;

/** Reads a number in any of Go's forms. */
export function parseNumber(text: string): NumberResult {
  if (/i$/.test(text)) return wrong(`complex numbers are not supported: ${quote(text)}`);
  const whole = parseInteger(text);
  if (whole !== null) {
    const isSigned = /^[-+]/.test(text);
    const int = whole <= MAX_INT && whole >= -MAX_INT - 1n ? whole : null;
    // strconv.ParseUint takes no sign; a zero with one is let through.
    const uint = whole >= 0n && whole <= MAX_UINT && (!isSigned || whole === 0n) ? whole : null;
    if (int !== null || uint !== null) return { ok: true, number: { int, uint, float: Number(int ?? uint) } };
  }
  const float = parseFloat64(text);
  if (float === null) return wrong(`illegal number syntax: ${quote(text)}`);
  if (!/[.eEpP]/.test(text)) return wrong(`integer overflow: ${quote(text)}`);
  const exact = Number.isInteger(float) ? BigInt(float) : null;
  const int = exact !== null && exact <= MAX_INT && exact >= -MAX_INT - 1n ? exact : null;
  const uint = exact !== null && exact >= 0n && exact <= MAX_UINT ? exact : null;
  return { ok: true, number: { int, uint, float } };
}

/** Reads a character between single quotes, which is a number, too. */
export function parseCharConstant(text: string): NumberResult {
  const code = unquoteRune(text);
  if (code !== null) return { ok: true, number: { int: BigInt(code), uint: BigInt(code), float: code } };
  const first = firstChar.exec(text)?.[1];
  const isLonger = first !== undefined && unquoteRune(`'${first}'`) !== null;
  return wrong(isLonger ? `malformed character constant: ${text}` : 'invalid syntax');
}

const firstChar = /^'(\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|[^xuU0-7])|[^'\\])/u;

function wrong(message: string): NumberResult {
  return { ok: false, message };
}

/** strconv.ParseInt in base 0, of any size. */
function parseInteger(text: string): bigint | null {
  if (!underscoresAreGood(text)) return null;
  const [, sign, body = ''] = /^([-+]?)(.*)$/s.exec(text.replaceAll('_', '')) ?? [];
  const digits = /^0[0-7]+$/.test(body) ? `0o${body.slice(1)}` : body.toLowerCase();
  if (!/^(?:0|[1-9][0-9]*|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/.test(digits)) return null;
  // What is longer fits no integer, and a number this long is not worth reading.
  if (digits.length > 100) return MAX_UINT + 1n;
  return sign === '-' ? -BigInt(digits) : BigInt(digits);
}

/** strconv.ParseFloat; null also where the number is too large. */
function parseFloat64(text: string): number | null {
  if (text.includes('_') && !underscoresAreGood(text)) return null;
  const plain = text.replaceAll('_', '');
  const hex = /^([-+]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([-+]?[0-9]+)$/i.exec(plain);
  const isHex = hex !== null && `${hex[2]}${hex[3]}` !== '';
  const isDecimal = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(plain);
  if (!isHex && !isDecimal) return null;
  const value = isHex ? hexFloat(hex) : Number(plain);
  return Number.isFinite(value) ? value : null;
}

function hexFloat([, sign, whole = '', fraction = '', exponent = '']: RegExpExecArray): number {
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const power = Number(exponent) - 4 * fraction.length;
  if (mantissa === 0n) return sign === '-' ? -0 : 0;
  const bits = mantissa.toString(2).length;
  // Kept bits: 53, fewer where the result is below the smallest normal number. Rounded halves to even.
  const kept = Math.min(53, bits + power + 1074);
  if (kept < 0) return sign === '-' ? -0 : 0;
  if (bits + power > 1024) return Infinity;
  const drop = BigInt(Math.max(bits - kept, 0));
  const half = drop > 0n ? 1n << (drop - 1n) : 0n;
  const rest = mantissa & ((1n << drop) - 1n);
  let top = mantissa >> drop;
  if (drop > 0n && (rest > half || (rest === half && top % 2n === 1n))) top += 1n;
  const scaled = scale(Number(top), power + Number(drop));
  return sign === '-' ? -scaled : scaled;
}

function scale(value: number, power: number): number {
  if (power > 1000) return value * 2 ** 1000 * 2 ** (power - 1000);
  return power < -1000 ? value * 2 ** -100 * 2 ** (power + 100) : value * 2 ** power;
}

/** Underscores stand between digits, or between a base prefix and a digit. Source: Go `strconv`. */
function underscoresAreGood(text: string): boolean {
  if (!text.includes('_')) return true;
  const body = text.replace(/^[-+]/, '');
  const hasPrefix = /^0[bxo]/i.test(body);
  const isHex = /^0x/i.test(body);
  const digits = hasPrefix ? body.slice(2) : body;
  const digit = isHex ? /[0-9a-f]/i : /[0-9]/;
  for (let place = digits.indexOf('_'); place >= 0; place = digits.indexOf('_', place + 1)) {
    const isAfterDigit = place === 0 ? hasPrefix : digit.test(digits.charAt(place - 1));
    if (!isAfterDigit || !digit.test(digits.charAt(place + 1))) return false;
  }
  return true;
}
