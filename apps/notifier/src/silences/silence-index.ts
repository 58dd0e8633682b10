import { labelValue, type Labels } from '@tocsin/common/labels/label-set';
import { type Condition, ConditionPool } from './condition';
import { LabelIndex } from './label-index';
import { type SilenceMatcher } from './silence';

/** One set of matchers and whom it belongs to. */
export interface IndexedSet<Owner> {
  readonly owner: Owner;
  /** Cheapest first. */
  readonly conditions: readonly Condition[];
  readonly anchor: Anchor | null;
}

/** Where a set is found: by which of its conditions, and how. */
type Anchor =
  | { readonly kind: 'values'; readonly name: string; readonly keys: Iterable<string> }
  | { readonly kind: 'prefixes'; readonly name: string; readonly keys: Iterable<string> }
  | { readonly kind: 'suffix'; readonly name: string; readonly key: string }
  | { readonly kind: 'tested'; readonly name: string; readonly condition: Condition };

/** So many more sets may be found by one look-up before testing a regex instead is worth it. */
const TEST_PENALTY = 16;

/** Few of the regexes that are tested find anything, and each is tested once for all alerts with the same value. */
const TEST_SHARE = 1 / 16;

/** More alternatives than this are no help in finding a set. */
const MAX_KEYS = 64;

/**
 * Sets of matchers, found by label set.
 *
 * Each set is kept under the one of its matchers that fewest others are kept under: a value it demands (`=`, alternatives
 * of literal text), text its values start or end with, or else a regex that is tested once for each value of the label. What
 * demands nothing (only negative matchers, or ones an absent label satisfies) is tested against every label set.
 */
export class SilenceIndex<Owner> {
  private readonly labels = new Map<string, LabelIndex<IndexedSet<Owner>>>();
  private readonly always = new Set<IndexedSet<Owner>>();
  private readonly pool = new ConditionPool();

  add(owner: Owner, matchers: readonly SilenceMatcher[]): IndexedSet<Owner> {
    const conditions = matchers.map((matcher) => this.pool.take(matcher)).sort((a, b) => a.cost - b.cost);
    const set = { owner, conditions, anchor: this.bestAnchor(conditions) };
    if (set.anchor === null) this.always.add(set);
    else this.place(set.anchor, set);
    return set;
  }

  remove(set: IndexedSet<Owner>): void {
    for (const condition of set.conditions) this.pool.giveBack(condition);
    if (set.anchor === null) this.always.delete(set);
    else this.displace(set.anchor, set);
  }

  /** Owners of sets that match, each once. */
  owners(labels: Labels): Set<Owner> {
    const owners = new Set<Owner>();
    const take = (set: IndexedSet<Owner>): void => {
      if (!owners.has(set.owner) && isMatch(set, labels)) owners.add(set.owner);
    };
    const takeAll = (sets: readonly IndexedSet<Owner>[]): void => sets.forEach(take);
    for (const name in labels) this.labels.get(name)?.find(labels[name]!, takeAll);
    this.always.forEach(take);
    return owners;
  }

  private bestAnchor(conditions: readonly Condition[]): Anchor | null {
    let best: { anchor: Anchor; load: number } | null = null;
    for (const anchor of conditions.flatMap(anchorsOf)) {
      const load = this.loadOf(anchor);
      if (best === null || load < best.load) best = { anchor, load };
    }
    return best?.anchor ?? null;
  }

  private loadOf(anchor: Anchor): number {
    const index = this.labels.get(anchor.name);
    switch (anchor.kind) {
      case 'values':
        return index?.loadOfValues(anchor.keys) ?? 0;
      case 'prefixes':
        return index?.loadOfPrefixes(anchor.keys) ?? 0;
      case 'suffix':
        return index?.loadOfSuffix(anchor.key) ?? 0;
      case 'tested':
        return TEST_PENALTY + (index?.loadOfTests ?? 0) * TEST_SHARE;
    }
  }

  private place(anchor: Anchor, set: IndexedSet<Owner>): void {
    let index = this.labels.get(anchor.name);
    if (index === undefined) this.labels.set(anchor.name, (index = new LabelIndex()));
    if (anchor.kind === 'values') index.addValues(anchor.keys, set);
    else if (anchor.kind === 'prefixes') index.addPrefixes(anchor.keys, set);
    else if (anchor.kind === 'suffix') index.addSuffix(anchor.key, set);
    else index.addTested(anchor.condition, set);
  }

  private displace(anchor: Anchor, set: IndexedSet<Owner>): void {
    const index = this.labels.get(anchor.name);
    if (index === undefined) return;
    if (anchor.kind === 'values') index.removeValues(anchor.keys, set);
    else if (anchor.kind === 'prefixes') index.removePrefixes(anchor.keys, set);
    else if (anchor.kind === 'suffix') index.removeSuffix(anchor.key, set);
    else index.removeTested(anchor.condition, set);
    if (index.isEmpty) this.labels.delete(anchor.name);
  }
}

/** Whether all matchers of a set match. */
export function isMatch({ conditions }: Pick<IndexedSet<unknown>, 'conditions'>, labels: Labels): boolean {
  for (const condition of conditions) if (!condition.test(labelValue(labels, condition.name) ?? '')) return false;
  return true;
}

/** None: label sets without the label may satisfy it. */
function anchorsOf(condition: Condition): Anchor[] {
  const { name, op, value, shape } = condition;
  if (op === '=') return value === '' ? [] : [{ kind: 'values', name, keys: [value] }];
  if (shape === null) return [];
  const { literals, prefixes, suffix } = shape;
  if (literals !== null && literals.size <= MAX_KEYS) {
    return literals.has('') ? [] : [{ kind: 'values', name, keys: literals }];
  }
  const tested: Anchor[] = condition.test('') ? [] : [{ kind: 'tested', name, condition }];
  if (suffix !== '') tested.push({ kind: 'suffix', name, key: suffix });
  const hasPrefixes = !prefixes.includes('') && prefixes.length <= MAX_KEYS;
  return hasPrefixes ? [{ kind: 'prefixes', name, keys: prefixes }, ...tested] : tested;
}
