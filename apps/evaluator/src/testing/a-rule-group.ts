import { compileRules } from '../rules/compile-rules';
import { type RuleEntry, type RuleFile } from '../rules/rule-file.schema';
import { type AlertingRule, type RuleGroup } from '../rules/rule-group';

type RuleText = Partial<Omit<RuleEntry, 'for' | 'keep_firing_for'>> & { forMs?: number; keepFiringForMs?: number };

export interface GroupText {
  file?: string;
  name?: string;
  intervalMs?: number;
  queryOffsetMs?: number;
  limit?: number;
  labels?: Record<string, string>;
  rules?: readonly RuleText[];
}

/** A rule group as its file would give it: one rule `A` over `a` every minute unless told otherwise. */
export function aRuleGroup(text: GroupText = {}): RuleGroup {
  const { file = 'rules.yml', name = 'group', intervalMs = 60_000, queryOffsetMs, limit = 0, labels = {} } = text;
  const rules = (text.rules ?? [{}]).map(({ forMs = 0, keepFiringForMs = 0, ...rule }): RuleEntry => {
    const empty = { record: '', alert: 'A', expr: 'a', labels: {}, annotations: {} };
    return { ...empty, ...rule, for: forMs, keep_firing_for: keepFiringForMs };
  });
  const entry = { name, interval: intervalMs, query_offset: queryOffsetMs, limit, labels, rules };
  const [group] = compileRules(file, { groups: [entry] } satisfies RuleFile, { intervalMs: 60_000, queryOffsetMs: 0 });
  return group as RuleGroup;
}

export function aRule(text: RuleText = {}): AlertingRule {
  return aRuleGroup({ rules: [text] }).rules[0] as AlertingRule;
}
