import {
  any,
  bool,
  custom,
  type Decoder,
  duration,
  goDuration,
  list,
  map,
  object,
  string,
  uint,
  withDefault,
} from '@tocsin/common/config/decode';
import { type Secret } from '@tocsin/common/config/secret';
import { secret } from '@tocsin/common/config/secret.schema';
import { type HttpConfig, type TlsConfig } from '@tocsin/common/http/http-config';
import { type ConfigView, httpConfigView, tlsConfigView } from '@tocsin/common/http/http-config-view';
import { httpConfig } from '@tocsin/common/http/http-config.schema';
import { tlsConfig } from '@tocsin/common/http/tls-config.schema';
import { compareBytes } from '@tocsin/common/labels/label-set';
import { formatDuration, formatGoDuration, parseGoDuration } from '@tocsin/common/time/duration';
import { hostPort as hostPortDecoder, secretUrl as secretUrlDecoder, urlOr } from '../config/address.schema';
import { broken, type Rules } from './rules';

/** A field of an integration: how it is called in the file, how it is read and how it is shown. */
export interface Field<T> {
  readonly key: string;
  readonly decoder: Decoder<T>;
  /** Undefined: not at all. */
  show(value: T): unknown;
}

/** Fields by the names that the code has for them, in the order in which they are shown. */
export type FieldTable = Readonly<Record<string, Field<unknown>>>;

/** The values of a table of fields. */
export type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** Reads a section with these fields and no others; `typeName` shows in messages. */
export function section<F extends FieldTable>(
  fields: F,
  typeName: string,
  rules: (values: ValuesOf<F>) => Rules = () => [],
): Decoder<ValuesOf<F>> {
  const names = Object.keys(fields);
  const decoders = Object.fromEntries(Object.values(fields).map(({ key, decoder }) => [key, decoder]));
  return custom(object(decoders, typeName), (raw, report) => {
    const values = Object.fromEntries(names.map((name) => [name, raw[fields[name]!.key]])) as ValuesOf<F>;
    const problems = broken(rules(values));
    for (const problem of problems) report(problem);
    return problems.length === 0 ? values : undefined;
  });
}

/** A section as it is shown. */
export function sectionView<F extends FieldTable>(fields: F, values: ValuesOf<F>): ConfigView {
  const shown = Object.entries(fields).map(([name, field]) => [field.key, field.show(values[name])] as const);
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined));
}

/** A text, or a template of one. Shown unless it is empty and that is the default. */
export function text(key: string, fallback = ''): Field<string> {
  return {
    key,
    decoder: withDefault(string, fallback),
    show: (value) => (value === '' && fallback === '' ? undefined : value),
  };
}

/** The name of a file; '' for none. */
export const file: (key: string) => Field<string> = text;

/** A text that is never shown; empty for none. */
export function secretText(key: string): Field<Secret> {
  return { key, decoder: secret, show: (value) => value.toString() || undefined };
}

/** An http or https address that is never shown; empty for none. */
export function secretUrl(key: string): Field<Secret> {
  return { key, decoder: secretUrlDecoder, show: (value) => value.toString() || undefined };
}

/** An http or https address; '' for none. Not shown when it is `hidden`. */
export function url(key: string, hidden = ''): Field<string> {
  return { key, decoder: urlOr(''), show: (value) => (value === '' || value === hidden ? undefined : value) };
}

/** `host:port`; '' for none. */
export function hostPort(key: string): Field<string> {
  return { key, decoder: hostPortDecoder, show: (value) => value || undefined };
}

/** Yes or no; shown when it is not the default, or the default is yes. */
export function flag(key: string, fallback = false): Field<boolean> {
  return { key, decoder: withDefault(bool, fallback), show: (value) => (value || fallback ? value : undefined) };
}

/** Yes or no, shown in any case; default no. */
export function shownFlag(key: string): Field<boolean> {
  return { key, decoder: withDefault(bool, false), show: (value) => value };
}

/** Yes, no or null for neither. */
export function flagOrUnset(key: string): Field<boolean | null> {
  return { key, decoder: orNull(bool), show: (value) => value ?? undefined };
}

/** A whole number from 0; default 0. */
export function count(key: string): Field<number> {
  return { key, decoder: withDefault(uint, 0), show: (value) => value };
}

