import { type QueryVector, type Sample } from '../datasource/datasource';
import { type Answers, Expansion } from '../evaluation/expansion';
import { type External } from '../evaluation/rule-template';
import { type AlertingRule } from '../rules/rule-group';
import { advanceAlert, type Presence, skipUnevaluated } from './advance-alert';
import { annotationsOf } from './alert-annotations';
import { alertLabels, labelsKey } from './alert-labels';
import { type AlertState, INACTIVE, isLive, NO_ALERTS, type RuleState, type TrackedAlert } from './alert-state';
import { type Labels } from '@tocsin/common/labels/label-set';

export interface AdvanceContext {
  readonly slotMs: number;
  /** Most live alerts; 0 is unlimited. */
  readonly limit: number;
  readonly external: External;
  /** To what templates query. */
  readonly answers: Answers;
}

export interface AdvancedRule extends Advanced {
  /** Expressions templates asked for and had no answer to: all else counts only once they have. */
  readonly asked: ReadonlySet<string>;
  /** Why a template could not be expanded; null when all could. The rule goes on. */
  readonly templateFailure: string | null;
}

interface Advanced {
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
  const expansion = new Expansion({ ...context, alert: rule.name, sampleCount: result.samples.length });
  const advanced = advanceWith(rule, prev, result, context, expansion);
  return { ...advanced, asked: expansion.asked, templateFailure: expansion.failure };
}

function advanceWith(
  rule: AlertingRule,
  prev: RuleState,
  result: QueryVector,
  context: AdvanceContext,
  expansion: Expansion,
): Advanced {
  if (result.samples.length === 0 && prev.size === 0) return { state: prev, isChanged: false, error: null };
  const seen = seenAlerts(rule, result.samples, expansion);
  if (seen === null) {
    const error = 'vector contains metrics with the same labelset after applying alert labels';
    return { state: prev, isChanged: false, error };
  }
  const all = advanceAll(rule, prev, seen, result, context, expansion, true);
  const { limit } = context;
  if (limit <= 0) return { ...all, error: null };
  const live = countLive(all.state);
  if (live <= limit) return { ...all, error: null };
  const error = `exceeded limit of ${limit} with ${live} alerts`;
  return { ...advanceAll(rule, prev, seen, result, context, expansion, false), error };
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
  expansion: Expansion,
): ReadonlyMap<string, SeenAlert> | null {
  const seen = new Map<string, SeenAlert>();
  for (const sample of samples) {
    const labels = alertLabels(rule, sample, expansion);
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
  expansion: Expansion,
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
    const annotated = annotationsOf(rule.annotationTemplates, sample, external, known, expansion);
    const { annotations, annotationSource } = annotated;
    const changed = { labels: known?.labels ?? labels, annotations, annotationSource, value: sample.value, state };
    next.set(key, annotated === known && state === known.state ? known : changed);
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
