import { type NotificationRecord } from './notification-record';

/** A record as text: its revision, so that Redis can compare it, then all of it as JSON. */
export function encodeRecord(record: NotificationRecord): string {
  return `${record.revision} ${JSON.stringify(record)}`;
}

export function decodeRecord(text: string): NotificationRecord {
  return JSON.parse(text.slice(text.indexOf(' ') + 1)) as NotificationRecord;
}
