import { type Labels } from '@tocsin/common/labels/label-set';
import { type Mutable } from '../pipeline/muting';
import { type SilenceMatcher, silenceState, type StoredSilence } from './silence';
import { type IndexedSet, isMatch, SilenceIndex } from './silence-index';
import { type SilenceChange } from './silence-store';

/** An alert that was looked at so many new silences ago, or fewer, is tested against those only. */
const MAX_BEHIND = 64;

const NONE: readonly string[] = Object.freeze([]);

/** A silence, as it is now, and its matchers in the index. */
interface Slot {
  silence: StoredSilence;
  readonly sets: readonly IndexedSet<Slot>[];
  isGone: boolean;
}

/** Slots that match an alert, whatever their times. */
interface Known {
  slots: readonly Slot[];
  /** How many slots had been added by then. */
  upTo: number;
}

/**
 * Which silences mute an alert.
 *
 * Which ones match depends on labels alone, so it is remembered with them: an alert is looked up in the index once, and
 * later only tested against what is new. Whether those are active is asked each time.
 */
export class SilencedBy {
  private readonly slots = new Map<string, Slot>();
  private readonly index = new SilenceIndex<Slot>();
  /** Label sets are never changed, only replaced, and go with their alert. */
  private readonly known = new WeakMap<Labels, Known>();
  private added = 0;
  /** The slots added last, at most `MAX_BEHIND`. */
  private readonly newest: Slot[] = [];

  constructor(silences: Iterable<StoredSilence>) {
    for (const silence of silences) this.add(silence);
  }

  apply(changes: readonly SilenceChange[]): void {
    for (const { id, after } of changes) {
      const slot = this.slots.get(id);
      if (slot !== undefined && after !== null && sameSets(slot.silence.matcherSets, after.matcherSets)) {
        slot.silence = after;
        continue;
      }
      if (slot !== undefined) this.remove(slot);
      if (after !== null) this.add(after);
    }
  }

  /** Ids of active silences, the one that started first at the front. An alert without fingerprint is not remembered. */
  silencedBy(alert: Mutable, nowMs: number): readonly string[] {
    if (this.slots.size === 0) return NONE;
    const matching = alert.fingerprint === '' ? this.search(alert.labels) : this.matching(alert.labels);
    if (matching.length === 0) return NONE;
    const active = matching.filter(({ silence, isGone }) => !isGone && silenceState(silence, nowMs) === 'active');
    return active.length === 0
      ? NONE
      : active
          .map(({ silence }) => silence)
          .sort(byStart)
          .map(({ id }) => id);
  }

  private matching(labels: Labels): readonly Slot[] {
    const known = this.known.get(labels);
    if (known?.upTo === this.added) return known.slots;
    const behind = known === undefined ? Infinity : this.added - known.upTo;
    const slots = behind <= this.newest.length ? this.caughtUp(known!.slots, behind, labels) : this.search(labels);
    this.known.set(labels, { slots, upTo: this.added });
    return slots;
  }

  private caughtUp(known: readonly Slot[], behind: number, labels: Labels): readonly Slot[] {
    const news = this.newest.slice(this.newest.length - behind);
    const matching = news.filter((slot) => !slot.isGone && slot.sets.some((set) => isMatch(set, labels)));
    const left = known.filter(({ isGone }) => !isGone);
    return [...left, ...matching];
  }

  private search(labels: Labels): readonly Slot[] {
    return [...this.index.owners(labels)];
  }

  private add(silence: StoredSilence): void {
    const sets: IndexedSet<Slot>[] = [];
    const slot: Slot = { silence, sets, isGone: false };
    for (const matchers of silence.matcherSets) sets.push(this.index.add(slot, matchers));
    this.slots.set(silence.id, slot);
    this.added++;
    this.newest.push(slot);
    if (this.newest.length > MAX_BEHIND) this.newest.shift();
  }

  private remove(slot: Slot): void {
    slot.isGone = true;
    for (const set of slot.sets) this.index.remove(set);
    this.slots.delete(slot.silence.id);
  }
}

function byStart(a: StoredSilence, b: StoredSilence): number {
  return a.startsAtMs - b.startsAtMs || (a.id < b.id ? -1 : 1);
}

function sameSets(a: readonly (readonly SilenceMatcher[])[], b: readonly (readonly SilenceMatcher[])[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
