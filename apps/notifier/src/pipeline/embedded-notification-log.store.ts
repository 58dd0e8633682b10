import { type Arm, type Claim, type DueQueue, LEASE_MS } from '@tocsin/common/due-queue/due-queue';
import { type EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedLineLog } from '@tocsin/common/embedded/embedded-line-log';
import {
  committedIfPossible,
  type EmbeddedTable,
  readRow,
  type TableStore,
} from '@tocsin/common/embedded/embedded-table';
import { type Clock } from '@tocsin/common/time/clock';
import { type DeadLetterIndex, deadLetterName, type DeadLetterPage, readDeadLetterName } from './dead-letter-index';
import {
  type Fence,
  type LoadedRecords,
  type NotificationLog,
  type RecordChange,
  type RecordWrite,
  type RecordWriteResult,
} from './notification-log';
import { type NotificationRecord } from './notification-record';
import { decodeRecord, encodeRecord } from './record-codec';

export interface EmbeddedNotificationLogOptions {
  store: TableStore;
  clock: Clock;
  groups: Pick<DueQueue, 'extend'>;
  deliveries: Pick<EmbeddedDueQueue, 'armNow' | 'extend'>;
  /** Position of the alert book. */
  position: () => number;
}

/** Groups whose expiry is looked at with every write, so that expired ones go in time without a timer. */
const SWEPT_AT_ONCE = 8;

/** The notification records of a single process: in memory, written through to disk. */
export class EmbeddedNotificationLog implements NotificationLog, DeadLetterIndex {
  private readonly groups = new Map<string, Map<string, NotificationRecord>>();
  private readonly expiresAtMs = new Map<string, number>();
  /** Names of those there are. */
  private readonly deadLetterNames = new Set<string>();
  private readonly recordLog: EmbeddedLineLog;
  private readonly expiryTable: EmbeddedTable<number>;

  /** Loads what the store holds. */
  constructor(private readonly options: EmbeddedNotificationLogOptions) {
    this.recordLog = new EmbeddedLineLog(options.store.textTable('notification-log'), (key) => this.textOf(key));
    this.expiryTable = options.store.table('notification-expiry');
    for (const [key, text] of this.recordLog.load()) {
      this.read(this.recordLog, key, text);
    }
    this.takeOver(options.store.textTable('notification-records'));
    for (const { key, value } of this.expiryTable.entries()) this.expiresAtMs.set(key, value);
  }

  /** What an earlier version wrote, one entry a record. */
  private takeOver(former: EmbeddedTable<string>): void {
    const entries = [...former.entries()];
    for (const { key, value } of entries) {
      this.read(former, key, value);
      former.remove(key);
    }
    if (entries.length > 0) this.recordLog.write(entries.map(({ key }) => key));
  }

  private read(rows: Pick<EmbeddedTable<unknown>, 'skip'>, key: string, text: string): void {
    const record = readRow(rows, key, () => decodeRecord(text));
    if (record === undefined) return;
    const { groupId, integration } = readKey(key);
    this.keep(groupId, integration, record);
  }

  async load(groupIds: readonly string[]): Promise<LoadedRecords> {
    const records = new Map(groupIds.map((groupId) => [groupId, new Map(this.live(groupId))]));
    return { position: this.options.position(), records };
  }

  async write(writes: readonly RecordWrite[]): Promise<readonly RecordWriteResult[]> {
    const lost = await this.lostClaims(writes);
    const arms: Arm[] = [];
    const changed: string[] = [];
    const results = writes.map((write) => {
      if (write.fence !== null && lost.has(write.fence.claim)) return 'lost';
      if (!this.writeGroup(write)) return 'conflict';
      arms.push(...write.arms);
      for (const { integration } of write.changes) changed.push(writeKey(write.groupId, integration));
      return 'written';
    });
    // Many at once, because that costs about as much as one.
    this.options.deliveries.armNow(arms);
    this.recordLog.write(changed);
    this.sweep();
    await committedIfPossible(this.options.store);
    return results;
  }

  async expire(groups: readonly { groupId: string; expiresAtMs: number }[]): Promise<void> {
    for (const { groupId, expiresAtMs } of groups) {
      if (!this.groups.has(groupId)) continue;
      this.expiresAtMs.set(groupId, expiresAtMs);
      this.expiryTable.put(groupId, expiresAtMs);
    }
    await committedIfPossible(this.options.store);
  }

