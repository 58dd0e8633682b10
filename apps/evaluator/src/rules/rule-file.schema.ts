import {
  type Decoded,
  duration,
  int,
  list,
  map,
  object,
  optional,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { type YamlDocument, type YamlFinding, type YamlPath } from '@tocsin/common/config/yaml-document';
import { isValidLabelName, isValidUtf8, type LabelNameMode } from '@tocsin/common/labels/label-set';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { parseRuleTemplate } from '../evaluation/rule-template';

const text = withDefault(string, '');
const texts = withDefault(map(string), {});

const ruleDecoder = object(
  {
    record: text,
    alert: text,
    expr: text,
    for: withDefault(duration, 0),
    keep_firing_for: withDefault(duration, 0),
    labels: texts,
    annotations: texts,
  },
  'rulefmt.Rule',
);

const groupDecoder = object(
  {
    name: text,
    interval: withDefault(duration, 0),
    query_offset: optional(duration),
    limit: withDefault(int, 0),
    rules: withDefault(list(ruleDecoder), []),
    labels: texts,
  },
  'rulefmt.RuleGroup',
);

/** A rule file as written. Source: Prometheus, recording and alerting rules. */
export const ruleFile = object({ groups: withDefault(list(groupDecoder), []) }, 'rulefmt.RuleGroups');

export type RuleFile = Decoded<typeof ruleFile>;
export type GroupEntry = RuleFile['groups'][number];
export type RuleEntry = GroupEntry['rules'][number];

/** What is wrong with the meaning of a rule file. Expressions are not parsed here. Source of texts: Prometheus. */
export function checkRuleFile(file: RuleFile, document: YamlDocument, mode: LabelNameMode): YamlFinding[] {
  const findings: YamlFinding[] = [];
  const report = (path: YamlPath, message: string): void => void findings.push(document.finding(path, message));
  const names = new Set<string>();
  file.groups.forEach((group, at) => {
    const path = ['groups', at];
    if (group.name === '') report(path, 'Groupname must not be empty');
    if (names.has(group.name)) report(path, `groupname: ${goQuote(group.name)} is repeated in the same file`);
    names.add(group.name);
    // Recording rules take labels as they are written.
    const alert = group.rules.find(({ alert }) => alert !== '')?.alert;
    for (const [name, value] of Object.entries(group.labels)) {
      for (const problem of labelProblems(name, value, mode)) report([...path, 'labels', name], problem);
      const problem = alert === undefined ? null : templateProblem(alert, 'label', name, value);
      if (problem !== null) report([...path, 'labels', name], problem);
    }
    group.rules.forEach((rule, index) => {
      const rulePath = [...path, 'rules', index];
      const where = `group ${goQuote(group.name)}, rule ${index + 1}, ${goQuote(rule.alert || rule.record)}`;
      if (rule.record !== '' && rule.alert !== '') {
        const { line, column } = document.positionOf([...rulePath, 'alert']);
        const message = "only one of 'record' and 'alert' must be set";
        report([...rulePath, 'record'], `${line}:${column}: ${where}: ${message}`);
      }
      for (const { field, message } of ruleProblems(rule, mode))
        report([...rulePath, ...field], `${where}: ${message}`);
    });
  });
  return findings;
}

interface RuleProblem {
  readonly field: YamlPath;
  readonly message: string;
}

function ruleProblems(rule: RuleEntry, mode: LabelNameMode): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const report = (field: YamlPath, message: string): void => void problems.push({ field, message });
  if (rule.record === '' && rule.alert === '') report([], "one of 'record' or 'alert' must be set");
  if (rule.expr.trim() === '') report([], "field 'expr' must be set in rule");
  if (rule.record !== '') for (const problem of recordProblems(rule, mode)) problems.push(problem);
  for (const [name, value] of Object.entries(rule.labels)) {
    for (const problem of labelProblems(name, value, mode)) report(['labels', name], problem);
  }
  for (const name of Object.keys(rule.annotations)) {
    if (!isValidLabelName(name, mode)) report(['annotations', name], `invalid annotation name: ${name}`);
  }
  if (rule.alert === '') return problems;
  for (const [kind, values] of [
    ['label', rule.labels],
    ['annotation', rule.annotations],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      const problem = templateProblem(rule.alert, kind, name, value);
      if (problem !== null) report([`${kind}s`, name], problem);
    }
  }
  return problems;
}

function templateProblem(alert: string, kind: 'label' | 'annotation', name: string, value: string): string | null {
  const parsed = parseRuleTemplate(alert, value);
  return parsed.ok ? null : `${kind} ${goQuote(name)}: ${parsed.error}`;
}

function recordProblems(rule: RuleEntry, mode: LabelNameMode): RuleProblem[] {
  const problems: RuleProblem[] = [
    {
      field: ['record'],
      message: 'recording rules need a remote write target, which is not supported yet by this version of Tocsin',
    },
  ];
  const report = (field: YamlPath, message: string): void => void problems.push({ field, message });
  if (Object.keys(rule.annotations).length > 0)
    report(['annotations'], "invalid field 'annotations' in recording rule");
  if (rule.for !== 0) report(['for'], "invalid field 'for' in recording rule");
  if (rule.keep_firing_for !== 0) report(['keep_firing_for'], "invalid field 'keep_firing_for' in recording rule");
  if (!isMetricName(rule.record, mode)) report(['record'], `invalid recording rule name: ${rule.record}`);
  else if (/[{}]/.test(rule.record)) {
    const question = 'braces present in the recording rule name; should it be in expr?';
    report(['record'], `${question}: ${rule.record}`);
  }
  return problems;
}

function isMetricName(name: string, mode: LabelNameMode): boolean {
  return mode === 'classic' ? /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) : isValidUtf8(name);
}

function labelProblems(name: string, value: string, mode: LabelNameMode): string[] {
  const problems: string[] = [];
  if (!isValidLabelName(name, mode) || name === '__name__') problems.push(`invalid label name: ${name}`);
  if (!isValidUtf8(value)) problems.push(`invalid label value: ${value}`);
  return problems;
}
