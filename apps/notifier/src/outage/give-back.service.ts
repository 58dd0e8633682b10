import { type Alert } from '@tocsin/common/alert/alert';
import { type Arm } from '@tocsin/common/due-queue/due-queue';
import { type Clock } from '@tocsin/common/time/clock';
import { type AlertWrite, type StoredAlert } from '../alerts/alert-book';
import { cutBatches, MAX_BATCH_WRITES } from '../alerts/cut-batches';
import { planWrites } from '../alerts/plan-writes';
import { takeBackWrites } from '../alerts/take-back';
import { type RecordWrite } from '../pipeline/notification-log';
import { mustStillHear, NO_RECORD, type NotificationRecord, openOf } from '../pipeline/notification-record';
import { release } from './held-alerts';
import { type LocalState } from './local-state.store';
import { mergeTold } from './merge-told';
import { type KnownGroups, type StatePorts } from './state-ports';
import { type ToldMirror } from './told-mirror';

/** What was given back. */
export interface GivenBack {
  readonly alerts: number;
  readonly silences: number;
  readonly records: number;
}

/** Attempts at what others change at the same time. */
const MAX_ROUNDS = 10;
const MAX_RECORDS = 128;
const MAX_ARMS = 1_000;

/**
 * Merges the state of an instance that worked on its own into the shared one: by comparison with what is there, so that it
 * may be repeated, and in any order with other instances. What was told comes first, or an instance that has given back
 * everything would tell it again.
 */
export class GiveBackService {
  constructor(
    private readonly shared: StatePorts,
    private readonly mirror: ToldMirror,
    private readonly groups: () => KnownGroups,
    private readonly clock: Clock,
  ) {}

  /** `everything`: the shared state lost its data, so all that is known here may be news. */
  async giveBack(local: LocalState, everything: boolean): Promise<GivenBack> {
    const groupIds = everything ? this.mirror.groups().keys() : local.records;
    const told = await this.records(local, [...groupIds]);
    const silences = await this.silences(local, everything);
    const alerts = await this.alerts(local, everything);
    await this.takeBack(local, told);
    await this.timers(local);
    return { records: told.size, silences, alerts };
  }

  /** Answers which groups there was news of. */
  private async records(local: LocalState, all: readonly string[]): Promise<ReadonlySet<string>> {
    const written = new Set<string>();
    for (let start = 0; start < all.length; start += MAX_RECORDS) {
      const part = all.slice(start, start + MAX_RECORDS);
      // Not what the mirror holds, which hears of what others told meanwhile.
      const { records: own } = await local.ports.log.load(part);
      let left: readonly string[] = part;
      for (let round = 0; left.length > 0 && round < MAX_ROUNDS; round++) {
        const { records } = await this.shared.log.load(left);
        const writes = left.flatMap(
          (groupId) => recordWrite(groupId, records.get(groupId), own.get(groupId), local.sinceMs) ?? [],
        );
        const results = await this.shared.log.write(writes);
        left = writes.filter((_, index) => results[index] === 'conflict').map(({ groupId }) => groupId);
        writes.forEach(({ groupId }, index) => results[index] === 'written' && written.add(groupId));
      }
      await this.expireEnded(part);
    }
    return written;
  }

  /** Nobody else lets the records of groups go that ended meanwhile. */
  private async expireEnded(groupIds: readonly string[]): Promise<void> {
    const { recordsKeptMs, has } = this.groups();
    const expiresAtMs = this.clock.nowMs() + recordsKeptMs;
    const ended = groupIds.filter((groupId) => !has(groupId));
    await this.shared.log.expire(ended.map((groupId) => ({ groupId, expiresAtMs })));
  }

