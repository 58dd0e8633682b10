import { type Labels, labelsOf, sortedNames } from '@tocsin/common/labels/label-set';
import { type External, expandTemplate } from '../evaluation/template';
import { type Sample } from '../datasource/datasource';
import { type AlertingRule, type NamedTemplates } from '../rules/rule-group';

/** Labels of the alert a sample makes: its own, overwritten by the rule's, without empty ones and the metric name. */
export function alertLabels(rule: AlertingRule, sample: Sample, external: External): Labels {
  const labels = new Map<string, string>();
  for (const name of Object.keys(sample.labels)) {
    if (name !== '__name__') labels.set(name, sample.labels[name] ?? '');
  }
  for (const [name, template] of rule.labelTemplates) labels.set(name, expandTemplate(template, sample, external));
  labels.set('alertname', rule.name);
  for (const [name, value] of labels) if (value === '') labels.delete(name);
  return labelsOf(labels);
}

/** The annotations of the alert a sample makes. */
export function expandAll(templates: NamedTemplates, sample: Sample, external: External): Labels {
  return labelsOf(templates.map(([name, template]) => [name, expandTemplate(template, sample, external)] as const));
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
