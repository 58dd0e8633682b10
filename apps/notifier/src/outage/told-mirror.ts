import { type NotificationRecord } from '../pipeline/notification-record';
import { isToldLater, withoutIntent } from './merge-told';

/** One record of the mirror. */
export interface ToldRecord {
  readonly groupId: string;
  readonly integration: string;
  readonly record: NotificationRecord;
}

/**
 * What every receiver was told of every group, as far as this instance has heard: what it goes by when the shared log is
 * out of reach, and what it restores when that was lost. Also which groups it knows to have something undelivered.
 */
export class ToldMirror {
  private readonly byGroup = new Map<string, Map<string, NotificationRecord>>();
  /** Integrations by group. */
  private readonly undelivered = new Map<string, Set<string>>();

  /** Takes a record that was written or read; true when it says something newer than was known. */
  put({ groupId, integration, record }: ToldRecord): boolean {
    this.noteUndelivered(groupId, integration, record.intent !== null);
    const known = this.byGroup.get(groupId);
    const before = known?.get(integration)?.told ?? null;
    if (record.told === null || !isToldLater(record.told, before)) return false;
    if (known === undefined) this.byGroup.set(groupId, new Map([[integration, withoutIntent(record)]]));
    else known.set(integration, withoutIntent(record));
    return true;
  }

  groups(): ReadonlyMap<string, ReadonlyMap<string, NotificationRecord>> {
    return this.byGroup;
  }

  /** Whether a decision about the group was not delivered when this instance last heard of it. */
  isUndelivered(groupId: string): boolean {
    return this.undelivered.has(groupId);
  }

  /** Forgets groups that are over and were last told of before `beforeMs`. */
  prune(isGroup: (groupId: string) => boolean, beforeMs: number): void {
    for (const [groupId, records] of this.byGroup) {
      if (isGroup(groupId)) continue;
      this.undelivered.delete(groupId);
      const lastMs = Math.max(...[...records.values()].map(({ told }) => told?.atMs ?? 0));
      if (lastMs < beforeMs) this.byGroup.delete(groupId);
    }
  }

  private noteUndelivered(groupId: string, integration: string, isUndelivered: boolean): void {
    const known = this.undelivered.get(groupId);
    if (isUndelivered && known === undefined) this.undelivered.set(groupId, new Set([integration]));
    else if (isUndelivered) known?.add(integration);
    else if (known?.delete(integration) === true && known.size === 0) this.undelivered.delete(groupId);
  }
}
