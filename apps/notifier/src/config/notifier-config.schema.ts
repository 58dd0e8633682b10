import { custom, type Decoder, list, object, string, withDefault } from '@tocsin/common/config/decode';
import { eventRecorder, type EventRecorderFields } from '../event-recorder/event-recorder.schema';
import { inhibitRuleDecoder, type InhibitRuleFields } from '../inhibition/inhibit-rule.schema';
import { receiver, type ReceiverFields } from '../receivers/receiver.schema';
import { routeDecoder, type RouteFields } from '../routing/route.schema';
import { type NamedInterval, namedInterval } from '../time-intervals/time-interval.schema';
import { type TracingConfig } from '../tracing/tracing-config';
import { tracing } from '../tracing/tracing.schema';
import { globalConfig, type GlobalConfig } from './global.schema';
import { type MatcherOptions } from './matchers.schema';

/** `alertmanager.yml` as written, with the defaults of `global`. */
export interface ConfigFile {
  readonly global: GlobalConfig;
  readonly route: RouteFields | null;
  readonly inhibitRules: readonly InhibitRuleFields[];
  readonly receivers: readonly ReceiverFields[];
  /** File patterns. */
  readonly templates: readonly string[];
  /** The older list; both lists share their names. */
  readonly muteTimeIntervals: readonly NamedInterval[];
  readonly timeIntervals: readonly NamedInterval[];
  readonly tracing: TracingConfig | null;
  readonly eventRecorder: EventRecorderFields | null;
}

/** Source: Alertmanager configuration file. What concerns several sections at once is for `checkSections`. */
export function configDecoder(options: MatcherOptions): Decoder<ConfigFile> {
  const fields = object(
    {
      global: globalConfig,
      route: withDefault(routeDecoder(options), null),
      inhibit_rules: withDefault(list(inhibitRuleDecoder(options)), []),
      receivers: withDefault(list(receiver), []),
      templates: withDefault(list(string), []),
      mute_time_intervals: withDefault(list(namedInterval('mute time interval')), []),
      time_intervals: withDefault(list(namedInterval('time interval')), []),
      tracing,
      event_recorder: eventRecorder,
    },
    'config.plain',
  );
  return custom(fields, (raw) => ({
    global: raw.global,
    route: raw.route,
    inhibitRules: raw.inhibit_rules,
    receivers: raw.receivers,
    templates: raw.templates,
    muteTimeIntervals: raw.mute_time_intervals,
    timeIntervals: raw.time_intervals,
    tracing: raw.tracing ?? null,
    eventRecorder: raw.event_recorder ?? null,
  }));
}
