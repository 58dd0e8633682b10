import { type Alert } from '@tocsin/common/alert/alert';
import { type Clock } from '@tocsin/common/time/clock';
import { planWrites } from '../../alerts/plan-writes';
import { NO_RECORD } from '../../pipeline/notification-record';
import { type Silence } from '../../silences/silence';
import { GiveBackService } from '../give-back.service';
import { type LocalState, openLocalState } from '../local-state.store';
import { MirroredNotificationLog } from '../mirrored-notification-log.store';
import { RememberedDueTimes } from '../remembered-due-times';
import { type KnownGroups, type StatePorts } from '../state-ports';
import { ToldMirror } from '../told-mirror';

/** The integration of all groups. */
export const INTEGRATION = 'team/webhook/0';

/** An instance as far as its state goes: what it knows of the shared one, and works with on its own. */
export class AnInstance {
  readonly mirror = new ToldMirror();
  readonly dueTimes = new RememberedDueTimes();
  readonly groups: KnownGroups = {
    lane: 'lane',
    ids: () => this.mirror.groups().keys(),
    has: (id) => this.mirror.groups().has(id),
    recordsKeptMs: 1_000_000,
  };
  notified = 0;

  constructor(
    readonly shared: StatePorts,
    private readonly clock: Clock,
  ) {}

  /** Hears what the shared log says of a group. */
  async hear(groupId: string): Promise<void> {
    await new MirroredNotificationLog(this.shared.log, this.mirror, () => {}).load([groupId]);
  }

  goAlone(reachedAtMs = this.clock.nowMs()): Promise<LocalState> {
    const { shared, mirror, dueTimes, groups, clock } = this;
    return openLocalState({
      shared,
      mirror,
      dueTimes,
      groups,
      reachedAtMs,
      clock,
      onNotified: (count) => (this.notified += count),
    });
  }

  giveBack(local: LocalState, everything: boolean, shared = this.shared) {
    return new GiveBackService(shared, this.mirror, () => this.groups, this.clock).giveBack(local, everything);
  }
}

/** Takes a message about an alert in, as `POST /api/v2/alerts` does. */
export async function post(ports: StatePorts, alert: Alert, nowMs: number): Promise<void> {
  await ports.book.commit({ writes: planWrites(ports.book.alerts, [alert], nowMs), arms: [] });
}

/** Records that a receiver accepted a notification. */
export async function tell(ports: StatePorts, groupId: string, atMs: number, ...firing: string[]): Promise<void> {
  const { records } = await ports.log.load([groupId]);
  const known = records.get(groupId)?.get(INTEGRATION) ?? NO_RECORD;
  const sequence = Math.max(known.sequence + 1, atMs);
  const record = { ...known, sequence, told: { sequence, atMs, firing, resolved: [] } };
  const changes = [{ integration: INTEGRATION, expectedRevision: known.revision, record }];
  await ports.log.write([{ groupId, fence: null, changes, arms: [] }]);
}

export async function silence(ports: StatePorts, id: string, changes: Partial<Silence>): Promise<void> {
  const expectedVersion = ports.silences.silences.get(id)?.version ?? 0;
  const silence: Silence = {
    id,
    matcherSets: [],
    startsAtMs: 0,
    endsAtMs: 1,
    updatedAtMs: 0,
    createdBy: '',
    comment: '',
    annotations: {},
    ...changes,
  };
  await ports.silences.write([{ kind: 'store', expectedVersion, silence }], 1_000);
}
