import { type Matcher } from '@tocsin/common/matchers/matcher';
import { type OnMuted } from '../delivery/delivery-limits';

/** One node of the routing tree with everything inherited. */
export interface Route {
  /** Stable identity: hash of the matchers, receiver and grouping from the root to here; identical twins get an
   *  ordinal. Does not depend on position, timers or unrelated routes. */
  readonly id: string;
  /** Alertmanager's route key: `{}/{severity="critical"}`. Not unique. */
  readonly key: string;
  readonly matchers: readonly Matcher[];
  readonly receiver: string;
  /** Label names alerts are grouped by; `all` for `group_by: ['...']`. Default none: one group. */
  readonly groupBy: readonly string[] | 'all';
  /** Wait before a new group's first notification, ms. Default 30 000. */
  readonly groupWaitMs: number;
  /** Time between flushes of a group, ms. Default 300 000. */
  readonly groupIntervalMs: number;
  /** Time after which an unchanged notification is sent again, ms. Default 14 400 000. */
  readonly repeatIntervalMs: number;
  /** Names of time intervals; not inherited. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  /** Inherited. Default ignore. */
  readonly onMuted: OnMuted;
  readonly continue: boolean;
  /** Route labels, templates unexpanded. */
  readonly labels: Readonly<Record<string, string>>;
  readonly children: readonly Route[];
}

export interface RouteTree {
  readonly root: Route;
  /** Lane of the due queue `groups` for this tree: hash of all route ids. */
  readonly lane: string;
  readonly byId: ReadonlyMap<string, Route>;
}
