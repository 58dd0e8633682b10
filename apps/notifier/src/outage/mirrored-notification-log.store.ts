import { type DeadLetterIndex, type DeadLetterPage } from '../pipeline/dead-letter-index';
import {
  type LoadedRecords,
  type NotificationLog,
  type RecordWrite,
  type RecordWriteResult,
} from '../pipeline/notification-log';
import { type ToldMirror, type ToldRecord } from './told-mirror';

/** A notification log whose records a mirror learns from: all that is written here, and what is read on the way. */
export class MirroredNotificationLog implements NotificationLog, DeadLetterIndex {
  constructor(
    private readonly inner: NotificationLog & DeadLetterIndex,
    private readonly mirror: ToldMirror,
    /** Told of every record that says something newer than the mirror knew; `byDelivery`: a receiver accepted it. */
    private readonly onTold: (told: readonly ToldRecord[], byDelivery: number) => void,
  ) {}

  async load(groupIds: readonly string[]): Promise<LoadedRecords> {
    const loaded = await this.inner.load(groupIds);
    for (const [groupId, records] of loaded.records) {
      for (const [integration, record] of records) this.mirror.put({ groupId, integration, record });
    }
    return loaded;
  }

  async write(writes: readonly RecordWrite[]): Promise<readonly RecordWriteResult[]> {
    const results = await this.inner.write(writes);
    const told: ToldRecord[] = [];
    let byDelivery = 0;
    writes.forEach(({ groupId, fence, changes }, index) => {
      if (results[index] !== 'written') return;
      for (const { integration, record } of changes) {
        const written = { groupId, integration, record };
        if (!this.mirror.put(written)) continue;
        told.push(written);
        // A flush writes under its claim what needs no message; a delivery what was accepted.
        if (fence?.queue !== 'groups') byDelivery++;
      }
    });
    if (told.length > 0) this.onTold(told, byDelivery);
    return results;
  }

  expire(groups: readonly { groupId: string; expiresAtMs: number }[]): Promise<void> {
    return this.inner.expire(groups);
  }

  deadLetters(limit: number, cursor: string): Promise<DeadLetterPage> {
    return this.inner.deadLetters(limit, cursor);
  }

  deadLetterCount(): Promise<number> {
    return this.inner.deadLetterCount();
  }
}
