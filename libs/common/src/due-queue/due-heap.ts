/** One place of a member in the order of due times. */
export interface HeapEntry<T> {
  readonly dueMs: number;
  /** Ties go by it, so that equal due times keep the order in which they came. */
  readonly order: number;
  readonly item: T;
}

/** A binary heap, earliest first. Entries are not moved or removed: their owner skips those that are out of date. */
export class DueHeap<T> {
  private entries: HeapEntry<T>[] = [];

  get size(): number {
    return this.entries.length;
  }

  peek(): HeapEntry<T> | undefined {
    return this.entries[0];
  }

  push(entry: HeapEntry<T>): void {
    this.entries.push(entry);
    let at = this.entries.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.precedes(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): HeapEntry<T> | undefined {
    const first = this.entries[0];
    const last = this.entries.pop();
    if (first === undefined || last === undefined || this.entries.length === 0) return first;
    this.entries[0] = last;
    this.sink(0);
    return first;
  }

  /** Keeps only these entries. */
  retain(wanted: (entry: HeapEntry<T>) => boolean): void {
    this.entries = this.entries.filter(wanted);
    for (let at = (this.entries.length >> 1) - 1; at >= 0; at--) this.sink(at);
  }

  private sink(start: number): void {
    for (let at = start; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.entries.length && this.precedes(child, least)) least = child;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private precedes(a: number, b: number): boolean {
    const left = this.entries[a];
    const right = this.entries[b];
    if (!left || !right) return false;
    return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.order < right.order);
  }

  private swap(a: number, b: number): void {
    const left = this.entries[a];
    const right = this.entries[b];
    if (!left || !right) return;
    this.entries[a] = right;
    this.entries[b] = left;
  }
}
