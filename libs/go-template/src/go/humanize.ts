import { type Instant, instantOfMs } from './instant';
import { floatToInt64 } from './duration';
import { formatFloat } from './format-float';
import { timeString } from './format-time';

/** Four significant digits and a prefix of the decimal system: `1.235M`, `120m`. Source: Prometheus' template `humanize`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value);
  return Math.abs(value) >= 1 ? scaledDown(value, 1000, largePrefixes) : scaledUp(value, '');
}

/** Four significant digits and a prefix of the binary system: `1Mi`. Source: Prometheus' template `humanize1024`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return fourDigits(value);
  return scaledDown(value, 1024, binaryPrefixes);
}

/** A ratio in per cent: `95.9%`. Source: Prometheus' template `humanizePercentage`. */
export function humanizePercentage(value: number): string {
  return `${fourDigits(value * 100)}%`;
}

/** Seconds as `1d 2h 3m 4s`, below a minute with four significant digits. Source: prometheus/common `HumanizeDuration`. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return fourDigits(seconds);
  if (seconds === 0) return `${fourDigits(seconds)}s`;
  if (Math.abs(seconds) < 1) return scaledUp(seconds, 's');
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  // Go's whole seconds have 64 bits, and what does not fit is the smallest of them.
  const whole = floatToInt64(size);
  const rest = `${whole % 60n}s`;
  const minutes = (whole / 60n) % 60n;
  const hours = (whole / 3600n) % 24n;
  const days = whole / 86_400n;
  if (days !== 0n) return `${sign}${days}d ${hours}h ${minutes}m ${rest}`;
  if (hours !== 0n) return `${sign}${hours}h ${minutes}m ${rest}`;
  return minutes !== 0n ? `${sign}${minutes}m ${rest}` : `${sign}${fourDigits(size)}s`;
}

export type HumanizeResult = { ok: true; text: string } | { ok: false; error: string };

/** Seconds since 1970 as `2015-06-23 13:19:44.128 +0000 UTC`. Source: prometheus/common `HumanizeTimestamp`. */
export function humanizeTimestamp(seconds: number): HumanizeResult {
  if (!Number.isFinite(seconds)) return { ok: true, text: fourDigits(seconds) };
  const read = instantOfSeconds(seconds);
  return read.ok ? { ok: true, text: timeString(read.instant) } : read;
}

export type InstantResult = { ok: true; instant: Instant } | { ok: false; error: string };

/** Seconds since 1970 as an instant of whole ms, rounded towards 1970. Source: prometheus/common `FloatToTime`. */
export function instantOfSeconds(seconds: number): InstantResult {
  if (!Number.isFinite(seconds)) return { ok: false, error: 'value is NaN or Inf' };
  const ns = seconds * 1e9;
  if (Math.abs(ns) > 2 ** 63) {
    const value = formatFloat(seconds, 'g', -1, 64);
    return {
      ok: false,
      error: `${value} cannot be represented as a nanoseconds timestamp since it overflows int64`,
    };
  }
  return { ok: true, instant: instantOfMs(Number(floatToInt64(ns) / 1_000_000n)) };
}

const largePrefixes = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const binaryPrefixes = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];
const smallPrefixes = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

function fourDigits(value: number): string {
  return formatFloat(value, 'g', 4, 64);
}

function scaledDown(value: number, step: number, prefixes: readonly string[]): string {
  let prefix = '';
  let scaled = value;
  for (const next of prefixes) {
    if (Math.abs(scaled) < step) break;
    prefix = next;
    scaled /= step;
  }
  return fourDigits(scaled) + prefix;
}

function scaledUp(value: number, unit: string): string {
  let prefix = '';
  let scaled = value;
  for (const next of smallPrefixes) {
    if (Math.abs(scaled) >= 1) break;
    prefix = next;
    scaled *= 1000;
  }
  return fourDigits(scaled) + prefix + unit;
}
