import { type Matcher } from '@tocsin/common/matchers/matcher';

/** One matcher of a silence, as written. */
export interface SilenceMatcher {
  readonly name: string;
  readonly op: Matcher['op'];
  readonly value: string;
}

/** A rule that mutes alerts for some time. Source: Alertmanager `silencepb.Silence`. */
export interface Silence {
  /** UUID. */
  readonly id: string;
  /** Sets of matchers: an alert is muted when all matchers of one set match. API v2 makes exactly one set. */
  readonly matcherSets: readonly (readonly SilenceMatcher[])[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly updatedAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A silence as the store holds it. */
export interface StoredSilence extends Silence {
  /** Grows with every write of this silence; a writer states the one it read. */
  readonly version: number;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** State for muting. Source: Alertmanager: active from `startsAt` to `endsAt`, both included. */
export function silenceState({ startsAtMs, endsAtMs }: Silence, nowMs: number): SilenceState {
  if (nowMs < startsAtMs) return 'pending';
  return nowMs > endsAtMs ? 'expired' : 'active';
}
