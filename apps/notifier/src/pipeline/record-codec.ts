import { type NotificationRecord } from './notification-record';

/** A record as text: its revision, so that Redis can compare it, then all of it as JSON. */
export function encodeRecord(record: NotificationRecord): string {
  return `${record.revision} ${JSON.stringify(record)}`;
}

export function decodeRecord(text: string): NotificationRecord {
  const record = JSON.parse(text.slice(text.indexOf(' ') + 1)) as NotificationRecord;
  if (typeof record.sequence !== 'number' || record.intent === undefined) throw new Error('no notification record');
  return record;
}
