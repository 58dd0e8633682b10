import { type Labels } from '@tocsin/common/labels/label-set';
import { parseRuleTemplate, type RuleTemplate } from '../evaluation/rule-template';
import { type GroupEntry, type RuleFile } from './rule-file.schema';
import { type AlertingRule, groupIdOf, type NamedTemplates, type RuleGroup, ruleIds } from './rule-group';

export interface RuleDefaults {
  /** Source: `global.evaluation_interval`. Default 60 000. */
  readonly intervalMs: number;
  /** Source: `global.rule_query_offset`. Default 0. */
  readonly queryOffsetMs: number;
}

/** The groups of a checked file. */
export function compileRules(file: string, { groups }: RuleFile, defaults: RuleDefaults): RuleGroup[] {
  return groups.map((group) => ({
    id: groupIdOf(file, group.name),
    file,
    name: group.name,
    intervalMs: group.interval || defaults.intervalMs,
    queryOffsetMs: group.query_offset ?? defaults.queryOffsetMs,
    limit: Math.max(0, group.limit),
    rules: compileGroup(group),
  }));
}

function compileGroup(group: GroupEntry): AlertingRule[] {
  const named = group.rules.map((rule) => ({ rule, name: rule.alert, labels: { ...group.labels, ...rule.labels } }));
  const ids = ruleIds(named);
  return named.map(({ rule, name, labels }, at) => ({
    id: ids[at] ?? '',
    name,
    expr: rule.expr.trim(),
    forMs: rule.for,
    keepFiringForMs: rule.keep_firing_for,
    labels,
    annotations: rule.annotations,
    labelTemplates: templatesOf(name, labels),
    annotationTemplates: templatesOf(name, rule.annotations),
  }));
}

/** The check of the file has refused what is no template. */
function templatesOf(alert: string, texts: Labels): NamedTemplates {
  return Object.entries(texts).map(([name, text]): [string, RuleTemplate] => {
    const parsed = parseRuleTemplate(alert, text);
    return [name, parsed.ok ? parsed.template : text];
  });
}
