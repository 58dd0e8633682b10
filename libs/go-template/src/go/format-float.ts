/** The conversions of `strconv.FormatFloat`; `F` is what `fmt` takes for `f`. */
export type FloatVerb = 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'b' | 'x' | 'X';

/** Writes a float as Go does; a negative precision means the fewest digits that read back as the same number.
 *  Source: Go `strconv.FormatFloat`. */
export function formatFloat(value: number, verb: FloatVerb, precision: number, bits: 32 | 64): string {
  const rounded = bits === 32 ? Math.fround(value) : value;
  if (Number.isNaN(rounded)) return 'NaN';
  const sign = rounded < 0 || Object.is(rounded, -0) ? '-' : '';
  const size = Math.abs(rounded);
  if (size === Infinity) return sign === '-' ? '-Inf' : '+Inf';
  return sign + formatSize(size, verb, precision, bits);
}

function formatSize(size: number, verb: FloatVerb, precision: number, bits: 32 | 64): string {
  switch (verb) {
    case 'b':
      return binaryForm(size, bits);
    case 'x':
      return hexForm(size, precision, bits);
    case 'X':
      return hexForm(size, precision, bits).toUpperCase();
    case 'e':
    case 'E': {
      const decimal = precision < 0 ? shortest(size, bits) : roundedDigits(size, precision + 1);
      return exponentForm(decimal, precision < 0 ? decimal.digits.length - 1 : precision, verb);
    }
    case 'f':
    case 'F': {
      if (precision < 0) {
        const decimal = shortest(size, bits);
        return pointForm(decimal, Math.max(decimal.digits.length - decimal.point, 0));
      }
      return pointForm(roundAtPoint(exactDecimal(size), precision), precision);
    }
    case 'g':
    case 'G':
      return generalForm(size, verb === 'g' ? 'e' : 'E', precision, bits);
  }
}

/** The number 0.d₁d₂… × 10^point, without zeros at either end; no digits for zero. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

const zero: Decimal = { digits: '', point: 0 };

function generalForm(size: number, letter: 'e' | 'E', precision: number, bits: 32 | 64): string {
  const isShortest = precision < 0;
  const wanted = precision === 0 ? 1 : precision;
  const decimal = isShortest ? shortest(size, bits) : roundedDigits(size, wanted);
  const count = decimal.digits.length;
  const exponent = count === 0 ? -1 : decimal.point - 1;
  // Whole numbers keep their digits up to the precision; the shortest form turns to exponents at 21 digits or 10^6.
  let limit = isShortest ? 6 : wanted;
  if (!isShortest && limit > count && count >= decimal.point) limit = count;
  if (exponent < -4 || exponent >= limit) return exponentForm(decimal, Math.max(count, 1) - 1, letter);
  return pointForm(decimal, Math.max(count - decimal.point, 0));
}

function exponentForm({ digits, point }: Decimal, precision: number, letter: string): string {
  const exponent = digits === '' ? 0 : point - 1;
  const fraction = digits.slice(1, precision + 1).padEnd(precision, '0');
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.charAt(0) || '0'}${precision > 0 ? `.${fraction}` : ''}${letter}${exponent < 0 ? '-' : '+'}${size}`;
}

function pointForm({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(Math.min(-point, precision)) + digits;
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

function shortest(size: number, bits: 32 | 64): Decimal {
  if (size === 0) return zero;
  return bits === 64 ? fromExponential(size.toExponential()) : shortestSingle(size);
}

/** Node prints the digits that read back as a double; those of a single are the first that fall between its neighbours'
 *  midpoints. */
function shortestSingle(size: number): Decimal {
  const { mantissa, exponent } = parts(size, 32);
  const isLowestOfBinade = mantissa === 1n << 23n && exponent > -149;
  const lower = (isLowestOfBinade ? 4n : 2n) * mantissa - 1n;
  const lowerExponent = exponent - (isLowestOfBinade ? 2 : 1);
  const mayTouch = mantissa % 2n === 0n;
  for (let count = 1; count < 9; count++) {
    const decimal = roundedDigits(size, count);
    const low = compare(decimal, lower, lowerExponent);
    const high = compare(decimal, 2n * mantissa + 1n, exponent - 1);
    if (mayTouch ? low >= 0 && high <= 0 : low > 0 && high < 0) return decimal;
  }
  return roundedDigits(size, 9);
}

