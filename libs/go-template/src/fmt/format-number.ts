import { type FloatVerb, formatFloat } from '../go/format-float';
import { quoteRune, quoteRuneToAscii } from '../go/quote';
import { pad, padPlain, type Spec } from './spec';

/** Digits of an integer in base 2, 8, 10 or 16 with sign, prefix, precision and width. */
export function formatInteger(value: bigint, base: 2 | 8 | 10 | 16, spec: Spec, letter = ''): string {
  const isNegative = value < 0n;
  const sign = isNegative ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  const { precision, width } = spec;
  if (precision === 0 && value === 0n) return ' '.repeat(width ?? 0);
  const isZeroPadded = spec.zero && !spec.minus && width !== null;
  const least = precision ?? (isZeroPadded ? width - sign.length : 0);
  let digits = (isNegative ? -value : value).toString(base).padStart(least, '0');
  if (letter === 'X') digits = digits.toUpperCase();
  if (spec.sharp) digits = integerPrefix(base, letter, digits) + digits;
  if (letter === 'O') digits = `0o${digits}`;
  return padPlain(sign + digits, spec);
}

function integerPrefix(base: number, letter: string, digits: string): string {
  if (base === 2) return '0b';
  if (base === 8) return digits.startsWith('0') ? '' : '0';
  return base === 16 ? (letter === 'X' ? '0X' : '0x') : '';
}

/** `U+0041`, with `#` also the character. */
export function formatUnicode(bits: bigint, spec: Spec): string {
  const digits = bits
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(spec.precision ?? 4, 4), '0');
  const code = Number(bits);
  const quoted = spec.sharp && bits <= 0x10ffffn ? quoteRune(code) : '';
  const isPrinted =
    quoted !== '' && (!quoted.startsWith("'\\") || code === 0x27 || code === 0x5c) && !isSurrogate(code);
  return padPlain(`U+${digits}${isPrinted ? ` '${String.fromCodePoint(code)}'` : ''}`, spec);
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** The character of a code point. */
export function formatChar(bits: bigint, spec: Spec): string {
  const code = bits > 0x10ffffn ? 0xfffd : Number(bits);
  return pad(isSurrogate(code) ? '\ufffd' : String.fromCodePoint(code), spec);
}

/** The character of a code point between single quotes. */
export function formatQuotedChar(bits: bigint, spec: Spec): string {
  const code = bits > 0x10ffffn ? 0xfffd : Number(bits);
  return pad(spec.plus ? quoteRuneToAscii(code) : quoteRune(code), spec);
}

/** A float; the precision given is that of the verb and gives way to that of the spec. */
export function formatFloatVerb(value: number, bits: 32 | 64, verb: FloatVerb, usual: number, spec: Spec): string {
  const precision = spec.precision ?? usual;
  const text = formatFloat(value, verb, precision, bits);
  const body = text.replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? '-' : spec.plus ? '+' : spec.space ? ' ' : '';
  if (body === 'Inf') return padPlain((sign || '+') + body, spec);
  if (body === 'NaN') return padPlain(sign + body, spec);
  const digits = spec.sharp && verb !== 'b' ? keepZeros(body, verb, precision) : body;
  // Zeros go between the sign and the digits.
  if (sign !== '' && spec.zero && !spec.minus && spec.width !== null) {
    return sign + digits.padStart(spec.width - 1, '0');
  }
  return pad(sign + digits, spec);
}

/** With `#` there is always a decimal point, and `%g` keeps its trailing zeros. */
function keepZeros(body: string, verb: FloatVerb, precision: number): string {
  const isHex = verb === 'x' || verb === 'X';
  const [, number = '', tail = ''] = (isHex ? /^([^pP]*)(.*)$/ : /^([^eEpP]*)(.*)$/).exec(body) ?? [];
  const wanted = verb === 'g' || verb === 'G' || verb === 'x' ? (precision === -1 ? 6 : precision) : 0;
  const significant = number.replace('.', '').replace(/^0+/, '').length;
  const hasPoint = number.includes('.');
  const zeros = wanted - significant - (!hasPoint && number === '0' ? 1 : 0);
  return `${number}${hasPoint ? '' : '.'}${'0'.repeat(Math.max(zeros, 0))}${tail}`;
}
