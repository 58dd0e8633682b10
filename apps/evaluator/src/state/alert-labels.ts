import { type Labels, labelsOf, sortedNames } from '@tocsin/common/labels/label-set';
import { type Expansion } from '../evaluation/expansion';
import { type Sample } from '../datasource/datasource';
import { type AlertingRule } from '../rules/rule-group';

/** Labels of the alert a sample makes: its own, overwritten by the rule's, without empty ones and the metric name. */
export function alertLabels(rule: AlertingRule, sample: Sample, expansion: Expansion): Labels {
  const labels = new Map<string, string>();
  for (const name of Object.keys(sample.labels)) {
    if (name !== '__name__') labels.set(name, sample.labels[name] ?? '');
  }
  const { texts } = expansion.expandAll(rule.labelTemplates, sample);
  for (const name of Object.keys(texts)) labels.set(name, texts[name] ?? '');
  labels.set('alertname', rule.name);
  for (const [name, value] of labels) if (value === '') labels.delete(name);
  return labelsOf(labels);
}

/** What tells alerts of a rule apart: the labels as one text, lengths in front so that no text can imitate another. */
export function labelsKey(labels: Labels): string {
  let key = '';
  for (const name of sortedNames(labels)) {
    const value = labels[name] ?? '';
    key += `${name.length}:${name}${value.length}:${value}`;
  }
  return key;
}
