import {
  bool,
  custom,
  type Decoder,
  duration,
  list,
  map,
  object,
  optional,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { notSupportedYet } from '@tocsin/common/config/not-supported';
import { type YamlPath } from '@tocsin/common/config/yaml-document';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { isValidLabelName, type LabelNameMode } from '@tocsin/common/labels/label-set';
import { compileRegex } from '@tocsin/common/matchers/compile-regex';
import { compareMatchers, type Matcher } from '@tocsin/common/matchers/matcher';
import { type MatcherMode, type MatcherWarning, parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import { unsupported } from '../config/unsupported.schema';

/** A route as written; what is null (or '') is inherited. */
export interface RouteFields {
  readonly receiver: string;
  readonly groupBy: readonly string[] | 'all' | null;
  /** Equal values by label name: the older way to write matchers. */
  readonly match: Readonly<Record<string, string>>;
  /** The same with regexes. */
  readonly matchRe: Readonly<Record<string, string>>;
  readonly matchers: readonly Matcher[];
  readonly groupWaitMs: number | null;
  readonly groupIntervalMs: number | null;
  readonly repeatIntervalMs: number | null;
  readonly continue: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly children: readonly RouteFields[];
}

export interface RouteDecoderOptions {
  readonly matcherMode: MatcherMode;
  /** Called for matchers that the two grammars read differently. */
  readonly onWarning: (path: YamlPath, matchers: string, warning: MatcherWarning) => void;
}

const noTexts: Readonly<Record<string, string>> = {};

/** Source: Alertmanager configuration, `route`. */
export function routeDecoder(options: RouteDecoderOptions): Decoder<RouteFields> {
  const nameMode: LabelNameMode = options.matcherMode === 'classic' ? 'classic' : 'utf8';
  const child: Decoder<RouteFields> = {
    typeName: 'config.plain',
    decode: (place, context) => {
      if (place.node === null) return context.report(place.offset, place.path, 'missing route');
      return route.decode(place, context);
    },
  };
  const fields = object(
    {
      receiver: withDefault(string, ''),
      group_by: optional(groupBy(nameMode)),
      match: withDefault(equalities, noTexts),
      match_re: withDefault(regexes, noTexts),
      matchers: withDefault(matcherList(options), []),
      group_wait: optional(duration),
      group_interval: optional(notZero(duration, 'group_interval')),
      repeat_interval: optional(notZero(duration, 'repeat_interval')),
      mute_time_intervals: unsupported('mute_time_intervals'),
      active_time_intervals: unsupported('active_time_intervals'),
      continue: withDefault(bool, false),
      labels: withDefault(routeLabels(nameMode), noTexts),
      routes: withDefault(list(child), []),
    },
    'config.plain',
  );
  const route = custom(fields, (raw): RouteFields => ({
    receiver: raw.receiver,
    groupBy: raw.group_by ?? null,
    match: raw.match,
    matchRe: raw.match_re,
    matchers: raw.matchers,
    groupWaitMs: raw.group_wait ?? null,
    groupIntervalMs: raw.group_interval ?? null,
    repeatIntervalMs: raw.repeat_interval ?? null,
    continue: raw.continue,
    labels: raw.labels,
    children: raw.routes,
  }));
  return route;
}

function notZero(of: Decoder<number>, name: string): Decoder<number> {
  return custom(of, (value, report) => (value === 0 ? report(`${name} cannot be zero`) : value));
}

const ALL = '...';

function groupBy(mode: LabelNameMode): Decoder<readonly string[] | 'all'> {
  return custom(list(string), (names, report) => {
    const labels = names.filter((name) => name !== ALL);
    const hasAll = labels.length < names.length;
    if (hasAll && labels.length > 0) {
      report('cannot have wildcard group_by (`...`) and other labels at the same time');
    }
    names.forEach((name, at) => {
      if (name === ALL) return;
      if (!isValidLabelName(name, mode)) report(`invalid label name ${goQuote(name)} in group_by list`, [at]);
      if (names.indexOf(name) < at) report(`duplicated label ${goQuote(name)} in group_by`, [at]);
    });
    return hasAll ? 'all' : labels;
  });
}

function routeLabels(mode: LabelNameMode): Decoder<Record<string, string>> {
  return custom(map(string), (labels, report) => {
    for (const [name, value] of Object.entries(labels)) {
      if (!isValidLabelName(name, mode)) report(`invalid label name ${goQuote(name)} in route labels`, [name]);
      if (value.includes('{{')) report(notSupportedYet('a template in route labels'), [name]);
    }
    return labels;
  });
}

/** Values by classic label name. */
const equalities: Decoder<Record<string, string>> = custom(map(string), (values, report) => {
  for (const name of Object.keys(values)) {
    if (!isValidLabelName(name, 'classic')) report(`invalid label name ${goQuote(name)}`, [name]);
  }
  return values;
});

/** Regexes by classic label name. */
const regexes: Decoder<Record<string, string>> = custom(map(optional(string)), (patterns, report) => {
  for (const [name, pattern] of Object.entries(patterns)) {
    if (!isValidLabelName(name, 'classic')) report(`invalid label name ${goQuote(name)}`, [name]);
    const compiled = pattern === undefined ? null : compileRegex(pattern);
    if (compiled === null) report(`invalid regexp value for ${goQuote(name)}`, [name]);
    else if (!compiled.ok) report(compiled.error, [name]);
  }
  return patterns as Record<string, string>;
});

/** A list of texts with any number of matchers each, all together in their canonical order. */
function matcherList({ matcherMode, onWarning }: RouteDecoderOptions): Decoder<readonly Matcher[]> {
  const strings = list(string);
  return {
    typeName: strings.typeName,
    decode: (place, context) => {
      const before = context.count;
      const matchers: Matcher[] = [];
      for (const [at, text] of (strings.decode(place, context) ?? []).entries()) {
        // An element of a wrong type was reported already.
        if (text === undefined) continue;
        const path = [...place.path, at];
        const parsed = parseMatchers(text, matcherMode);
        if (!parsed.ok) context.report(context.document.offsetOf(path), path, parsed.error);
        else {
          matchers.push(...parsed.matchers);
          if (parsed.warning) onWarning(path, text, parsed.warning);
        }
      }
      return context.count > before ? undefined : matchers.sort(compareMatchers);
    },
  };
}
