import { type Abbreviations, abbreviationsOf } from './zone-abbreviations';

/** What a zone's clocks show at an instant. */
export interface ZoneReading {
  readonly offsetSec: number;
  /** `CEST`, `+03`; '' where the offset stands for it. */
  readonly abbreviation: string;
}

/** Go's `time.Location`. */
export interface Zone {
  /** As `Location.String` has it: `UTC`, `Local`, an IANA name, or that of a fixed zone. */
  readonly name: string;
  at(epochSec: number): ZoneReading;
}

export const UTC: Zone = { name: 'UTC', at: () => utcReading };
const utcReading: ZoneReading = { offsetSec: 0, abbreviation: 'UTC' };

/** A zone that always has one offset. Source: Go `time.FixedZone`. */
export function fixedZone(name: string, offsetSec: number): Zone {
  const reading = { offsetSec, abbreviation: name };
  return { name, at: () => reading };
}

export type LoadedZone = { ok: true; zone: Zone } | { ok: false; error: string };

/** The zone of an IANA name; '' is UTC, and `Local` that of the machine. Errors read as those of Go's
 *  `time.LoadLocation`; abbreviations are those in use since 2000. */
export function loadZone(name: string): LoadedZone {
  if (name === '' || name === 'UTC') return { ok: true, zone: UTC };
  if (name === 'Local') return { ok: true, zone: LOCAL };
  if (name.includes('..') || /^[/\\]/.test(name)) return { ok: false, error: 'time: invalid location name' };
  const known = loaded.get(name);
  if (known !== undefined) return { ok: true, zone: known };
  const zone = ianaZone(name);
  if (zone === null) return { ok: false, error: `unknown time zone ${name}` };
  loaded.set(name, zone);
  return { ok: true, zone };
}

/** The zone of a machine, given its IANA name, which `Location` calls `Local`. */
export function localZone(ianaName: string): Zone {
  const zone = loadZone(ianaName);
  return zone.ok ? { name: 'Local', at: (epochSec) => zone.zone.at(epochSec) } : UTC;
}

// Only zones that exist are kept, so it stays small.
const loaded = new Map<string, Zone>();

function ianaZone(name: string): Zone | null {
  const format = offsetFormat(name);
  if (format === null) return null;
  const abbreviations = abbreviationsOf(name);
  // Intl takes names in any case, Go does not; a zone newer than the table is known to Intl as it is written.
  if (abbreviations === null && format.resolvedOptions().timeZone !== name) return null;
  return new IanaZone(name, format, abbreviations ?? new Map());
}

function offsetFormat(name: string): Intl.DateTimeFormat | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const maxDateSec = 8.64e12;
/** Since 1970 all clocks were put forward or back at full quarters of an hour. */
const bucketSec = 900;
const maxBuckets = 256;

class IanaZone implements Zone {
  private readonly known = new Map<number, ZoneReading>();

  constructor(
    readonly name: string,
    private readonly format: Intl.DateTimeFormat,
    private readonly abbreviations: Abbreviations,
  ) {}

  at(epochSec: number): ZoneReading {
    if (epochSec < 0) return this.read(epochSec);
    const bucket = Math.floor(epochSec / bucketSec);
    const known = this.known.get(bucket);
    if (known !== undefined) return known;
    const reading = this.read(epochSec);
    if (this.known.size >= maxBuckets) this.known.clear();
    this.known.set(bucket, reading);
    return reading;
  }

  private read(epochSec: number): ZoneReading {
    const inRange = Math.min(Math.max(epochSec, -maxDateSec), maxDateSec);
    const offsetSec = offsetOf(this.format.format(new Date(inRange * 1000)));
    return { offsetSec, abbreviation: this.abbreviations.get(offsetSec / 60) ?? numericAbbreviation(offsetSec) };
  }
}

/** The offset at the end of `1/31/2024, GMT-04:56:02`, in seconds. */
function offsetOf(text: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] =
    /GMT(?:([+-])(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(text) ?? [];
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

function numericAbbreviation(offsetSec: number): string {
  // Only local mean time, before there were zones, had seconds.
  if (offsetSec % 60 !== 0) return 'LMT';
  const minutes = Math.abs(offsetSec) / 60;
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = minutes % 60;
  return `${offsetSec < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${rest === 0 ? '' : two(rest)}`;
}

/** The zone of this machine, as Node was started. Source: Go `time.Local`. */
export const LOCAL: Zone = localZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);
