/** How long a due time is remembered that nothing was heard of, ms: timers of live groups are looked at more often. */
const FORGET_AFTER_MS = 90_000;

/** When groups are due, as this instance last heard. Two generations, so that what ended is forgotten by itself. */
export class RememberedDueTimes {
  private young = new Map<string, number>();
  private old = new Map<string, number>();
  private youngSinceMs = 0;

  remember(id: string, dueMs: number, nowMs: number): void {
    if (nowMs - this.youngSinceMs > FORGET_AFTER_MS) {
      this.old = this.young;
      this.young = new Map();
      this.youngSinceMs = nowMs;
    }
    this.young.set(id, dueMs);
  }

  forget(id: string): void {
    this.young.delete(id);
    this.old.delete(id);
  }

  get(id: string): number | undefined {
    return this.young.get(id) ?? this.old.get(id);
  }
}
