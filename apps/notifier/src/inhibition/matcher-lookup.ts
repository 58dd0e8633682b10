import { labelValue, type Labels } from '@tocsin/common/labels/label-set';
import { type Matcher, matchesLabels } from '@tocsin/common/matchers/matcher';

/**
 * Finds which of many matcher lists a label set satisfies, without trying them all: a list that wants certain values of
 * a label is found by the value.
 */
export class MatcherLookup {
  /** Label name → value → positions of lists, ascending. */
  private readonly byLabel = new Map<string, Map<string, number[]>>();
  /** Lists that must be tried against everything. */
  private readonly others: number[] = [];

  constructor(private readonly lists: readonly (readonly Matcher[])[]) {
    const uses = countUses(lists);
    for (const [position, list] of lists.entries()) {
      const condition = mostSelective(list, uses);
      if (condition === null) this.others.push(position);
      else for (const value of condition.values) this.positions(condition.name, value).push(position);
    }
  }

  /** Positions of the lists that may match, ascending: no other can. */
  candidates(labels: Labels): readonly number[] {
    let found = this.others;
    for (const [name, byValue] of this.byLabel) {
      const positions = byValue.get(labelValue(labels, name) ?? '');
      if (positions !== undefined) found = found.length === 0 ? positions : [...found, ...positions];
    }
    return found === this.others || this.byLabel.size === 1 && this.others.length === 0 ? found : [...found].sort(ascending);
  }

  matches(position: number, labels: Labels): boolean {
    return matchesLabels(this.lists[position]!, labels);
  }

  private positions(name: string, value: string): number[] {
    let byValue = this.byLabel.get(name);
    if (byValue === undefined) this.byLabel.set(name, (byValue = new Map()));
    let positions = byValue.get(value);
    if (positions === undefined) byValue.set(value, (positions = []));
    return positions;
  }
}
