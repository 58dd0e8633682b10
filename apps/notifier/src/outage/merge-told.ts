import { NO_RECORD, type NotificationRecord, openOf, type Told } from '../pipeline/notification-record';

/** A record as others need to know it: an intent is decided anew by whoever flushes next. */
export function withoutIntent(record: NotificationRecord): NotificationRecord {
  return record.intent === null && !record.withdrawn ? record : { ...record, intent: null, withdrawn: false };
}

/** Whether the first is what the receiver heard later. */
export function isToldLater(told: Told, than: Told | null): boolean {
  if (than === null) return true;
  return told.atMs === than.atMs ? told.sequence > than.sequence : told.atMs > than.atMs;
}

/**
 * The record to store where one instance told a receiver something on its own since `aloneSinceMs`; null where what is
 * stored stays. What was decided before it was told is dropped: it may no longer be true, and the next flush decides anew.
 */
export function mergeTold(
  stored: NotificationRecord,
  local: NotificationRecord,
  aloneSinceMs: number,
): NotificationRecord | null {
  const told = laterTold(stored.told, local.told, aloneSinceMs);
  if (told === null || told === stored.told) return null;
  if (stored.revision === NO_RECORD.revision) return { ...withoutIntent(local), revision: NO_RECORD.revision };
  const sequence = Math.max(stored.sequence, local.sequence);
  const isCurrent = stored.intent !== null && stored.intent.decidedAtMs > told.atMs;
  if (!isCurrent) return { ...stored, sequence, told, intent: null };
  // The answer to an attempt for the intent must count as newer than what was told.
  return { ...stored, sequence, told: { ...told, sequence: Math.min(told.sequence, stored.intent.sequence - 1) } };
}

function laterTold(stored: Told | null, local: Told | null, aloneSinceMs: number): Told | null {
  if (stored === null || local === null) return local ?? stored;
  const later = isToldLater(local, stored) ? local : stored;
  const earlier = later === local ? stored : local;
  // Otherwise who told later knew what had been told before.
  if (earlier.atMs <= aloneSinceMs) return later;
  return saidByBoth(earlier, later);
}

/**
 * What a receiver may believe that two instances told something without knowing of each other: it heard both, and where one
 * was decided before the other was accepted, nobody knows in which order. `later` itself where the other one adds nothing.
 */
function saidByBoth(earlier: Told, later: Told): Told {
  const known = new Set([...later.firing, ...later.resolved, ...openOf(later)]);
  const isUnmentioned = (fingerprint: string): boolean => !known.has(fingerprint);
  const firing = [...later.firing, ...earlier.firing.filter(isUnmentioned)];
  const resolved = [...later.resolved, ...earlier.resolved.filter(isUnmentioned)];
  if (later.open === undefined && earlier.open === undefined) {
    return isLonger(firing, later.firing) || isLonger(resolved, later.resolved)
      ? { ...later, firing, resolved }
      : later;
  }
  // A sequence is the time of its decision.
  const isOrderKnown = later.sequence > earlier.atMs;
  const added = isOrderKnown ? openOf(earlier).filter(isUnmentioned) : openOf(earlier);
  const open = [...new Set([...openOf(later), ...added])];
  const doubted = new Set(isOrderKnown ? [] : [...notFiring(earlier), ...notFiring(later)]);
  const sure = firing.filter((fingerprint) => !doubted.has(fingerprint));
  const isSame = !isLonger(open, openOf(later)) && !isLonger(resolved, later.resolved);
  return isSame && sure.length === later.firing.length ? later : { ...later, firing: sure, resolved, open };
}

/** What a receiver may believe to be over. */
function notFiring(told: Told): string[] {
  const firing = new Set(told.firing);
  return [...told.resolved, ...openOf(told)].filter((fingerprint) => !firing.has(fingerprint));
}

function isLonger(list: readonly string[], than: readonly string[]): boolean {
  return list.length > than.length;
}
