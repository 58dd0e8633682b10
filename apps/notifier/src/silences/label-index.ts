import { type Condition } from './condition';

/** Results of testing a label's values that are remembered, before it starts over. */
const MAX_VALUES = 50_000;

/**
 * What may match an alert by the value of one label.
 *
 * Under texts it is found by look-ups: the value itself, or its first or last characters. The rest are conditions that are
 * tested once for each distinct value.
 */
export class LabelIndex<Entry> {
  private readonly byValue = new Map<string, Entry[]>();
  private readonly byPrefix = new Map<string, Entry[]>();
  /** How many prefixes have this length, by length. */
  private readonly prefixLengths = new Map<number, number>();
  private readonly bySuffix = new Map<string, Entry[]>();
  private readonly suffixLengths = new Map<number, number>();
  private tested: Tested<Entry>[] = [];
  private readonly testedBy = new Map<Condition, Tested<Entry>>();
  private dropped = 0;
  private results = new Map<string, { upTo: number; hits: Tested<Entry>[] }>();

  get isEmpty(): boolean {
    return this.byValue.size === 0 && this.byPrefix.size === 0 && this.bySuffix.size === 0 && this.testedBy.size === 0;
  }

  /** Most entries that are found together with one under these values. */
  loadOfValues(values: Iterable<string>): number {
    return longest(this.byValue, values);
  }

  loadOfPrefixes(prefixes: Iterable<string>): number {
    return longest(this.byPrefix, prefixes);
  }

  loadOfSuffix(suffix: string): number {
    return this.bySuffix.get(suffix)?.length ?? 0;
  }

  get loadOfTests(): number {
    return this.tested.length;
  }

  addValues(values: Iterable<string>, entry: Entry): void {
    for (const value of values) addTo(this.byValue, value, entry);
  }

  removeValues(values: Iterable<string>, entry: Entry): void {
    for (const value of values) removeFrom(this.byValue, value, entry);
  }

  addPrefixes(prefixes: Iterable<string>, entry: Entry): void {
    for (const prefix of prefixes) if (addTo(this.byPrefix, prefix, entry)) count(this.prefixLengths, prefix.length, 1);
  }

  removePrefixes(prefixes: Iterable<string>, entry: Entry): void {
    for (const prefix of prefixes)
      if (removeFrom(this.byPrefix, prefix, entry)) count(this.prefixLengths, prefix.length, -1);
  }

  addSuffix(suffix: string, entry: Entry): void {
    if (addTo(this.bySuffix, suffix, entry)) count(this.suffixLengths, suffix.length, 1);
  }

  removeSuffix(suffix: string, entry: Entry): void {
    if (removeFrom(this.bySuffix, suffix, entry)) count(this.suffixLengths, suffix.length, -1);
  }

  addTested(condition: Condition, entry: Entry): void {
    const known = this.testedBy.get(condition);
    if (known !== undefined) {
      known.entries.push(entry);
      return;
    }
    const tested = { condition, entries: [entry] };
    this.testedBy.set(condition, tested);
    this.tested.push(tested);
  }

  removeTested(condition: Condition, entry: Entry): void {
    const known = this.testedBy.get(condition);
    if (known === undefined) return;
    known.entries = known.entries.filter((other) => other !== entry);
    if (known.entries.length > 0) return;
    this.testedBy.delete(condition);
    if (++this.dropped * 2 <= this.tested.length) return;
    this.tested = [...this.testedBy.values()];
    this.dropped = 0;
    this.results = new Map();
  }

  /** Hands over what may match an alert with this value. */
  find(value: string, found: (entries: readonly Entry[]) => void): void {
    const same = this.byValue.get(value);
    if (same !== undefined) found(same);
    for (const length of this.prefixLengths.keys()) {
      const entries = value.length < length ? undefined : this.byPrefix.get(value.slice(0, length));
      if (entries !== undefined) found(entries);
    }
    for (const length of this.suffixLengths.keys()) {
      const entries = value.length < length ? undefined : this.bySuffix.get(value.slice(value.length - length));
      if (entries !== undefined) found(entries);
    }
    if (this.testedBy.size > 0) for (const { entries } of this.hits(value)) found(entries);
  }

  private hits(value: string): readonly Tested<Entry>[] {
    let result = this.results.get(value);
    if (result === undefined) {
      if (this.results.size >= MAX_VALUES) this.results.clear();
      this.results.set(value, (result = { upTo: 0, hits: [] }));
    }
    for (; result.upTo < this.tested.length; result.upTo++) {
      const tested = this.tested[result.upTo]!;
      if (tested.condition.test(value)) result.hits.push(tested);
    }
    return result.hits;
  }
}

interface Tested<Entry> {
  readonly condition: Condition;
  entries: Entry[];
}

/** True: the first one. */
function addTo<Entry>(map: Map<string, Entry[]>, key: string, entry: Entry): boolean {
  const entries = map.get(key);
  if (entries !== undefined) entries.push(entry);
  else map.set(key, [entry]);
  return entries === undefined;
}

/** True: it was the last one. */
function removeFrom<Entry>(map: Map<string, Entry[]>, key: string, entry: Entry): boolean {
  const left = map.get(key)?.filter((other) => other !== entry) ?? [];
  if (left.length > 0) map.set(key, left);
  else map.delete(key);
  return left.length === 0;
}

function count(counts: Map<number, number>, length: number, more: number): void {
  const left = (counts.get(length) ?? 0) + more;
  if (left > 0) counts.set(length, left);
  else counts.delete(length);
}

function longest(map: ReadonlyMap<string, readonly unknown[]>, keys: Iterable<string>): number {
  let most = 0;
  for (const key of keys) most = Math.max(most, map.get(key)?.length ?? 0);
  return most;
}
