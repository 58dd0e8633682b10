import { labelValue, type Labels } from '@tocsin/common/labels/label-set';
import { matchesLabels } from '@tocsin/common/matchers/matcher';
import { type AlertChange, type StoredAlert } from '../alerts/alert-book';
import { type Mutable } from '../pipeline/muting';
import { type Inhibitor, type InhibitRule } from './inhibit-rule';
import { MatcherLookup } from './matcher-lookup';
import { SourcePool } from './source-pool';

/**
 * Which alerts inhibit which, kept up to date from the alert book's changes.
 *
 * The sources of a rule are kept by their values of the rule's `equal` labels, so a question looks at one place a rule,
 * however many alerts there are. Any suitable source that fires counts, whether or not it is muted itself.
 */
export class InhibitionIndex {
  private readonly rules: readonly Rule[];
  private readonly bySource: MatcherLookup;
  private readonly byTarget: MatcherLookup;
  /** Where each source alert is kept, by fingerprint; alerts that are no sources are not listed. */
  private readonly kept = new Map<string, readonly Kept[]>();

  constructor(rules: readonly InhibitRule[], alerts: Iterable<StoredAlert>) {
    this.rules = rules.map((rule, position) => ({
      ...rule,
      named: { rule: position, ruleName: rule.name || `#${position + 1}` },
      sources: new Map<string, Sources>(),
    }));
    this.bySource = new MatcherLookup(rules.map(({ source }) => source));
    this.byTarget = new MatcherLookup(rules.map(({ target }) => target));
    for (const alert of alerts) this.add(alert);
  }

  /** Follows the alert book; cheap where only times moved. */
  apply(changes: readonly AlertChange[]): void {
    for (const { fingerprint, before, after } of changes) {
      if (after === null) this.remove(fingerprint);
      else if (before === null) this.add(after);
      else this.move(after);
    }
  }

  /** What inhibits an alert (in the book or not) at this instant: a source of the first rule that has one. */
  inhibitedBy({ labels }: Mutable, nowMs: number): Inhibitor | null {
    for (const position of this.byTarget.candidates(labels)) {
      const rule = this.rules[position]!;
      const sources = rule.sources.get(valuesOf(rule.equal, labels));
      if (sources === undefined || !matchesLabels(rule.target, labels)) continue;
      const inhibitor = sourceFor(rule, sources, labels, nowMs);
      if (inhibitor !== null) return inhibitor;
    }
    return null;
  }

  private add(alert: StoredAlert): void {
    const { fingerprint, labels } = alert;
    if (this.kept.has(fingerprint)) return this.move(alert);
    const kept: Kept[] = [];
    for (const position of this.bySource.candidates(labels)) {
      const rule = this.rules[position]!;
      if (!matchesLabels(rule.source, labels)) continue;
      const place = valuesOf(rule.equal, labels);
      let sources = rule.sources.get(place);
      if (sources === undefined) {
        sources = { only: new SourcePool(rule.named), both: new SourcePool(rule.named) };
        rule.sources.set(place, sources);
      }
      const pool = matchesLabels(rule.target, labels) ? sources.both : sources.only;
      pool.set(fingerprint, alert.endsAtMs);
      kept.push({ rule, place, pool });
    }
    if (kept.length > 0) this.kept.set(fingerprint, kept);
  }

  private move({ fingerprint, endsAtMs }: StoredAlert): void {
    for (const { pool } of this.kept.get(fingerprint) ?? []) pool.set(fingerprint, endsAtMs);
  }

  private remove(fingerprint: string): void {
    for (const { rule, place, pool } of this.kept.get(fingerprint) ?? []) {
      pool.delete(fingerprint);
      const sources = rule.sources.get(place);
      if (sources?.only.isEmpty && sources.both.isEmpty) rule.sources.delete(place);
    }
    this.kept.delete(fingerprint);
  }
}

interface Rule extends InhibitRule {
  /** As inhibitors name it. */
  readonly named: Pick<Inhibitor, 'rule' | 'ruleName'>;
  /** By the values of the `equal` labels. */
  readonly sources: Map<string, Sources>;
}

/** Sources with the same values of the `equal` labels. */
interface Sources {
  /** They do not match the target side, so they inhibit every target. */
  readonly only: SourcePool;
  /** They match both sides, so they inhibit only what does not: neither themselves nor each other. */
  readonly both: SourcePool;
}

interface Kept {
  readonly rule: Rule;
  readonly place: string;
  readonly pool: SourcePool;
}

function sourceFor(rule: Rule, { only, both }: Sources, target: Labels, nowMs: number): Inhibitor | null {
  const first = only.firing(nowMs);
  const second = both.firing(nowMs);
  if (
    second === null ||
    (first !== null && first.fingerprint < second.fingerprint) ||
    matchesLabels(rule.source, target)
  )
    return first;
  return second;
}

/** The values of labels, told apart by what no label value holds: half of a surrogate pair. */
function valuesOf(names: readonly string[], labels: Labels): string {
  // A single value is taken as it is: a text made anew would have to be hashed for every question.
  if (names.length === 1) return labelValue(labels, names[0]!) ?? '';
  let values = '';
  for (const name of names) values += `${labelValue(labels, name) ?? ''}\ud800`;
  return values;
}
