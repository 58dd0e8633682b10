import { ANY, ANY_MAP, ANYS, goFunc, INT64, signature, STRING, STRINGS, typeOf, URL } from '../basic-types';
import type { Budget } from '../budget';
import { sprint } from '../fmt/sprint';
import { decodeBase64Url, encodeBase64Url } from '../go/base64-url';
import { parseDuration } from '../go/duration';
import { formatTime } from '../go/format-time';
import { addDuration, epochNsOf, type Instant, inZone, subtract, ZERO_TIME } from '../go/instant';
import { trimSpace } from '../go/letter-case';
import { parseTime } from '../go/parse-time';
import { titleWords } from '../go/title-words';
import { queryUnescape, type TextRead } from '../go/url-escape';
import { loadZone } from '../go/zone';
import { marshalJson } from '../html/marshal-json';
import { EntryMap, Failure, GoList, itemsOf, Scalar, textOf, type Value } from '../value';
import { allowed, COMMON_FUNCTIONS, type Functions, textFunction } from './common-functions';
import { DURATION, durationValue } from './duration-type';
import { instantOf, TIME, timeValue } from './time-type';

/** What Alertmanager's functions ask of their surroundings. */
export interface AlertmanagerSurroundings {
  /** The present on the clocks of the machine's zone. */
  now(): Instant;
  /** The value of a route label, '' where there is none. */
  routeLabel(name: string): string | Failure;
}

const variadic = { isVariadic: true };
const mayFail = { mayFail: true };

/** The functions of Alertmanager's templates. Source: Alertmanager `template.DefaultFuncs`. */
export function alertmanagerFunctions({ now, routeLabel }: AlertmanagerSurroundings): Functions {
  return {
    ...COMMON_FUNCTIONS,
    ...STATIC_FUNCTIONS,
    now: goFunc(signature([], TIME), () => timeValue(now())),
    since: goFunc(signature([TIME], DURATION), ([time]) => durationValue(subtract(now(), instantOf(time)))),
    routeLabels: goFunc(signature([STRING], STRING, mayFail), ([name]) => routeLabel(textOf(name))),
  };
}

const STATIC_FUNCTIONS: Functions = {
  title: textFunction((text) => titleWords(text, true)),
  trimSpace: textFunction(trimSpace),
  join: goFunc(signature([STRING, ANY], STRING, mayFail), joinArgs),
  safeUrl: goFunc(signature([STRING], URL), ([text]) => new Scalar(URL, textOf(text))),
  urlUnescape: readFunction(queryUnescape),
  base64encode: textFunction(encodeBase64Url),
  base64decode: readFunction(decodeBase64Url),
  stringSlice: goFunc(signature([STRING], STRINGS, variadic), (args) => new GoList(STRINGS, args)),
  list: goFunc(signature([ANY], ANYS, { ...variadic, ...mayFail }), (args) => new GoList(ANYS, args)),
  append: goFunc(signature([ANYS, ANY], ANYS, variadic), appendArgs),
  dict: goFunc(signature([ANY], ANY_MAP, { ...variadic, ...mayFail }), dictOf),
  toJson: goFunc(signature([ANY], STRING, mayFail), ([value = null], budget) => {
    const marshalled = marshalJson(value, budget);
    return marshalled.ok ? marshalled.json : new Failure(marshalled.error);
  }),
  date: goFunc(signature([STRING, TIME], STRING), ([layout, time], budget) =>
    allowed(formatTime(instantOf(time), textOf(layout)), budget),
  ),
  tz: goFunc(signature([STRING, TIME], TIME, mayFail), ([name, time]) => {
    const loaded = loadZone(textOf(name));
    return loaded.ok ? timeValue(inZone(instantOf(time), loaded.zone)) : new Failure(loaded.error);
  }),
  toDate: goFunc(signature([STRING, STRING], TIME), ([layout, text]) => {
    const read = parseTime(textOf(layout), textOf(text));
    return timeValue(read.ok ? read.instant : ZERO_TIME);
  }),
  mustToDate: goFunc(signature([STRING, STRING], TIME, mayFail), ([layout, text]) => {
    const read = parseTime(textOf(layout), textOf(text));
    return read.ok ? timeValue(read.instant) : new Failure(read.error);
  }),
  addDuration: goFunc(signature([STRING, TIME], INT64, mayFail), ([duration, time]) => {
    const read = parseDuration(textOf(duration));
    if (!read.ok) return new Failure(read.error);
    const ns = epochNsOf(addDuration(instantOf(time), read.ns));
    const rest = ((ns % 1_000_000n) + 1_000_000n) % 1_000_000n;
    return new Scalar(INT64, BigInt.asIntN(64, (ns - rest) / 1_000_000n));
  }),
};

function readFunction(read: (text: string) => TextRead) {
  return goFunc(signature([STRING], STRING, mayFail), ([text]) => {
    const result = read(textOf(text));
    return result.ok ? result.text : new Failure(result.error);
  });
}

function joinArgs([separator, list = null]: readonly Value[], budget: Budget): string | Failure {
  if (list === null) return '';
  if (!(list instanceof GoList)) return new Failure(`join expects a slice or array, got ${typeOf(list).name}`);
  const texts = list.items.map((item) => sprint([item], budget));
  const length = texts.reduce((sum, text) => sum + text.length + textOf(separator).length, 0);
  budget.allowLength(length);
  return texts.join(textOf(separator));
}

function appendArgs([list, ...added]: readonly Value[], budget: Budget): GoList {
  const items = itemsOf(list);
  budget.spend(items.length);
  return new GoList(ANYS, [...items, ...added], items.length + added.length === 0 && isNilList(list));
}

function isNilList(value: Value | undefined): boolean {
  return value instanceof GoList && value.isNil;
}

function dictOf(args: readonly Value[]): EntryMap | Failure {
  if (args.length % 2 !== 0) return new Failure('dict requires an even number of arguments');
  const entries = new Map<string, Value>();
  for (let place = 0; place < args.length; place += 2) {
    const key = args[place];
    if (typeof key !== 'string') return new Failure('dict keys must be strings');
    entries.set(key, args[place + 1] ?? null);
  }
  return new EntryMap(ANY_MAP, entries);
}
