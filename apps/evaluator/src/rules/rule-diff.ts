import { sortedNames, type Labels } from '@tocsin/common/labels/label-set';
import { type AlertingRule, type RuleGroup } from './rule-group';

/** What a reload does to the running groups. */
export interface RuleDiff {
  readonly unchanged: readonly RuleGroup[];
  /** As they are from now on; they keep the state of the rules they still have. */
  readonly changed: readonly RuleGroup[];
  readonly added: readonly RuleGroup[];
  readonly removed: readonly RuleGroup[];
}

/** Compares by what a group does, as Prometheus does: interval, offset, limit and every rule in order. */
export function diffRules(running: readonly RuleGroup[], wanted: readonly RuleGroup[]): RuleDiff {
  const before = new Map(running.map((group) => [group.id, group]));
  const after = new Set(wanted.map(({ id }) => id));
  const unchanged: RuleGroup[] = [];
  const changed: RuleGroup[] = [];
  const added: RuleGroup[] = [];
  for (const group of wanted) {
    const old = before.get(group.id);
    if (old === undefined) added.push(group);
    else if (definition(old) === definition(group)) unchanged.push(old);
    else changed.push(group);
  }
  return { unchanged, changed, added, removed: running.filter(({ id }) => !after.has(id)) };
}

function definition(group: RuleGroup): string {
  return JSON.stringify([group.intervalMs, group.queryOffsetMs, group.limit, group.rules.map(ruleDefinition)]);
}

function ruleDefinition(rule: AlertingRule): unknown {
  return [rule.name, rule.expr, rule.forMs, rule.keepFiringForMs, pairs(rule.labels), pairs(rule.annotations)];
}

function pairs(labels: Labels): unknown {
  return sortedNames(labels).map((name) => [name, labels[name]]);
}