  /** The later change of a silence counts. */
  private async silences({ ports, silences }: LocalState, everything: boolean): Promise<number> {
    let written = 0;
    for (const silence of ports.silences.silences.values()) {
      if (!everything && !silences.has(silence.id)) continue;
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const known = this.shared.silences.silences.get(silence.id);
        if (known !== undefined && known.updatedAtMs >= silence.updatedAtMs) break;
        const write = { kind: 'store' as const, expectedVersion: known?.version ?? 0, silence };
        if ((await this.shared.silences.write([write], Number.MAX_SAFE_INTEGER)) !== 'written') continue;
        written++;
        break;
      }
    }
    return written;
  }

  /** As messages that were true when they came in. */
  private async alerts({ ports, alerts, ends }: LocalState, everything: boolean): Promise<number> {
    const news: StoredAlert[] = [];
    for (const alert of ports.book.alerts.values()) {
      if (everything || alerts.has(alert.fingerprint)) news.push(release(alert, ends.get(alert.fingerprint)));
    }
    let written = 0;
    for (let start = 0; start < news.length; start += MAX_ARMS) {
      const part = news.slice(start, start + MAX_ARMS);
      written += await this.merge(part);
      await this.settle(part);
    }
    return written;
  }

  private async merge(alerts: readonly StoredAlert[]): Promise<number> {
    const { book } = this.shared;
    let left: readonly Alert[] = alerts;
    let written = 0;
    for (let round = 0; left.length > 0 && round < MAX_ROUNDS; round++) {
      const refused = new Set<string>();
      for (const writes of cutBatches(planWrites(book.alerts, left, this.clock.nowMs()))) {
        const conflicts = await book.commit({ writes, arms: [] });
        for (const fingerprint of conflicts) refused.add(fingerprint);
        written += writes.length - conflicts.length;
      }
      left = left.filter(({ fingerprint }) => refused.has(fingerprint));
    }
    return written;
  }

  /** Groups that were done with an alert here are done with it, if it is still the same and its end is not still to be
   *  told: of what was told at the moment the shared state went away, nobody here has heard. */
  private async settle(alerts: readonly StoredAlert[]): Promise<void> {
    const { records } = await this.shared.log.load([...new Set(alerts.flatMap(({ settledIn }) => settledIn))]);
    const writes = alerts.flatMap((alert): AlertWrite[] => {
      const { fingerprint, endsAtMs, updatedAtMs } = alert;
      const known = this.shared.book.alerts.get(fingerprint);
      if (known === undefined || known.endsAtMs !== endsAtMs || known.updatedAtMs !== updatedAtMs) return [];
      const ended = new Set([fingerprint]);
      return alert.settledIn
        .filter((groupId) => !known.settledIn.includes(groupId))
        .filter((groupId) => ![...(records.get(groupId)?.values() ?? [])].some((it) => mustStillHear(it, ended)))
        .map((groupId) => ({ kind: 'settle', fingerprint, version: known.version, groupId }));
    });
    for (let start = 0; start < writes.length; start += MAX_BATCH_WRITES) {
      await this.shared.book.commit({ writes: writes.slice(start, start + MAX_BATCH_WRITES), arms: [] });
    }
  }

  /** Another instance may have been done with alerts that it did not know to be told as firing. */
  private async takeBack({ ports }: LocalState, groupIds: ReadonlySet<string>): Promise<void> {
    const { records } = await ports.log.load([...groupIds]);
    const told = [...records.values()].flatMap((ofGroup) => [...ofGroup.values()]);
    const open = [...new Set(told.flatMap((record) => openOf(record.told)))];
    for (const writes of cutBatches(takeBackWrites(this.shared.book.alerts, open, this.clock.nowMs()))) {
      await this.shared.book.commit({ writes, arms: [] });
    }
  }

  /** Groups without a timer get the one they had here; what was decided and not delivered is decided again now. */
  private async timers({ ports }: LocalState): Promise<void> {
    const { lane, ids } = this.groups();
    const nowMs = this.clock.nowMs();
    const all = [...ids()];
    for (let start = 0; start < all.length; start += MAX_ARMS) {
      const part = all.slice(start, start + MAX_ARMS);
      const dueTimes = await ports.groups.dueTimes(lane, part);
      const arms = part.flatMap((id, index): Arm[] => {
        if (this.mirror.isUndelivered(id)) return [{ lane, id, dueMs: nowMs, mode: 'earlier' }];
        const dueMs = dueTimes[index];
        return dueMs === null || dueMs === undefined ? [] : [{ lane, id, dueMs, mode: 'keep' }];
      });
      await this.shared.groups.arm(arms);
    }
  }
}

/** What is to be written of a group's records, null: nothing. */
function recordWrite(
  groupId: string,
  stored: Records | undefined,
  own: Records | undefined,
  aloneSinceMs: number,
): RecordWrite | null {
  const changes = [...(own ?? [])].flatMap(([integration, local]) => {
    const known = stored?.get(integration) ?? NO_RECORD;
    const record = mergeTold(known, local, aloneSinceMs);
    return record === null ? [] : [{ integration, expectedRevision: known.revision, record }];
  });
  return changes.length === 0 ? null : { groupId, fence: null, changes, arms: [], isAside: true };
}

/** By integration. */
type Records = ReadonlyMap<string, NotificationRecord>;