/** A whole number; 0 for none. */
export function wholeNumber(key: string, decoder: Decoder<number>): Field<number> {
  return { key, decoder: withDefault(decoder, 0), show: (value) => value || undefined };
}

/** A Go duration, ms; 0 for none, as is a negative one. */
export function timeoutMs(key: string): Field<number> {
  const decoder = custom(goDuration, (ms) => Math.max(0, ms));
  return { key, decoder: withDefault(decoder, 0), show: (ms) => (ms === 0 ? undefined : formatGoDuration(ms)) };
}

/** A Go duration that must have a unit, ms. */
export function goDurationMs(key: string, fallbackMs: number): Field<number> {
  const decoder = custom(string, (value, report) => {
    const parsed = parseGoDuration(value);
    return parsed.ok ? parsed.ms : report(parsed.error);
  });
  return { key, decoder: withDefault(nullIs(0, decoder), fallbackMs), show: showGoDuration(fallbackMs) };
}

function showGoDuration(fallbackMs: number): (ms: number) => string | undefined {
  return (ms) => (ms === 0 && fallbackMs === 0 ? undefined : formatGoDuration(ms));
}

/** A Prometheus duration, ms; default 0. */
export function durationMs(key: string): Field<number> {
  return { key, decoder: withDefault(duration, 0), show: (ms) => (ms === 0 ? undefined : formatDuration(ms)) };
}

/** A list of texts. */
export function texts(key: string): Field<readonly string[]> {
  return { key, decoder: withDefault(list(string), []), show: (value) => (value.length > 0 ? value : undefined) };
}

/** Texts by name. */
export function textMap(key: string): Field<Readonly<Record<string, string>>> {
  return { key, decoder: withDefault(map(string), {}), show: sorted };
}

/** Anything by name. */
export function anyMap(key: string): Field<Readonly<Record<string, unknown>>> {
  return { key, decoder: withDefault(map(any), {}), show: sorted };
}

/** Anything; null for nothing. */
export function anything(key: string): Field<unknown> {
  return { key, decoder: withDefault(any, null), show: (value) => value ?? undefined };
}

/** A section, or null. */
export function subsection<F extends FieldTable>(
  key: string,
  typeName: string,
  fields: F,
  rules?: (values: ValuesOf<F>) => Rules,
): Field<ValuesOf<F> | null> {
  return {
    key,
    decoder: orNull(section(fields, typeName, rules)),
    show: (value) => (value === null ? undefined : sectionView(fields, value)),
  };
}

/** A list of sections; `typeNames` are those of an element in its list and by itself. */
export function subsections<F extends FieldTable>(
  key: string,
  typeNames: readonly [listed: string, itself: string],
  fields: F,
  rules?: (values: ValuesOf<F>) => Rules,
): Field<readonly ValuesOf<F>[]> {
  const element = named(section(fields, typeNames[1], rules), typeNames[0]);
  return {
    key,
    decoder: withDefault(list(element), []),
    show: (values) => (values.length > 0 ? values.map((value) => sectionView(fields, value)) : undefined),
  };
}

/** How an integration speaks HTTP; null: as `global` says. */
export const httpConfigField: Field<HttpConfig | null> = {
  key: 'http_config',
  decoder: orNull(httpConfig),
  show: (value) => (value === null ? undefined : httpConfigView(value)),
};

/** A `tls_config`; null: as `global` says. */
export function tls(key: string): Field<TlsConfig | null> {
  return {
    key,
    decoder: orNull(tlsConfig),
    show: (value) => {
      if (value === null) return undefined;
      const view = tlsConfigView(value);
      const isEmpty = Object.keys(view).length === 0;
      return isEmpty ? undefined : { ...view, insecure_skip_verify: value.insecureSkipVerify };
    },
  };
}

/** Null when absent or null. */
export function orNull<T>(of: Decoder<T>): Decoder<T | null> {
  return withDefault(nullIs<T | null>(null, of), null);
}

function nullIs<T>(value: T, of: Decoder<T>): Decoder<T> {
  return {
    typeName: of.typeName,
    decode: (place, context) => (place.node === null ? value : of.decode(place, context)),
  };
}

/** The same under the name that its list has for it. */
function named<T>(of: Decoder<T>, typeName: string): Decoder<T> {
  return { ...of, typeName };
}

/** As Go shows maps. */
function sorted(map: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const entries = Object.entries(map).sort(([a], [b]) => compareBytes(a, b));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
