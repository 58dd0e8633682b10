import { type Labels } from '@tocsin/common/labels/label-set';
import { type External } from '../evaluation/rule-template';
import { type NamedTemplates } from '../rules/rule-group';

/**
 * Where one alert of a rule stands. Instants are slots, epoch ms.
 *
 *              seen                  `for` is over                not seen, `keep_firing_for` is over
 *   inactive ────────▶ pending ────────────────────▶ firing ──────────────────────────────────────▶ resolved
 *      ▲                 │  ▲                           │                                             │   │
 *      │     not seen    │  └── `for` was raised ───────┘                                             │   │
 *      ├─────────────────┘  ▲                                          seen: a new alert              │   │
 *      │                    └─────────────────────────────────────────────────────────────────────────┘   │
 *      └──────────────────────────────────────────────────────────────── kept for 15 minutes ─────────────┘
 */
export type AlertState = Inactive | Pending | Firing | Resolved;

export interface Inactive {
  readonly phase: 'inactive';
}

export interface Pending {
  readonly phase: 'pending';
  /** When it was first seen, moved on by the time in which the rule was not evaluated. */
  readonly activeAtMs: number;
}

export interface Firing {
  readonly phase: 'firing';
  readonly activeAtMs: number;
  readonly firedAtMs: number;
  readonly lastSentMs: number | null;
  /** When it was first not seen any more, while `keep_firing_for` holds it. */
  readonly keepFiringSinceMs: number | null;
}

export interface Resolved {
  readonly phase: 'resolved';
  readonly activeAtMs: number;
  readonly firedAtMs: number;
  readonly resolvedAtMs: number;
  readonly lastSentMs: number | null;
}

export const INACTIVE: Inactive = { phase: 'inactive' };

/** What annotations came from, beside the alert's value; while it is the same, so are they. */
export interface AnnotationSource {
  readonly templates: NamedTemplates;
  readonly external: External;
  /** Of the sample: two of them may make the same alert. */
  readonly labels: Labels;
}

/** An alert a rule remembers. */
export interface TrackedAlert {
  readonly labels: Labels;
  /** As of the last time it was seen, as is the value. */
  readonly annotations: Labels;
  /** Null: not known, as after a restart, or they change with time. Not stored. */
  readonly annotationSource: AnnotationSource | null;
  readonly value: number;
  readonly state: Exclude<AlertState, Inactive>;
}

/** The alerts of one rule by the text of their labels. */
export type RuleState = ReadonlyMap<string, TrackedAlert>;

export const NO_ALERTS: RuleState = new Map();

/** Whether an alert counts as active: `ALERTS` shows it, and the group's limit counts it. */
export function isLive({ state }: Pick<TrackedAlert, 'state'>): boolean {
  return state.phase !== 'resolved';
}
