import { NO_RECORD, type NotificationRecord, type Told } from '../pipeline/notification-record';

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
 * The record to store where one instance told a receiver something on its own; null where what is stored stays. What was
 * decided before it was told is dropped: it may no longer be true, and the next flush decides anew.
 */
export function mergeTold(stored: NotificationRecord, local: NotificationRecord): NotificationRecord | null {
  if (local.told === null || !isToldLater(local.told, stored.told)) return null;
  if (stored.revision === NO_RECORD.revision) return { ...withoutIntent(local), revision: NO_RECORD.revision };
  const { told } = local;
  const sequence = Math.max(stored.sequence, local.sequence);
  const isCurrent = stored.intent !== null && stored.intent.decidedAtMs > told.atMs;
  if (!isCurrent) return { ...stored, sequence, told, intent: null };
  // The answer to an attempt for the intent must count as newer than what was told.
  return { ...stored, sequence, told: { ...told, sequence: Math.min(told.sequence, stored.intent.sequence - 1) } };
}
