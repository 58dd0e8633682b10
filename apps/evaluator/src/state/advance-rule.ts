import { type QueryVector, type Sample } from '../datasource/datasource';
import { type External } from '../evaluation/template';
import { type AlertingRule } from '../rules/rule-group';
import { advanceAlert, type Presence, skipUnevaluated } from './advance-alert';
import { alertLabels, expandAll, labelsKey } from './alert-labels';
import { type AlertState, INACTIVE, isLive, NO_ALERTS, type RuleState, type TrackedAlert } from './alert-state';
import { type Labels } from '@tocsin/common/labels/label-set';

export interface AdvanceContext {
  readonly slotMs: number;
  /** Most live alerts; 0 is unlimited. */
  readonly limit: number;
  readonly external: External;
}

export interface AdvancedRule {
  readonly state: RuleState;
  /** Whether more than values and annotations changed: what must be saved. */
  readonly isChanged: boolean;
  /** Why the rule failed; null when it did not. */
  readonly error: string | null;
}

/**
 * The alerts of a rule after one successful query.
 *
 * Intended difference to Prometheus: above the limit the rule fails as there, but the alerts it has are kept and go on,
 * and only new ones are not taken in. (Prometheus forgets all of them: receivers then see alerts end that did not.)
 */
export function advanceRule(
  rule: AlertingRule,
  prev: RuleState,
  result: QueryVector,
  context: AdvanceContext,
): AdvancedRule {
  if (result.samples.length === 0 && prev.size === 0) return { state: prev, isChanged: false, error: null };
  const seen = seenAlerts(rule, result.samples, context.external);
  if (seen === null) {
    const error = 'vector contains metrics with the same labelset after applying alert labels';
    return { state: prev, isChanged: false, error };
  }
  const all = advanceAll(rule, prev, seen, result, context, true);
  const { limit } = context;
  if (limit <= 0) return { ...all, error: null };
  const live = countLive(all.state);
  if (live <= limit) return { ...all, error: null };
  const error = `exceeded limit of ${limit} with ${live} alerts`;
  return { ...advanceAll(rule, prev, seen, result, context, false), error };
}

/** The alerts of a rule after time in which it was not evaluated. */
export function afterGap(prev: RuleState, unevaluatedMs: number, toleranceMs: number): RuleState {
  if (unevaluatedMs <= 0) return prev;
  let isChanged = false;
  const next = new Map<string, TrackedAlert>();
  for (const [key, alert] of prev) {
    const state = skipUnevaluated(alert.state, unevaluatedMs, toleranceMs);
    isChanged ||= state !== alert.state;
    if (state.phase !== 'inactive') next.set(key, { ...alert, state });
  }
  return isChanged ? next : prev;
}

interface SeenAlert {
  readonly labels: Labels;
  readonly sample: Sample;
}

/** Null when two samples make the same alert. */
function seenAlerts(
  rule: AlertingRule,
  samples: readonly Sample[],
  external: External,
): ReadonlyMap<string, SeenAlert> | null {
  const seen = new Map<string, SeenAlert>();
  for (const sample of samples) {
    const labels = alertLabels(rule, sample, external);
    seen.set(labelsKey(labels), { labels, sample });
  }
  return seen.size === samples.length ? seen : null;
}

function advanceAll(
  rule: AlertingRule,
  prev: RuleState,
  seen: ReadonlyMap<string, SeenAlert>,
  { isComplete }: QueryVector,
  { slotMs, external }: AdvanceContext,
  admitsNew: boolean,
): { state: RuleState; isChanged: boolean } {
  const next = new Map<string, TrackedAlert>();
  let isChanged = false;
  const advance = (known: TrackedAlert | undefined, presence: Presence): AlertState => {
    const before = known?.state ?? INACTIVE;
    const after = advanceAlert(before, presence, rule, slotMs);
    if (after !== before) isChanged = true;
    return after;
  };

  for (const [key, { labels, sample }] of seen) {
    const known = prev.get(key);
    const isNew = known === undefined || !isLive(known);
    if (isNew && !admitsNew) continue;
    const state = advance(known, 'seen');
    if (state.phase === 'inactive') continue;
    const annotations = expandAll(rule.annotationTemplates, sample, external);
    next.set(key, { labels: known?.labels ?? labels, annotations, value: sample.value, state });
  }
  for (const [key, known] of prev) {
    if (next.has(key)) continue;
    const state = advance(known, isComplete ? 'absent' : 'unknown');
    if (state.phase !== 'inactive') next.set(key, state === known.state ? known : { ...known, state });
  }
  return { state: next.size === 0 ? NO_ALERTS : next, isChanged };
}

function countLive(state: RuleState): number {
  let live = 0;
  for (const alert of state.values()) if (isLive(alert)) live++;
  return live;
}
