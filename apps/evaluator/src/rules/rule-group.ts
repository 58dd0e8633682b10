import { createHash } from 'node:crypto';
import { type Labels, sortedNames } from '@tocsin/common/labels/label-set';
import { type RuleTemplate } from '../evaluation/rule-template';

/** One alerting rule, ready to be evaluated. */
export interface AlertingRule {
  /** Identity inside its group; survives edits of everything but name and labels. See `ruleIds`. */
  readonly id: string;
  readonly name: string;
  readonly expr: string;
  /** Time a result must be seen before it fires, ms. Default 0. */
  readonly forMs: number;
  /** Time an alert keeps firing once it is no longer seen, ms. Default 0. */
  readonly keepFiringForMs: number;
  /** Group labels merged in; templates as written. */
  readonly labels: Labels;
  /** Templates as written. */
  readonly annotations: Labels;
  readonly labelTemplates: NamedTemplates;
  readonly annotationTemplates: NamedTemplates;
}

export type NamedTemplates = readonly (readonly [name: string, template: RuleTemplate])[];

/** Rules that are evaluated together, in order. */
export interface RuleGroup {
  /** Hash of file and name. */
  readonly id: string;
  readonly file: string;
  readonly name: string;
  readonly intervalMs: number;
  /** How far before its slot a rule's query looks, ms. Default 0. */
  readonly queryOffsetMs: number;
  /** Most live alerts of one rule; 0 is unlimited. */
  readonly limit: number;
  readonly rules: readonly AlertingRule[];
}

/** What identifies a group in metrics and hashes. Source: Prometheus, label `rule_group`. */
export function groupKey(group: Pick<RuleGroup, 'file' | 'name'>): string {
  return `${group.file};${group.name}`;
}

/** Identity of a group in queues and stores, 24 hex digits. */
export function groupIdOf(file: string, name: string): string {
  return shortHash(groupKey({ file, name }));
}

/** Identities of the rules of one group: hash of name and labels; repeated ones are told apart by their order. */
export function ruleIds(rules: readonly { readonly name: string; readonly labels: Labels }[]): string[] {
  const seen = new Map<string, number>();
  return rules.map(({ name, labels }) => {
    const id = shortHash(JSON.stringify([name, sortedNames(labels).map((key) => [key, labels[key]])]));
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  });
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
