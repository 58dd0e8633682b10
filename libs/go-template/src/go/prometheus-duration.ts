import { type DurationRead, HOUR, MILLISECOND, MINUTE, SECOND } from './duration';
import { quote } from './quote';

/** Largest first, which is their only order. */
const units = [
  { name: 'y', ns: 365n * 24n * HOUR },
  { name: 'w', ns: 7n * 24n * HOUR },
  { name: 'd', ns: 24n * HOUR },
  { name: 'h', ns: HOUR },
  { name: 'm', ns: MINUTE },
  { name: 's', ns: SECOND },
  { name: 'ms', ns: MILLISECOND },
] as const;

/** Reads `1d12h`, with a minus in front if need be. Source: Prometheus `model.ParseDurationAllowNegative`. */
export function parsePrometheusDuration(text: string): DurationRead {
  if (!text.startsWith('-')) return parseUnsigned(text);
  const read = parseUnsigned(text.slice(1));
  return read.ok ? { ok: true, ns: -read.ns } : read;
}

function parseUnsigned(text: string): DurationRead {
  if (text === '0') return { ok: true, ns: 0n };
  if (text === '') return { ok: false, error: 'empty duration string' };
  const invalid = { ok: false, error: `not a valid duration string: ${quote(text)}` } as const;
  const outOfRange = { ok: false, error: 'duration out of range' } as const;
  let total = 0n;
  let lastUnit = -1;
  for (let rest = text; rest !== '';) {
    const [term, digits = '', name = ''] = /^([0-9]+)([^0-9]+)/.exec(rest) ?? [];
    if (term === undefined || digits.replace(/^0+/, '').length > 20 || BigInt(digits) >= 2n ** 64n) return invalid;
    const place = units.findIndex((unit) => unit.name === name);
    const unit = units[place];
    if (unit === undefined) return { ok: false, error: `unknown unit ${quote(name)} in duration ${quote(text)}` };
    if (place <= lastUnit) return invalid;
    lastUnit = place;
    const count = BigInt(digits);
    if (count > 2n ** 63n / unit.ns) return outOfRange;
    total += count * unit.ns;
    if (total >= 2n ** 63n) return outOfRange;
    rest = rest.slice(term.length);
  }
  return { ok: true, ns: total };
}
