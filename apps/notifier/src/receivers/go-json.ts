import { compareBytes, type Labels, sortedNames } from '@tocsin/common/labels/label-set';

/** Turns JSON as JavaScript writes it into what Go's encoder writes: more is escaped, and halves of surrogate pairs,
 *  which Go cannot hold, become the replacement character. */
export function asGoJson(json: string): string {
  const escaped = special.test(json) ? json.replace(specials, escapeChar) : json;
  if (!escaped.includes('\\ud')) return escaped;
  return escaped.replace(escapes, (escape, half: string | undefined) => (half === undefined ? escape : '\ufffd'));
}

const special = /[<>&\u2028\u2029]/;
const specials = /[<>&\u2028\u2029]/g;
/** Each escape by itself, so that an escaped backslash before `ud800` is not taken for half a pair. */
const escapes = /\\(?:u(d[89a-f][0-9a-f]{2})|.)/g;

function escapeChar(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** JSON of labels or annotations with the names in byte order, as Go's encoder writes a map. */
export function mapJson(labels: Labels): string {
  if (inByteOrder(Object.keys(labels))) return JSON.stringify(labels);
  // An object cannot hold every order: JavaScript puts names that are numbers first.
  const pairs = sortedNames(labels).map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`);
  return `{${pairs.join(',')}}`;
}

function inByteOrder(names: readonly string[]): boolean {
  let last = '';
  for (const name of names) {
    if (compareBytes(last, name) > 0) return false;
    last = name;
  }
  return true;
}

/** JSON as Go's encoder writes it, with its final newline. An object is a Go struct: its members come in their order, and
 *  not at all where they are undefined. A `Map` is a Go map: its keys are sorted by bytes. */
export function goJson(value: unknown): string {
  return `${asGoJson(encode(value))}\n`;
}

function encode(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Map) {
    const keys = [...value.keys()].map(String).sort(compareBytes);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${encode(value.get(key))}`).join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${encode(member)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** The value, or undefined where Go's `omitempty` leaves it out. */
export function orOmit<T>(value: T): T | undefined {
  if (value === '' || value === 0 || value === false || value === null) return undefined;
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}
