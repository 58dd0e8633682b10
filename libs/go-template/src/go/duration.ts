import { timeQuote } from './time-quote';

/** Nanoseconds of Go's `time` constants. */
export const NANOSECOND = 1n;
export const MICROSECOND = 1_000n;
export const MILLISECOND = 1_000_000n;
export const SECOND = 1_000_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;

const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);

/** Writes nanoseconds as `1h30m0s`, `1.5s`, `2µs`. Source: Go `time.Duration.String`. */
export function formatDuration(ns: bigint): string {
  if (ns === 0n) return '0s';
  const sign = ns < 0n ? '-' : '';
  const size = ns < 0n ? -ns : ns;
  if (size < MICROSECOND) return `${sign}${size}ns`;
  if (size < MILLISECOND) return `${sign}${withFraction(size, 3)}µs`;
  if (size < SECOND) return `${sign}${withFraction(size, 6)}ms`;
  const seconds = `${withFraction(size % MINUTE, 9)}s`;
  if (size < MINUTE) return sign + seconds;
  const minutes = `${(size / MINUTE) % 60n}m${seconds}`;
  return size < HOUR ? sign + minutes : `${sign}${size / HOUR}h${minutes}`;
}

function withFraction(size: bigint, places: number): string {
  const digits = String(size).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}

/** How many of a unit a duration is, with the fraction. Source: Go `time.Duration.Hours` and its kin. */
export function inUnits(ns: bigint, unitNs: bigint): number {
  return Number(ns / unitNs) + Number(ns % unitNs) / Number(unitNs);
}

/** Rounds towards zero to a multiple. Source: Go `time.Duration.Truncate`. */
export function truncateDuration(ns: bigint, multipleNs: bigint): bigint {
  return multipleNs <= 0n ? ns : ns - (ns % multipleNs);
}

/** Rounds to the nearest multiple, halves away from zero; the largest duration where that is beyond. Source: Go
 *  `time.Duration.Round`. */
export function roundDuration(ns: bigint, multipleNs: bigint): bigint {
  if (multipleNs <= 0n) return ns;
  const size = ns < 0n ? -ns : ns;
  const rest = size % multipleNs;
  const rounded = rest + rest < multipleNs ? size - rest : size - rest + multipleNs;
  return clampDuration(ns < 0n ? -rounded : rounded);
}

/** Without its sign; the largest duration for the smallest. Source: Go `time.Duration.Abs`. */
export function absDuration(ns: bigint): bigint {
  return clampDuration(ns < 0n ? -ns : ns);
}

/** The nearest number that 64 bits can hold. */
export function clampDuration(ns: bigint): bigint {
  return ns > maxInt64 ? maxInt64 : ns < minInt64 ? minInt64 : ns;
}

/** The whole part of a float as Go's conversion to `int64` has it on amd64, where all that does not fit is the smallest. */
export function floatToInt64(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : minInt64;
}

export type DurationRead = { ok: true; ns: bigint } | { ok: false; error: string };

const unitsNs: ReadonlyMap<string, bigint> = new Map([
  ['ns', NANOSECOND],
  ['us', MICROSECOND],
  ['µs', MICROSECOND],
  ['μs', MICROSECOND],
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
]);

/** Reads `1h30m`, `-1.5s`. Source: Go `time.ParseDuration`. */
export function parseDuration(text: string): DurationRead {
  const invalid = { ok: false, error: `time: invalid duration ${timeQuote(text)}` } as const;
  const isNegative = text.startsWith('-');
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return { ok: true, ns: 0n };
  if (unsigned === '') return invalid;
  let total = 0n;
  for (let rest = unsigned; rest !== '';) {
    const [term = '', whole = '', fraction = '', unit = ''] = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest) ?? [];
    if (whole + fraction === '' || whole.replace(/^0+/, '').length > 19) return invalid;
    if (unit === '') return { ok: false, error: `time: missing unit in duration ${timeQuote(text)}` };
    const unitNs = unitsNs.get(unit);
    if (unitNs === undefined) {
      return { ok: false, error: `time: unknown unit ${timeQuote(unit)} in duration ${timeQuote(text)}` };
    }
    total += BigInt(whole) * unitNs + fractionNs(fraction, unitNs);
    if (total > 2n ** 63n) return invalid;
    rest = rest.slice(term.length);
  }
  if (isNegative) return { ok: true, ns: -total };
  return total > maxInt64 ? invalid : { ok: true, ns: total };
}

/** Go computes fractions in floats, and leaves out digits that no longer fit 63 bits. */
function fractionNs(digits: string, unitNs: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (next > 2n ** 63n) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unitNs) / scale)));
}