/** Negative, 0 or positive as a decimal is below, at or above mantissa × 2^exponent. */
function compare({ digits, point }: Decimal, mantissa: bigint, exponent: number): number {
  const tens = point - digits.length;
  const left = BigInt(digits) * (tens > 0 ? 10n ** BigInt(tens) : 1n) * (exponent < 0 ? 2n ** BigInt(-exponent) : 1n);
  const right = mantissa * (exponent > 0 ? 2n ** BigInt(exponent) : 1n) * (tens < 0 ? 10n ** BigInt(-tens) : 1n);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function fromExponential(text: string): Decimal {
  const [digits = '', exponent = '0'] = text.split('e');
  return { digits: trimZeros(digits.replace('.', '')), point: Number(exponent) + 1 };
}

function roundedDigits(size: number, count: number): Decimal {
  if (size === 0) return zero;
  // Node rounds halves up where Go rounds them to even, which can only differ where the number has few digits.
  if (count <= 17) {
    const fast = size.toExponential(count - 1);
    if (!isTie(size, count)) return fromExponential(fast);
  }
  const exact = exactDecimal(size);
  return roundAtPoint(exact, count - exact.point);
}

/** Whether the exact value ends in a 5 right after so many digits; its own digits then end there, so that Node's
 *  longer form shows it. */
function isTie(size: number, count: number): boolean {
  const { digits } = fromExponential(size.toExponential(Math.min(count + 20, 100)));
  return digits.length === count + 1 && digits.endsWith('5');
}

/** Rounds to so many digits after the decimal point, halves to even. */
function roundAtPoint({ digits, point }: Decimal, places: number): Decimal {
  const kept = point + places;
  if (kept >= digits.length) return { digits, point };
  if (kept < 0) return zero;
  const head = digits.slice(0, kept);
  if (!roundsUp(digits, kept)) return normal(head, point);
  const raised = String(BigInt(head || '0') + 1n).padStart(kept, '0');
  return normal(raised, point + raised.length - kept);
}

function roundsUp(digits: string, kept: number): boolean {
  const next = digits.charAt(kept);
  if (next !== '5' || digits.length > kept + 1) return next >= '5';
  return kept > 0 && Number(digits.charAt(kept - 1)) % 2 === 1;
}

function normal(digits: string, point: number): Decimal {
  const trimmed = trimZeros(digits);
  return trimmed === '' ? zero : { digits: trimmed, point };
}

function trimZeros(digits: string): string {
  return digits.replace(/0+$/, '');
}

/** All digits of the binary value. */
function exactDecimal(size: number): Decimal {
  if (size === 0) return zero;
  const { mantissa, exponent } = parts(size, 64);
  const digits = String(exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent));
  return { digits: trimZeros(digits), point: digits.length + Math.min(exponent, 0) };
}

interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Mantissa × 2^exponent, the mantissa being as wide as the format has it. */
function parts(size: number, bits: 32 | 64): Binary {
  const view = new DataView(new ArrayBuffer(8));
  if (bits === 32) {
    view.setFloat32(0, size);
    const raw = view.getUint32(0);
    const biased = raw >>> 23;
    const fraction = BigInt(raw & 0x7f_ffff);
    return biased === 0
      ? { mantissa: fraction, exponent: -149 }
      : { mantissa: fraction | (1n << 23n), exponent: biased - 150 };
  }
  view.setFloat64(0, size);
  const raw = view.getBigUint64(0);
  const biased = Number(raw >> 52n);
  const fraction = raw & ((1n << 52n) - 1n);
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: biased - 1075 };
}

function binaryForm(size: number, bits: 32 | 64): string {
  const { mantissa, exponent } = parts(size, bits);
  return `${mantissa}p${exponent < 0 ? '' : '+'}${exponent}`;
}

function hexForm(size: number, precision: number, bits: 32 | 64): string {
  const { mantissa: raw, exponent: rawExponent } = parts(size, bits);
  let mantissa = raw;
  let exponent = rawExponent;
  if (mantissa !== 0n) {
    // One bit before the point and 60 after it: 15 hexadecimal digits.
    const shift = 61 - mantissa.toString(2).length;
    mantissa <<= BigInt(shift);
    exponent += 60 - shift;
  } else {
    exponent = 0;
  }
  if (precision >= 0 && precision < 15) {
    const dropped = BigInt(60 - 4 * precision);
    const extra = mantissa & ((1n << dropped) - 1n);
    const half = 1n << (dropped - 1n);
    mantissa >>= dropped;
    if (extra > half || (extra === half && mantissa % 2n === 1n)) mantissa += 1n;
    mantissa <<= dropped;
    if (mantissa >> 61n !== 0n) {
      mantissa >>= 1n;
      exponent += 1;
    }
  }
  const digits = (mantissa & ((1n << 60n) - 1n)).toString(16).padStart(15, '0');
  const fraction = precision < 0 ? trimZeros(digits) : digits.slice(0, precision).padEnd(precision, '0');
  const sizeOfExponent = String(Math.abs(exponent)).padStart(2, '0');
  return `0x${mantissa >> 60n}${fraction === '' ? '' : `.${fraction}`}p${exponent < 0 ? '-' : '+'}${sizeOfExponent}`;
}
