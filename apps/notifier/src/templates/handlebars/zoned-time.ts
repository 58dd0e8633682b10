/** What a format may hold; anything else stands for itself. */
const TOKENS = /YYYY|MM|DD|HH|mm|ss|ddd|ZZ|Z/g;

/** There are some 600 zones, but each can be spelt in many ways, and names may come from an alert. */
const MAX_KEPT = 1_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant on the clocks of an IANA zone: `YYYY MM DD HH mm ss`, `ddd` for the weekday, `Z` for the offset, `ZZ` the same with
 *  UTC by its name. Throws for a zone that there is not. */
export function formatInZone(ms: number, format: string, zone: string): string {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type as string, value]),
  );
  const values: Readonly<Record<string, string | undefined>> = {
    YYYY: parts.get('year'),
    MM: parts.get('month'),
    DD: parts.get('day'),
    HH: parts.get('hour'),
    mm: parts.get('minute'),
    ss: parts.get('second'),
    ddd: parts.get('weekday'),
    Z: offset(parts.get('timeZoneName') ?? 'GMT'),
    ZZ: zone === 'UTC' ? 'UTC' : offset(parts.get('timeZoneName') ?? 'GMT'),
  };
  return format.replace(TOKENS, (token) => values[token] ?? token);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat;
  try {
    made = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      weekday: 'short',
      timeZoneName: 'longOffset',
    });
  } catch {
    throw new Error(`unknown time zone ${JSON.stringify(zone)}`);
  }
  if (formats.size >= MAX_KEPT) formats.clear();
  formats.set(zone, made);
  return made;
}

/** `GMT+02:00` as `+02:00`. */
function offset(name: string): string {
  return name.slice('GMT'.length) || '+00:00';
}
