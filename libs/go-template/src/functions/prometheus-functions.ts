import { ANY, ANY_MAP, FLOAT64, goFunc, listType, signature, STRING, STRING_MAP, structType } from '../basic-types';
import type { Budget } from '../budget';
import { compareStrings } from '../go-string';
import { floatToInt64 } from '../go/duration';
import { stripDomain, stripPort } from '../go/host-port';
import { humanize, humanize1024, humanizePercentage, humanizeTimestamp, instantOfSeconds } from '../go/humanize';
import { parsePrometheusDuration } from '../go/prometheus-duration';
import { titleWords } from '../go/title-words';
import { queryEscape } from '../go/url-escape';
import { EntryMap, Failure, GoList, GoStruct, itemsOf, RecordMap, textOf, type Value } from '../value';
import { COMMON_FUNCTIONS, type Functions, numberFunction, textFunction } from './common-functions';
import { convertToFloat } from './convert-to-float';
import { DURATION, durationValue } from './duration-type';
import { TIME, timeValue } from './time-type';

/** One sample of a query's result. */
export interface Sample {
  /** With `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  /** A number, or what stands for a histogram. */
  readonly value: Value;
}

/** What Prometheus' functions ask of their surroundings, anew with every call. */
export interface PrometheusSurroundings {
  /** The result of an instant query at the evaluation's time. */
  query(expression: string): readonly Sample[] | Failure;
  /** The evaluation's time, seconds since 1970. */
  readonly nowSeconds: number;
  readonly externalUrl: string;
  /** The path of the external URL. */
  readonly pathPrefix: string;
}

const mayFail = { mayFail: true };

const SAMPLE = structType<Sample>('*template.sample', {
  Labels: { type: STRING_MAP, get: ({ labels }) => new RecordMap(STRING_MAP, labels) },
  Value: { type: ANY, get: ({ value }) => value },
});
const QUERY_RESULT = listType(SAMPLE, 'template.queryResult');

/** The functions of Prometheus' rule templates. Source: Prometheus `template.NewTemplateExpander`. */
export function prometheusFunctions(surroundings: PrometheusSurroundings): Functions {
  return {
    ...COMMON_FUNCTIONS,
    ...STATIC_FUNCTIONS,
    query: goFunc(signature([STRING], QUERY_RESULT, mayFail), ([expression], budget) => {
      const samples = surroundings.query(textOf(expression));
      return samples instanceof Failure ? samples : resultOf(samples, budget);
    }),
    now: goFunc(signature([], FLOAT64), () => surroundings.nowSeconds),
    externalURL: goFunc(signature([], STRING), () => surroundings.externalUrl),
    pathPrefix: goFunc(signature([], STRING), () => surroundings.pathPrefix),
  };
}

const STATIC_FUNCTIONS: Functions = {
  first: goFunc(
    signature([QUERY_RESULT], SAMPLE, mayFail),
    ([list]) => itemsOf(list)[0] ?? new Failure('first() called on vector with no elements'),
  ),
  label: goFunc(signature([STRING, SAMPLE], STRING), ([name, sample]) => labelOf(sample, textOf(name))),
  strvalue: goFunc(signature([SAMPLE], STRING), ([sample]) => labelOf(sample, '__value__')),
  value: goFunc(signature([SAMPLE], ANY), ([sample]) => {
    const found = sampleOf(sample);
    return found === null ? nilPointer() : found.value;
  }),
  sortByLabel: goFunc(signature([STRING, QUERY_RESULT], QUERY_RESULT), sortArgs),
  args: goFunc(
    signature([ANY], ANY_MAP, { isVariadic: true }),
    (args) => new EntryMap(ANY_MAP, new Map(args.map((arg, place) => [`arg${place}`, arg]))),
  ),
  title: textFunction((text) => titleWords(text, false)),
  urlQueryEscape: textFunction(queryEscape),
  graphLink: textFunction((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=0`),
  tableLink: textFunction((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=1`),
  stripPort: textFunction(stripPort),
  stripDomain: textFunction(stripDomain),
  humanize: numberFunction(humanize),
  humanize1024: numberFunction(humanize1024),
  humanizePercentage: numberFunction(humanizePercentage),
  humanizeTimestamp: numberFunction((seconds) => {
    const result = humanizeTimestamp(seconds);
    return result.ok ? result.text : new Failure(result.error);
  }),
  // Go gives pointers, which print, and are passed on, as what they point to.
  toTime: goFunc(signature([ANY], TIME, mayFail), ([value = null]) => {
    const seconds = convertToFloat(value);
    if (seconds instanceof Failure) return seconds;
    const result = instantOfSeconds(seconds);
    return result.ok ? timeValue(result.instant) : new Failure(result.error);
  }),
  toDuration: goFunc(signature([ANY], DURATION, mayFail), ([value = null]) => {
    const seconds = convertToFloat(value);
    return seconds instanceof Failure ? seconds : durationValue(floatToInt64(seconds * 1e9));
  }),
  parseDuration: goFunc(signature([STRING], FLOAT64, mayFail), ([text]) => {
    const read = parsePrometheusDuration(textOf(text));
    return read.ok ? Number(read.ns) / 1e9 : new Failure(read.error);
  }),
};

function resultOf(samples: readonly Sample[], budget: Budget): GoList {
  budget.spend(samples.length);
  return new GoList(
    QUERY_RESULT,
    samples.map((sample) => new GoStruct(SAMPLE, sample)),
  );
}

function sampleOf(value: Value | undefined): Sample | null {
  return value instanceof GoStruct && value.type === SAMPLE ? sampleWithin(value) : null;
}

/** For a value that is known to be a sample. */
function sampleWithin(value: GoStruct): Sample {
  return value.self as Sample;
}

function nilPointer(): Failure {
  return new Failure('runtime error: invalid memory address or nil pointer dereference');
}

function labelOf(value: Value | undefined, name: string): string | Failure {
  const sample = sampleOf(value);
  if (sample === null) return nilPointer();
  return Object.hasOwn(sample.labels, name) ? (sample.labels[name] ?? '') : '';
}

function sortArgs([name, list]: readonly Value[], budget: Budget): GoList {
  const items = itemsOf(list);
  budget.spend(items.length);
  const keyed = items.map((item) => ({ item, key: textOf(keyValue(item, textOf(name))) }));
  keyed.sort((left, right) => compareStrings(left.key, right.key));
  return new GoList(
    QUERY_RESULT,
    keyed.map(({ item }) => item),
  );
}

function keyValue(item: Value, name: string): Value {
  const key = labelOf(item, name);
  return key instanceof Failure ? '' : key;
}
