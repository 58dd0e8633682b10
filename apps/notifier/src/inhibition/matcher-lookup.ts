import { labelValue, type Labels } from '@tocsin/common/labels/label-set';
import { type Matcher } from '@tocsin/common/matchers/matcher';

/**
 * Finds those of many matcher lists that a label set may satisfy, without trying them all: a list that wants certain
 * values of a label is found by the value.
 */
export class MatcherLookup {
  /** Label name → value → positions of lists, ascending. */
  private readonly byLabel = new Map<string, Map<string, number[]>>();
  /** Lists that must be tried against everything, ascending. */
  private readonly others: number[] = [];

  constructor(lists: readonly (readonly Matcher[])[]) {
    const uses = countUses(lists);
    for (const [position, list] of lists.entries()) {
      const condition = mostSelective(list, uses);
      if (condition === null) this.others.push(position);
      else for (const value of condition.values) this.positions(condition.name, value).push(position);
    }
  }

  /** Positions of the lists that may match, ascending: no other can. */
  candidates(labels: Labels): readonly number[] {
    const found = this.others.length === 0 ? [] : [this.others];
    for (const [name, byValue] of this.byLabel) {
      const positions = byValue.get(labelValue(labels, name) ?? '');
      if (positions !== undefined) found.push(positions);
    }
    // A list stands in one place only, so nothing is there twice.
    return found.length > 1 ? found.flat().sort((a, b) => a - b) : (found[0] ?? NONE);
  }

  private positions(name: string, value: string): number[] {
    let byValue = this.byLabel.get(name);
    if (byValue === undefined) this.byLabel.set(name, (byValue = new Map<string, number[]>()));
    let positions = byValue.get(value);
    if (positions === undefined) byValue.set(value, (positions = []));
    return positions;
  }
}

const NONE: readonly number[] = [];

/** A label and all the values with which it satisfies its matcher. */
interface Condition {
  readonly name: string;
  readonly values: readonly string[];
}

function conditionOf({ name, op, value, regex }: Matcher): Condition | null {
  if (op === '=') return { name, values: [value] };
  return op === '=~' && regex?.literals ? { name, values: [...regex.literals] } : null;
}

/** How many lists use a value of a label: `severity="critical"` tells less about an alert than `alertname="NodeDown"`. */
function countUses(lists: readonly (readonly Matcher[])[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const matcher of lists.flat()) {
    const condition = conditionOf(matcher);
    for (const value of condition?.values ?? []) {
      const use = useKey(matcher.name, value);
      uses.set(use, (uses.get(use) ?? 0) + 1);
    }
  }
  return uses;
}

function mostSelective(list: readonly Matcher[], uses: ReadonlyMap<string, number>): Condition | null {
  let best: Condition | null = null;
  let fewest = Infinity;
  for (const matcher of list) {
    const condition = conditionOf(matcher);
    if (condition === null) continue;
    // Alerts that lack a label are many.
    const cost = condition.values.includes('')
      ? Number.MAX_VALUE
      : condition.values.reduce((sum, value) => sum + uses.get(useKey(condition.name, value))!, 0);
    if (cost < fewest) [best, fewest] = [condition, cost];
  }
  return best;
}

function useKey(name: string, value: string): string {
  return `${name.length}:${name}${value}`;
}
