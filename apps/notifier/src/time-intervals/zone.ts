/** What a clock and a calendar on the wall of a zone show. */
export interface LocalTime {
  readonly year: number;
  /** 1 … 12. */
  readonly month: number;
  readonly day: number;
  /** Since midnight. */
  readonly minute: number;
}

/** Zones without a slash that the IANA database has. The platform knows more of them, some with another meaning than
 *  people expect (`BST` is Bangladesh's there), which Alertmanager refuses. */
const plainZones: ReadonlySet<string> = new Set(
  (
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran ' +
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK ' +
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu'
  ).split(' '),
);

const areas =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)(?:\/[A-Z][\w+-]*)+$/;

/** Whether it names a zone of the IANA database, or is `Local`: that of this machine. */
export function isZone(name: string): boolean {
  if (name === 'Local' || plainZones.has(name)) return true;
  if (!areas.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const minuteMs = 60_000;

interface WallClock {
  readonly format: Intl.DateTimeFormat;
  /** Answer to the last question: groups that are due together ask for the same minute. */
  last: { readonly minuteMs: number; readonly time: LocalTime };
}

const clocks = new Map<string, WallClock>();

/** The time in a zone, to the minute; every offset in use is of whole minutes. */
export function localTime(nowMs: number, zone: string): LocalTime {
  const startMs = Math.floor(nowMs / minuteMs) * minuteMs;
  if (zone === 'UTC') return utcTime(startMs);
  let clock = clocks.get(zone);
  if (clock?.last.minuteMs === startMs) return clock.last.time;
  const format = clock?.format ?? formatOf(zone);
  clock = { format, last: { minuteMs: startMs, time: read(format, startMs) } };
  clocks.set(zone, clock);
  return clock.last.time;
}

function utcTime(ms: number): LocalTime {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    minute: date.getUTCHours() * 60 + date.getUTCMinutes(),
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    ...(zone !== 'Local' && { timeZone: zone }),
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
}

function read(format: Intl.DateTimeFormat, ms: number): LocalTime {
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), minute: part('hour') * 60 + part('minute') };
}

/** 28 … 31. */
export function daysInMonth({ year, month }: Pick<LocalTime, 'year' | 'month'>): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 0 is Sunday. */
export function weekdayOf({ year, month, day }: LocalTime): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}
