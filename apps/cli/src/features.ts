import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';

/** What `--enable-feature` asks for. */
export interface Features {
  readonly matcherMode: MatcherMode;
  readonly receiverNameInMetrics: boolean;
  readonly alertNamesInMetrics: boolean;
  readonly groupKeyInMetrics: boolean;
  readonly eventRecorder: boolean;
  /** Accepted, without effect: memory is the runtime's to manage. */
  readonly autoMemoryLimit: boolean;
}

export type ParsedFeatures = { ok: true; features: Features } | { ok: false; error: string };

const KNOWN: readonly string[] = [
  'alert-names-in-metrics',
  'receiver-name-in-metrics',
  'group-key-in-metrics',
  'classic-mode',
  'utf8-strict-mode',
  'auto-gomemlimit',
  'event-recorder',
];

/** Reads Alertmanager's `--enable-feature`. */
export function parseFeatures(text: string): ParsedFeatures {
  const names = new Set(text.split(',').filter((name) => name !== ''));
  const unknown = [...names].find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return { ok: false, error: `unknown option '${unknown}' for --enable-feature` };
  if (names.has('classic-mode') && names.has('utf8-strict-mode'))
    return { ok: false, error: 'cannot have both classic and UTF-8 modes enabled' };
  return {
    ok: true,
    features: {
      matcherMode: names.has('classic-mode') ? 'classic' : names.has('utf8-strict-mode') ? 'utf8' : 'fallback',
      receiverNameInMetrics: names.has('receiver-name-in-metrics'),
      alertNamesInMetrics: names.has('alert-names-in-metrics'),
      groupKeyInMetrics: names.has('group-key-in-metrics'),
      eventRecorder: names.has('event-recorder'),
      autoMemoryLimit: names.has('auto-gomemlimit'),
    },
  };
}