  async deadLetters(limit: number, cursor: string): Promise<DeadLetterPage> {
    const names = [...this.deadLetterNames]
      .filter((name) => name > cursor)
      .sort()
      .slice(0, limit);
    const entries = names.flatMap((name) => {
      const { groupId, integration } = readDeadLetterName(name);
      const deadLetter = this.live(groupId)?.get(integration)?.deadLetter ?? null;
      return deadLetter === null ? [] : [{ groupId, integration, deadLetter }];
    });
    return { entries, next: names.length < limit ? null : (names.at(-1) ?? null) };
  }

  async deadLetterCount(): Promise<number> {
    return this.deadLetterNames.size;
  }

  /** Renewing a claim tells whether it is still held; nobody can claim it in what follows without a pause. */
  private async lostClaims(writes: readonly RecordWrite[]): Promise<ReadonlySet<Claim>> {
    const { groups, deliveries } = this.options;
    const claimsOf = (queue: Fence['queue']) =>
      writes.flatMap(({ fence }) => (fence?.queue === queue ? [fence.claim] : []));
    const lost = await Promise.all([
      groups.extend(claimsOf('groups'), LEASE_MS),
      deliveries.extend(claimsOf('deliveries'), LEASE_MS),
    ]);
    return new Set(lost.flat());
  }

  private writeGroup({ groupId, changes, isAside }: RecordWrite): boolean {
    const known = this.live(groupId);
    if (changes.some((change) => !isExpected(change, known?.get(change.integration)))) return false;
    if (isAside !== true && this.expiresAtMs.delete(groupId)) this.expiryTable.remove(groupId);
    for (const { integration, expectedRevision, record } of changes) {
      this.keep(groupId, integration, { ...record, revision: expectedRevision + 1 });
    }
    return true;
  }

  /** The group's records; expired ones are dropped here. */
  private live(groupId: string): ReadonlyMap<string, NotificationRecord> | undefined {
    const expiresAtMs = this.expiresAtMs.get(groupId);
    if (expiresAtMs !== undefined && expiresAtMs <= this.options.clock.nowMs()) this.drop(groupId);
    return this.groups.get(groupId);
  }

  /** Looks at those that were set to expire first, in turns. */
  private sweep(): void {
    const nowMs = this.options.clock.nowMs();
    let looked = 0;
    for (const [groupId, expiresAtMs] of this.expiresAtMs) {
      if (looked++ === SWEPT_AT_ONCE) return;
      this.expiresAtMs.delete(groupId);
      if (expiresAtMs <= nowMs) this.drop(groupId);
      else this.expiresAtMs.set(groupId, expiresAtMs);
    }
  }

  private drop(groupId: string): void {
    const integrations = [...(this.groups.get(groupId)?.keys() ?? [])];
    for (const integration of integrations) this.deadLetterNames.delete(deadLetterName(groupId, integration));
    this.groups.delete(groupId);
    this.recordLog.write(integrations.map((integration) => writeKey(groupId, integration)));
    this.expiresAtMs.delete(groupId);
    this.expiryTable.remove(groupId);
  }

  private textOf(key: string): string | null {
    const { groupId, integration } = readKey(key);
    const record = this.groups.get(groupId)?.get(integration);
    return record === undefined ? null : encodeRecord(record);
  }

  private keep(groupId: string, integration: string, record: NotificationRecord): void {
    let records = this.groups.get(groupId);
    if (records === undefined) this.groups.set(groupId, (records = new Map()));
    records.set(integration, record);
    const name = deadLetterName(groupId, integration);
    if (record.deadLetter === null) this.deadLetterNames.delete(name);
    else this.deadLetterNames.add(name);
  }
}

function isExpected({ expectedRevision }: RecordChange, known: NotificationRecord | undefined): boolean {
  return (known?.revision ?? 0) === expectedRevision;
}

/** Integration keys hold receiver names, that is, any character; the group id's length parts the two. */
function writeKey(groupId: string, integration: string): string {
  return `${groupId.length}:${groupId}${integration}`;
}

function readKey(key: string): { groupId: string; integration: string } {
  const start = key.indexOf(':') + 1;
  const end = start + Number(key.slice(0, start - 1));
  return { groupId: key.slice(start, end), integration: key.slice(end) };
}
