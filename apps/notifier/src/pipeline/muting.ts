import { type Labels } from '@tocsin/common/labels/label-set';
import { type Inhibitor } from '../inhibition/inhibit-rule';
import { type Route } from '../routing/route';

/** What muting is asked about. */
export interface Mutable {
  readonly fingerprint: string;
  readonly labels: Labels;
}

/** Why a whole group is muted by the time of its flush. */
export interface TimeMute {
  readonly kind: 'active_time_interval' | 'mute_time_interval';
  /** Names of the intervals: of those it is in, or (active) of all it is outside of. */
  readonly names: readonly string[];
}

/** Why an alert is muted. `kind` is the label of Alertmanager's metric. */
export type MutedBy = Inhibitor | TimeMute | { readonly kind: 'silence'; readonly ids: readonly string[] };

/** Who mutes what at one moment; look-ups in memory. */
export interface Muting {
  inhibitedBy(alert: Mutable): Inhibitor | null;
  /** Why all of a route is muted at this time of day; null: it is not. */
  timeMute(route: Pick<Route, 'muteTimeIntervals' | 'activeTimeIntervals'>): TimeMute | null;
  /** Ids of active silences; empty: none. */
  silencedBy(alert: Mutable): readonly string[];
}

/** Nothing is muted. */
export const NO_MUTING: Muting = {
  inhibitedBy: () => null,
  timeMute: () => null,
  silencedBy: () => [],
};
