import { isMap, isScalar, isSeq, type Scalar } from 'yaml';
import { goQuote } from '../labels/go-quote';
import { parseDuration, parseGoDuration } from '../time/duration';
import {
  sourceText,
  type YamlDocument,
  type YamlEntry,
  type YamlFinding,
  type YamlPath,
  type YamlPlace,
} from './yaml-document';

/** Reads one kind of value from YAML; mistakes go to the context, and the value is then undefined. */
export interface Decoder<T> {
  /** How Alertmanager's messages call the type. */
  readonly typeName: string;
  /** What it reads is secret: no message shows it, also where it is of another type than it should be. */
  readonly hides?: true;
  /** A null is the empty value (0, '', no elements), as Go's decoder has it, and not the default. */
  decode(place: YamlPlace, context: DecodeContext): T | undefined;
  /** What an absent key stands for; a field without it is required. */
  absent?(place: YamlPlace, context: DecodeContext): T | undefined;
}

export type Decoded<D> = D extends Decoder<infer T> ? T : never;

export type DecodeResult<T> = { ok: true; value: T } | { ok: false; findings: readonly YamlFinding[] };

/** A mistake, with what tells when Alertmanager would come upon it. */
export interface DecodeFinding extends YamlFinding {
  /** `shape`: a wrong type or key; `check`: a right one that says what may not be. */
  readonly kind: 'shape' | 'check';
  /** Path of the value whose check found it. */
  readonly section: YamlPath;
}

/** Collects the mistakes of one document. */
export class DecodeContext {
  private readonly found: (Pick<DecodeFinding, 'kind' | 'path' | 'section' | 'message'> & { offset: number })[] = [];
  private unknownValues = 0;

  constructor(readonly document: YamlDocument) {}

  /** Mistakes so far that leave a value unknown. */
  get count(): number {
    return this.unknownValues;
  }

  /** A value that may not be; `section` is what is checked as a whole, if that is more than the value. */
  report(offset: number, path: YamlPath, message: string, section: YamlPath = path): undefined {
    this.unknownValues++;
    this.found.push({ kind: 'check', offset, path, section, message });
  }

  /** A value of a wrong type. */
  reportType(offset: number, path: YamlPath, message: string): undefined {
    this.unknownValues++;
    this.found.push({ kind: 'shape', offset, path, section: path, message });
  }

  /** A key that is unknown or repeated: what it stands in is known all the same. */
  reportKey(offset: number, path: YamlPath, message: string): undefined {
    this.found.push({ kind: 'shape', offset, path, section: path, message });
  }

