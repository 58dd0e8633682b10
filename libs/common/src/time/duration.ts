import { goQuote } from '../labels/go-quote';

export type ParsedDuration = { ok: true; ms: number } | { ok: false; error: string };

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Units of configuration durations, largest first; `exact` ones are printed only when nothing remains. */
const units = [
  { name: 'y', ms: 365 * dayMs, exact: true },
  { name: 'w', ms: 7 * dayMs, exact: true },
  { name: 'd', ms: dayMs, exact: false },
  { name: 'h', ms: hourMs, exact: false },
  { name: 'm', ms: minuteMs, exact: false },
  { name: 's', ms: secondMs, exact: false },
  { name: 'ms', ms: 1, exact: false },
] as const;

const maxInt64 = 2n ** 63n - 1n;
const maxUint64 = 2n ** 64n - 1n;

/** Reads a configuration duration such as `1h30m`. Source: Prometheus `model.ParseDuration`. */
export function parseDuration(text: string): ParsedDuration {
  if (text === '') return { ok: false, error: 'empty duration string' };
  if (text === '0') return { ok: true, ms: 0 };
  const invalid = { ok: false, error: `not a valid duration string: ${goQuote(text)}` } as const;
  let totalMs = 0n;
  let lastUnit = -1;
  for (let rest = text; rest !== '';) {
    const [term, digits = '', name = ''] = /^([0-9]+)([^0-9]+)/.exec(rest) ?? [];
    if (term === undefined || BigInt(digits) > maxUint64) return invalid;
    const unit = units.findIndex((candidate) => candidate.name === name);
    if (unit === -1) return { ok: false, error: `unknown unit ${goQuote(name)} in duration ${goQuote(text)}` };
    if (unit <= lastUnit) return invalid;
    lastUnit = unit;
    totalMs += BigInt(digits) * BigInt(units[unit]!.ms);
    if (totalMs > maxInt64 / nsPerMs) return { ok: false, error: 'duration out of range' };
    rest = rest.slice(term.length);
  }
  return { ok: true, ms: Number(totalMs) };
}

/** Writes a configuration duration: `1m30s`, `1w`, `0s`. Source: Prometheus `model.Duration.String`. */
export function formatDuration(ms: number): string {
  let text = '';
  let rest = ms;
  for (const unit of units) {
    if (unit.exact && rest % unit.ms !== 0) continue;
    const count = Math.floor(rest / unit.ms);
    if (count > 0) text += `${count}${unit.name}`;
    rest -= count * unit.ms;
  }
  return text || '0s';
}

const nsPerMs = 1_000_000n;

const goUnitNs: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', nsPerMs],
  ['s', 1_000n * nsPerMs],
  ['m', 60_000n * nsPerMs],
  ['h', 3_600_000n * nsPerMs],
]);

/** Reads a Go duration such as `1.5h` or `-500ms`, rounded away from zero to whole ms so that a tiny time-out does not
 *  turn into none. Source: Go `time.ParseDuration`. */
export function parseGoDuration(text: string): ParsedDuration {
  const invalid = { ok: false, error: `time: invalid duration ${goQuote(text)}` } as const;
  const negative = text.startsWith('-');
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return { ok: true, ms: 0 };
  if (unsigned === '') return invalid;
  let totalNs = 0n;
  for (let rest = unsigned; rest !== '';) {
    const [term, whole = '', fraction = '', unit = ''] = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/.exec(rest) ?? [];
    if (term === undefined || whole + fraction === '') return invalid;
    if (unit === '') return { ok: false, error: `time: missing unit in duration ${goQuote(text)}` };
    const unitNs = goUnitNs.get(unit);
    if (unitNs === undefined) {
      return { ok: false, error: `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` };
    }
    totalNs += BigInt(whole) * unitNs + (BigInt(fraction) * unitNs) / 10n ** BigInt(fraction.length);
    if (totalNs > maxInt64) return invalid;
    rest = rest.slice(term.length);
  }
  const ms = Number((totalNs + nsPerMs - 1n) / nsPerMs);
  return { ok: true, ms: negative && ms > 0 ? -ms : ms };
}

/** Writes whole ms as Go prints a duration: `1h0m0s`, `1.5s`, `500ms`, `0s`. Source: Go `time.Duration.String`. */
export function formatGoDuration(ms: number): string {
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size === 0) return '0s';
  if (size < secondMs) return `${sign}${size}ms`;
  const hours = Math.floor(size / hourMs);
  const minutes = Math.floor((size % hourMs) / minuteMs);
  const seconds = `${(size % minuteMs) / secondMs}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : sign + seconds;
}
