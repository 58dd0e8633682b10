import { type Decoder, list, object, string, withDefault } from '@tocsin/common/config/decode';
import { receiver, type ReceiverFields } from '../receivers/receiver.schema';
import { routeDecoder, type RouteDecoderOptions, type RouteFields } from '../routing/route.schema';
import { globalConfig, type GlobalConfig } from './global.schema';
import { unsupported } from './unsupported.schema';

/** `alertmanager.yml` as written, with the defaults of `global`. */
export interface ConfigFile {
  readonly global: GlobalConfig;
  readonly route: RouteFields | null;
  readonly receivers: readonly ReceiverFields[];
  /** File patterns. */
  readonly templates: readonly string[];
}

/** Source: Alertmanager configuration file. What concerns several sections at once is for `checkSections`. */
export function configDecoder(options: RouteDecoderOptions): Decoder<ConfigFile> {
  const fields = object(
    {
      global: globalConfig,
      route: withDefault(routeDecoder(options), null),
      inhibit_rules: unsupported('inhibit_rules'),
      receivers: withDefault(list(receiver), []),
      templates: withDefault(list(string), []),
      mute_time_intervals: unsupported('mute_time_intervals'),
      time_intervals: unsupported('time_intervals'),
      tracing: unsupported('tracing'),
      event_recorder: unsupported('event_recorder'),
    },
    'config.plain',
  );
  return fields;
}