  /** In document order; a mistake behind an anchor is told once, however often it is used. */
  findings(): DecodeFinding[] {
    return this.inOrderOfChecks().sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** The same in the order in which they were come upon. */
  inOrderOfChecks(): DecodeFinding[] {
    const once = new Map(this.found.map((one) => [`${one.offset} ${one.message}`, one]));
    return [...once.values()].map(({ offset, ...finding }) => ({ ...this.document.position(offset), ...finding }));
  }
}

/** The typed value of a document, or all its mistakes in document order. */
export function decodeDocument<T>(document: YamlDocument, decoder: Decoder<T>): DecodeResult<T> {
  const context = new DecodeContext(document);
  const value = decoder.decode(document.root, context);
  const findings = context.findings();
  return findings.length > 0 ? { ok: false, findings } : { ok: true, value: value as T };
}

/** Any scalar, by its source text; null is ''. */
export const string: Decoder<string> = {
  typeName: 'string',
  decode: (place, context) => {
    if (place.node === null) return '';
    return isScalar(place.node) ? sourceText(place.node) : wrongType(place, context, 'string');
  },
};

export const bool: Decoder<boolean> = {
  typeName: 'bool',
  decode: (place, context) => {
    if (place.node === null) return false;
    const value = scalarValue(place);
    return typeof value === 'boolean' ? value : wrongType(place, context, 'bool');
  },
};

/** A whole number; fractions are cut off as Go's decoder does. */
export const int: Decoder<number> = wholeNumber('int', Number.MIN_SAFE_INTEGER);

/** The same where Alertmanager's type says that it is wide. */
export const int64: Decoder<number> = wholeNumber('int64', Number.MIN_SAFE_INTEGER);

/** A whole number from 0. */
export const uint: Decoder<number> = wholeNumber('uint64', 0);

function wholeNumber(typeName: string, least: number): Decoder<number> {
  return {
    typeName,
    decode: (place, context) => {
      if (place.node === null) return 0;
      const value = scalarValue(place);
      const whole = typeof value === 'number' ? Math.trunc(value) : Number.NaN;
      return Number.isSafeInteger(whole) && whole >= least ? whole : wrongType(place, context, typeName);
    },
  };
}

/** A number, also infinite or none. */
export const float: Decoder<number> = {
  typeName: 'float64',
  decode: (place, context) => {
    if (place.node === null) return 0;
    const value = scalarValue(place);
    return typeof value === 'number' ? value : wrongType(place, context, 'float64');
  },
};

/** A configuration duration (`1h30m`), ms. */
export const duration: Decoder<number> = {
  typeName: 'string',
  decode: (place, context) => {
    if (place.node === null) return 0;
    if (!isScalar(place.node)) return wrongType(place, context, 'string');
    const parsed = parseDuration(sourceText(place.node));
    return parsed.ok ? parsed.ms : context.report(place.offset, place.path, parsed.error);
  },
};

/** A Go duration (`1.5s`; a bare number counts nanoseconds), ms, rounded up to whole ones. */
export const goDuration: Decoder<number> = {
  typeName: 'time.Duration',
  decode: (place, context) => {
    if (place.node === null) return 0;
    const value = scalarValue(place);
    const parsed = parseGoDuration(typeof value === 'number' ? `${Math.trunc(value)}ns` : String(value));
    return parsed.ok ? parsed.ms : wrongType(place, context, 'time.Duration');
  },
};

/** Whatever is there, as plain JavaScript values; keys are text. */
export const any: Decoder<unknown> = {
  typeName: 'interface {}',
  decode: (place, context) => {
    const { node } = place;
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return context.document.items(node, place.path).map((item) => any.decode(item, context));
    if (isMap(node)) return mapOfAny.decode(place, context);
    return null;
  },
};

/** A list. */
export function list<T>(of: Decoder<T>): Decoder<T[]> {
  const typeName = `[]${of.typeName}`;
  const { hides } = of;
  return {
    typeName,
    ...(hides && { hides }),
    decode: (place, context) => {
      if (place.node === null) return [];
      if (!isSeq(place.node)) return wrongType(place, context, typeName, hides);
      return context.document.items(place.node, place.path).map((item) => of.decode(item, context) as T);
    },
  };
}

/** A map with free keys. */
export function map<T>(of: Decoder<T>): Decoder<Record<string, T>> {
  const typeName = `map[string]${of.typeName}`;
  const { hides } = of;
  return {
    typeName,
    ...(hides && { hides }),
    decode: (place, context) => {
      const repeated = (key: string): string => `key ${goQuote(key)} already set in map`;
      const entries = uniqueEntries(place, context, typeName, repeated, hides);
      if (entries === undefined) return undefined;
      const pairs = [...entries].map(([key, entry]) => [key, of.decode(entry.value, context) as T] as const);
      return Object.fromEntries(pairs);
    },
  };
}

const mapOfAny = map(any);

type Fields = Readonly<Record<string, Decoder<unknown>>>;

/** A map with these keys only. `typeName` shows in messages. */
export function object<F extends Fields>(fields: F, typeName: string): Decoder<{ [K in keyof F]: Decoded<F[K]> }> {
  const known = new Map(Object.entries(fields));
  return {
    typeName,
    decode: (place, context) => {
      const repeated = (key: string): string => `field ${key} already set in type ${typeName}`;
      const entries = uniqueEntries(place, context, typeName, repeated);
      if (entries === undefined) return undefined;
      for (const [key, { keyOffset, value }] of entries) {
        if (!known.has(key)) context.reportKey(keyOffset, value.path, `field ${key} not found in type ${typeName}`);
      }
      const pairs = [...known].map(([key, decoder]) => {
        const written = entries.get(key);
        if (written !== undefined) return [key, decoder.decode(written.value, context)];
        const missing = { node: null, offset: place.offset, path: [...place.path, key] };
        if (decoder.absent) return [key, decoder.absent(missing, context)];
        return [key, context.report(place.offset, missing.path, `missing field ${key} in type ${typeName}`)];
      });
      return Object.fromEntries(pairs) as { [K in keyof F]: Decoded<F[K]> };
    },
  };
}

/** The same under another name: Go's for it as an element of a list. */
export function named<T>(of: Decoder<T>, typeName: string): Decoder<T> {
  return { ...of, typeName };
}

/** A field that may be left out or null, giving undefined. */
export function optional<T>(of: Decoder<T>): Decoder<T | undefined> {
  return {
    typeName: of.typeName,
    decode: (place, context) => (place.node === null ? undefined : of.decode(place, context)),
    absent: () => undefined,
  };
}

/** A field that may be left out, giving this value. */
export function withDefault<T, U>(of: Decoder<T>, value: U): Decoder<T | U> {
  return { ...of, absent: () => value };
}

/** A field that may be left out and is then read as an object without keys, so that the defaults inside apply. */
export function orEmpty<T>(of: Decoder<T>): Decoder<T> {
  return { ...of, absent: (place, context) => of.decode(place, context) };
}

/** Reports a mistake in the value, or in what is at `subPath` inside it. */
export type Report = (message: string, subPath?: YamlPath) => undefined;

/** What `convert` makes of a value that has no mistakes itself; it may report some. Where Alertmanager checks a field
 *  only with the section around it, `checkedWith` says so, which decides in what order mistakes are told. */
export function custom<T, U>(
  of: Decoder<T>,
  convert: (value: T, report: Report) => U | undefined,
  checkedWith: 'itself' | 'parent' = 'itself',
): Decoder<U> {
  const read = (from: Decoder<T>['decode']): Decoder<U>['decode'] => {
    return (place, context) => {
      const before = context.count;
      const value = from(place, context);
      if (context.count > before) return undefined;
      const section = checkedWith === 'itself' ? place.path : place.path.slice(0, -1);
      return convert(value as T, (message, subPath) => {
        if (subPath === undefined) return context.report(place.offset, place.path, message, section);
        const path = [...place.path, ...subPath];
        return context.report(context.document.offsetOf(path), path, message, section);
      });
    };
  };
  const { absent } = of;
  return {
    typeName: of.typeName,
    decode: read((place, context) => of.decode(place, context)),
    ...(absent && { absent: read((place, context) => absent.call(of, place, context)) }),
  };
}

/** The entries by key; the first of a repeated key counts, the others are reported, as are keys that are no text. */
function uniqueEntries(
  place: YamlPlace,
  context: DecodeContext,
  typeName: string,
  repeated: (key: string) => string,
  hides?: true,
): Map<string, YamlEntry> | undefined {
  if (place.node === null) return new Map();
  if (!isMap(place.node)) return wrongType(place, context, typeName, hides);
  const entries = new Map<string, YamlEntry>();
  for (const entry of context.document.entries(place.node, place.path)) {
    const { key, keyNode, keyOffset, value } = entry;
    if (key === null) wrongType({ node: keyNode, offset: keyOffset, path: place.path }, context, 'string');
    else if (entries.has(key)) context.reportKey(keyOffset, value.path, repeated(key));
    else entries.set(key, entry);
  }
  return entries;
}

function scalarValue({ node }: YamlPlace): unknown {
  return isScalar(node) ? node.value : undefined;
}

/** Source: Go yaml.v2: scalars are shown, cut after ten bytes; those that are secret not (Go shows them, too). */
function wrongType(place: YamlPlace, context: DecodeContext, typeName: string, hides?: true): undefined {
  const { node, offset, path } = place;
  const shown = hides && isScalar(node) ? `${scalarTag(node)} \`<secret>\`` : shownValue(node);
  return context.reportType(offset, path, `cannot unmarshal ${shown} into ${typeName}`);
}

function shownValue(node: YamlPlace['node']): string {
  if (node === null) return '!!null';
  if (!isScalar(node)) return isSeq(node) ? '!!seq' : '!!map';
  const text = sourceText(node);
  return `${scalarTag(node)} \`${text.length > 10 ? `${text.slice(0, 7)}...` : text}\``;
}

function scalarTag(scalar: Scalar): string {
  if (typeof scalar.value === 'boolean') return '!!bool';
  if (typeof scalar.value !== 'number') return '!!str';
  return Number.isSafeInteger(scalar.value) && !/^[-+\d_]*[.eE]/.test(sourceText(scalar)) ? '!!int' : '!!float';
}
