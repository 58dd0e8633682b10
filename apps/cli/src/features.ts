import { type MatcherMode } from '@tocsin/common/matchers/parse-matchers';

export type ParsedFeatures =
  | { ok: true; matcherMode: MatcherMode; /** Known, but without effect in this version. */ withoutEffect: string[] }
  | { ok: false; error: string };

const MODES = new Map<string, MatcherMode>([
  ['classic-mode', 'classic'],
  ['utf8-strict-mode', 'utf8'],
]);

const WITHOUT_EFFECT = [
  'alert-names-in-metrics',
  'receiver-name-in-metrics',
  'group-key-in-metrics',
  'auto-gomemlimit',
  'event-recorder',
];

/** Reads Alertmanager's `--enable-feature`. */
export function parseFeatures(text: string): ParsedFeatures {
  const names = text.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !MODES.has(name) && !WITHOUT_EFFECT.includes(name));
  if (unknown !== undefined) return { ok: false, error: `unknown option '${unknown}' for --enable-feature` };
  const modes = new Set(names.flatMap((name) => MODES.get(name) ?? []));
  if (modes.size > 1) return { ok: false, error: 'cannot have both classic and UTF-8 modes enabled' };
  const [matcherMode = 'fallback'] = modes;
  return { ok: true, matcherMode, withoutEffect: names.filter((name) => WITHOUT_EFFECT.includes(name)) };
}
