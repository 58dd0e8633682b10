import { type Alert } from '@tocsin/common/alert/alert';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertChange, type AlertView, type Expected, type StoredAlert } from './alert-book';
import { NOT_SETTLED } from './alert-codec';
import { StringPool } from './string-pool';

/** One accepted write, as its writer made it or as the change stream tells it. */
export type BookChange =
  | { kind: 'store'; alert: Alert }
  | { kind: 'touch'; fingerprint: string; endsAtMs: number; updatedAtMs: number }
  | { kind: 'settle'; fingerprint: string; version: number; groupId: string }
  | { kind: 'forget'; fingerprint: string };

/** What the book held of one fingerprint at some position of the change stream; null: nothing. */
export interface AlertState {
  fingerprint: string;
  alert: StoredAlert | null;
}

/**
 * The alert book in memory, and how far in the change stream it is.
 *
 * It learns of changes in three ways that overtake each other: the stream, in order and complete; own writes, as soon
 * as they are accepted; and states read from the book as of some position. So everything carries its position, and
 * what is older than what an alert already shows changes nothing. Settling is the exception: it is bound to a version
 * and only ever adds, so its order does not matter.
 */
export class Replica implements AlertView {
  private readonly byFingerprint = new Map<string, StoredAlert>();
  /** Everything up to here was applied. */
  private appliedTo = 0;
  /** Own writes beyond it that were applied already. */
  private readonly appliedEarly = new Set<number>();
  /** Alerts that show a later position than `appliedTo`, forgotten ones included. */
  private readonly shownAt = new Map<string, number>();
  private lastShown = 0;
  private snapshot: { head: number; seen: Set<string> } | null = null;
  private readonly pool = new StringPool();
  private readonly listeners: ((changes: readonly AlertChange[]) => void)[] = [];
  private readonly waiters = new Set<Waiter>();

  constructor(private readonly clock: Clock) {}

  get(fingerprint: string): StoredAlert | undefined {
    return this.byFingerprint.get(fingerprint);
  }

  values(): IterableIterator<StoredAlert> {
    return this.byFingerprint.values();
  }

  get size(): number {
    return this.byFingerprint.size;
  }

  /** Position of the change stream up to which everything was applied. */
  get position(): number {
    return this.appliedTo;
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.listeners.push(listener);
  }

  /** Whether the entry at this position was applied. */
  has(position: number): boolean {
    return position <= this.appliedTo || this.appliedEarly.has(position);
  }

  /** Applies one entry: the stream's next one, or an own write ahead of it. */
  apply(position: number, changes: readonly BookChange[]): void {
    if (this.has(position)) return;
    const applied: AlertChange[] = [];
    for (const change of changes) {
      const result = this.applyChange(position, change);
      if (result !== null) applied.push(result);
    }
    if (this.snapshot !== null && position > this.snapshot.head) {
      for (const change of changes) this.snapshot.seen.add(fingerprintOf(change));
    }
    if (position === this.appliedTo + 1) {
      this.advanceTo(position);
    } else {
      this.appliedEarly.add(position);
      for (const change of changes) if (change.kind !== 'settle') this.showsAt(fingerprintOf(change), position);
    }
    this.tell(applied);
  }

  /** Applies what was read from the book; every entry up to `position` is contained in it. */
  applyStates(position: number, states: readonly AlertState[]): void {
    const applied: AlertChange[] = [];
    for (const { fingerprint, alert } of states) {
      this.snapshot?.seen.add(fingerprint);
      if (position < this.shownPosition(fingerprint)) continue;
      this.showsAt(fingerprint, position);
      const before = this.byFingerprint.get(fingerprint) ?? null;
      const after = alert && this.adopt(alert, before);
      if (after !== before) applied.push(this.put(fingerprint, before, after));
    }
    this.tell(applied);
  }

  /** Starts over from the book as of `head`: states read after it follow, then `endSnapshot`. `askedAt` is this
   *  replica's position when the head was asked for. */
  beginSnapshot(head: number, askedAt: number): void {
    this.snapshot = { head, seen: new Set() };
    if (head < askedAt) this.clear();
  }

  /** What the snapshot did not contain is gone, unless it was written after its head. */
  endSnapshot(): void {
    if (this.snapshot === null) return;
    const { head, seen } = this.snapshot;
    this.snapshot = null;
    const applied: AlertChange[] = [];
    for (const [fingerprint, before] of this.byFingerprint) {
      if (!seen.has(fingerprint)) applied.push(this.put(fingerprint, before, null));
    }
    this.advanceTo(Math.max(this.appliedTo, head));
    this.tell(applied);
  }

