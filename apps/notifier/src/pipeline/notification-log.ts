import { type Arm, type Claim } from '@tocsin/common/due-queue/due-queue';
import { type NotificationRecord } from './notification-record';

/** The notification records of all groups, by group id and integration key (`receiver/integration/index`). */
export interface NotificationLog {
  /** Records of these groups, and the alert book's stream position read at the same moment. */
  load(groupIds: readonly string[]): Promise<LoadedRecords>;

  /** Writes records where they are still at the revision stated, and arms deliveries in the same command. */
  write(writes: readonly RecordWrite[]): Promise<readonly RecordWriteResult[]>;

  /** Keeps the records of groups that ended until `expiresAtMs`; a later write of the group keeps them again. */
  expire(groups: readonly { groupId: string; expiresAtMs: number }[]): Promise<void>;
}

export interface LoadedRecords {
  position: number;
  /** Groups without records have an empty map. */
  records: ReadonlyMap<string, ReadonlyMap<string, NotificationRecord>>;
}

export interface RecordWrite {
  groupId: string;
  /** Whose claim the writer works under: the write is refused as `lost` once another claimer has it. Null: unfenced. */
  fence: Fence | null;
  changes: readonly RecordChange[];
  /** Due queue `deliveries`. */
  arms: readonly Arm[];
  /** It says nothing about the group: records that are kept for a while only are not kept longer for it. */
  isAside?: true;
}

/** A claim of the group, or of the delivery of one of its integrations. */
export interface Fence {
  queue: 'groups' | 'deliveries';
  claim: Claim;
}

export interface RecordChange {
  integration: string;
  expectedRevision: number;
  /** Its `revision` is set by the store to `expectedRevision + 1`. */
  record: NotificationRecord;
}

/** `conflict`: a record had another revision; nothing of this group was written. */
export type RecordWriteResult = 'written' | 'lost' | 'conflict';

export const NOTIFICATION_LOG = Symbol('NotificationLog');
