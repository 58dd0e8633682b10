import {
  bool,
  custom,
  type Decoder,
  duration,
  list,
  map,
  named,
  object,
  optional,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { isValidLabelName, type LabelNameMode } from '@tocsin/common/labels/label-set';
import { type WrittenMatchers } from '../config/all-matchers';
import { equalities, labelNameMode, matcherList, type MatcherOptions, regexes } from '../config/matchers.schema';
import { type OnMuted } from '../delivery/delivery-limits';

/** A route as written; what is null (or '') is inherited. */
export interface RouteFields extends WrittenMatchers {
  readonly receiver: string;
  readonly groupBy: readonly string[] | 'all' | null;
  readonly groupWaitMs: number | null;
  readonly groupIntervalMs: number | null;
  readonly repeatIntervalMs: number | null;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly onMuted: OnMuted | null;
  readonly continue: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly children: readonly RouteFields[];
}

/** Source: Alertmanager configuration, `route`. */
export function routeDecoder(options: MatcherOptions): Decoder<RouteFields> {
  const nameMode = labelNameMode(options);
  const child: Decoder<RouteFields> = {
    typeName: '*config.Route',
    decode: (place, context) => {
      if (place.node === null) return context.report(place.offset, place.path, 'missing route');
      return route.decode(place, context);
    },
  };
  // In the order in which Alertmanager checks them.
  const fields = object(
    {
      receiver: withDefault(string, ''),
      match: equalities,
      match_re: regexes,
      matchers: matcherList(options),
      labels: withDefault(routeLabels(nameMode), {}),
      group_by: optional(groupBy(nameMode)),
      group_wait: optional(duration),
      group_interval: optional(notZero(duration, 'group_interval')),
      repeat_interval: optional(notZero(duration, 'repeat_interval')),
      mute_time_intervals: withDefault(list(string), []),
      active_time_intervals: withDefault(list(string), []),
      on_muted: optional(onMuted),
      continue: withDefault(bool, false),
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
    muteTimeIntervals: raw.mute_time_intervals,
    activeTimeIntervals: raw.active_time_intervals,
    onMuted: raw.on_muted ?? null,
    continue: raw.continue,
    labels: raw.labels,
    children: raw.routes,
  }));
  return route;
}

/** `on_muted` of a route or an integration. */
export const onMuted: Decoder<OnMuted> = custom(string, (value, report) =>
  value === 'ignore' || value === 'close' ? value : report('on_muted must be ignore or close'),
);

function notZero(of: Decoder<number>, name: string): Decoder<number> {
  return custom(of, (value, report) => (value === 0 ? report(`${name} cannot be zero`) : value), 'parent');
}

const ALL = '...';

function groupBy(mode: LabelNameMode): Decoder<readonly string[] | 'all'> {
  return custom(
    list(string),
    (names, report) => {
      const labels = names.filter((name) => name !== ALL);
      const hasAll = labels.length < names.length;
      names.forEach((name, at) => {
        if (name !== ALL && !isValidLabelName(name, mode)) {
          report(`invalid label name ${goQuote(name)} in group_by list`, [at]);
        }
      });
      if (hasAll && labels.length > 0) {
        report('cannot have wildcard group_by (`...`) and other labels at the same time');
      }
      names.forEach((name, at) => {
        if (name !== ALL && names.indexOf(name) < at) report(`duplicated label ${goQuote(name)} in group_by`, [at]);
      });
      return hasAll ? 'all' : labels;
    },
    'parent',
  );
}

function routeLabels(mode: LabelNameMode): Decoder<Record<string, string>> {
  return custom(
    named(map(string), 'model.LabelSet'),
    (labels, report) => {
      for (const name of Object.keys(labels)) {
        // The empty name is refused where names are read, before there is a mode.
        if (name === '') report(`${goQuote(name)} is not a valid label name`, [name]);
        else if (!isValidLabelName(name, mode)) report(`invalid label name ${goQuote(name)} in route labels`, [name]);
      }
      return labels;
    },
    'parent',
  );
}
