import { type Matcher } from '@tocsin/common/matchers/matcher';

/** Alerts that match `target` are muted while one that matches `source` fires, with the same values of the labels in
 *  `equal` (an absent label is ''). Source: Alertmanager configuration, `inhibit_rule`. */
export interface InhibitRule {
  /** '' when it has none. */
  readonly name: string;
  /** Empty: matches everything. */
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  readonly equal: readonly string[];
}

/** What inhibits an alert: one object as long as it is one answer, however many alerts it is the answer for. */
export interface Inhibitor {
  readonly kind: 'inhibition';
  /** Of the source alert. */
  readonly fingerprint: string;
  /** Index of the rule in the file. */
  readonly rule: number;
  /** The rule's name, or `#<number>` counted from 1. */
  readonly ruleName: string;
}
