import { type Silence, type SilenceMatcher, type SilenceState, type StoredSilence } from './silence';

/** Which silences are wanted; everything must hold. */
export interface SilenceFilter {
  /** Each must be written exactly like this in a silence. */
  readonly matchers: readonly SilenceMatcher[];
  /** By the state for muting. */
  readonly states: ReadonlySet<SilenceState>;
}

/** State as the API tells it. Source: Alertmanager `CurrentState`: over from its end on, where muting includes it. */
export function apiState(
  { startsAtMs, endsAtMs }: Pick<Silence, 'startsAtMs' | 'endsAtMs'>,
  nowMs: number,
): SilenceState {
  if (nowMs < startsAtMs) return 'pending';
  return nowMs < endsAtMs ? 'active' : 'expired';
}

/** Whether every matcher of the filter is one of the silence's, in one of its sets. */
export function hasMatchers({ matcherSets }: Silence, wanted: readonly SilenceMatcher[]): boolean {
  const isWanted = (set: readonly SilenceMatcher[]): boolean =>
    wanted.every(({ name, op, value }) => set.some((own) => own.name === name && own.op === op && own.value === value));
  return matcherSets.some(isWanted);
}

/** Active ones by their end, then pending ones by their start, then expired ones, the last ended first. Source:
 *  Alertmanager `SortSilences`. */
export function sortSilences(silences: readonly StoredSilence[], nowMs: number): StoredSilence[] {
  const rank = { active: 0, pending: 1, expired: 2 };
  const keyed = silences.map((silence) => {
    const state = apiState(silence, nowMs);
    const key = state === 'pending' ? silence.startsAtMs : state === 'active' ? silence.endsAtMs : -silence.endsAtMs;
    return { silence, rank: rank[state], key };
  });
  keyed.sort((a, b) => a.rank - b.rank || a.key - b.key || (a.silence.id < b.silence.id ? -1 : 1));
  return keyed.map(({ silence }) => silence);
}