  /** True once everything up to `position` was applied, false when `timeoutMs` passed first. */
  reached(position: number, timeoutMs: number): Promise<boolean> {
    if (position <= this.appliedTo) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = { position, resolve: (reached) => settle(reached) };
      const timer = this.clock.setTimer(timeoutMs, () => waiter.resolve(false));
      const settle = (reached: boolean): void => {
        this.waiters.delete(waiter);
        timer.cancel();
        resolve(reached);
      };
      this.waiters.add(waiter);
    });
  }

  private applyChange(position: number, change: BookChange): AlertChange | null {
    const fingerprint = fingerprintOf(change);
    const before = this.byFingerprint.get(fingerprint) ?? null;
    if (change.kind === 'settle') {
      if (before?.version !== change.version || before.settledIn.includes(change.groupId)) return null;
      return this.put(fingerprint, before, { ...before, settledIn: [...before.settledIn, change.groupId] });
    }
    if (position <= this.shownPosition(fingerprint)) return null;
    switch (change.kind) {
      case 'store':
        return this.put(fingerprint, before, this.keep(change.alert, position, NOT_SETTLED));
      case 'touch':
        if (before === null) return null;
        return this.put(fingerprint, before, {
          ...before,
          endsAtMs: change.endsAtMs,
          updatedAtMs: change.updatedAtMs,
        });
      case 'forget':
        return before && this.put(fingerprint, before, null);
    }
  }

  private put(fingerprint: string, before: StoredAlert | null, after: StoredAlert | null): AlertChange {
    if (after === null) this.byFingerprint.delete(fingerprint);
    else this.byFingerprint.set(fingerprint, after);
    return { fingerprint, before, after };
  }

  /** The alert as read, or the one known where that says the same. */
  private adopt(read: StoredAlert, known: StoredAlert | null): StoredAlert {
    if (known?.version !== read.version) return this.keep(read, read.version, read.settledIn);
    // Settling that was applied here ahead of the state's position may be missing in it.
    const settledIn = union(known.settledIn, read.settledIn);
    if (isExpected(known, read) && settledIn === known.settledIn) return known;
    return { ...known, endsAtMs: read.endsAtMs, updatedAtMs: read.updatedAtMs, settledIn };
  }

  /** A copy of our own, so that all stored alerts have one shape and share their texts. */
  private keep(alert: Alert, version: number, settledIn: readonly string[]): StoredAlert {
    return {
      fingerprint: alert.fingerprint,
      labels: this.pool.labels(alert.labels),
      annotations: this.pool.labels(alert.annotations),
      startsAtMs: alert.startsAtMs,
      endsAtMs: alert.endsAtMs,
      updatedAtMs: alert.updatedAtMs,
      generatorURL: this.pool.text(alert.generatorURL),
      timeout: alert.timeout,
      startsAtOffsetMin: alert.startsAtOffsetMin,
      endsAtOffsetMin: alert.endsAtOffsetMin,
      version,
      settledIn,
    };
  }

  private shownPosition(fingerprint: string): number {
    return Math.max(this.appliedTo, this.shownAt.get(fingerprint) ?? 0);
  }

  private showsAt(fingerprint: string, position: number): void {
    if (position <= this.appliedTo) return;
    this.shownAt.set(fingerprint, position);
    this.lastShown = Math.max(this.lastShown, position);
  }

  private advanceTo(position: number): void {
    this.appliedTo = position;
    for (const early of this.appliedEarly) if (early <= position) this.appliedEarly.delete(early);
    while (this.appliedEarly.delete(this.appliedTo + 1)) this.appliedTo++;
    if (this.appliedTo >= this.lastShown) this.shownAt.clear();
    for (const waiter of this.waiters) if (waiter.position <= this.appliedTo) waiter.resolve(true);
  }

  /** The book lost data (another Redis, or an emptied one): its positions start again, and versions mean nothing. */
  private clear(): void {
    this.appliedTo = 0;
    this.appliedEarly.clear();
    this.shownAt.clear();
    this.lastShown = 0;
    this.tell([...this.byFingerprint].map(([fingerprint, before]) => this.put(fingerprint, before, null)));
  }

  private tell(changes: readonly AlertChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.listeners) listener(changes);
  }
}

/** Whether a write that expects this may be made to what is stored. */
export function isExpected(expected: Expected, stored: StoredAlert | undefined): boolean {
  if (expected === null || stored === undefined) return expected === null && stored === undefined;
  return (
    expected.version === stored.version &&
    expected.endsAtMs === stored.endsAtMs &&
    expected.updatedAtMs === stored.updatedAtMs
  );
}

interface Waiter {
  position: number;
  resolve: (reached: boolean) => void;
}

/** The alert a change or write is about. */
export function fingerprintOf(change: BookChange): string {
  return change.kind === 'store' ? change.alert.fingerprint : change.fingerprint;
}

/** `known` itself where nothing is added to it. */
function union(known: readonly string[], more: readonly string[]): readonly string[] {
  const added = more.filter((item) => !known.includes(item));
  return added.length === 0 ? known : [...known, ...added];
}
