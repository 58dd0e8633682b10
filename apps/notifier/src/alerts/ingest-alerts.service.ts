import { type Alert } from '@tocsin/common/alert/alert';
import { type Arm } from '@tocsin/common/due-queue/due-queue';
import { type ActiveConfig } from '../config/active-config';
import { firstFlushMs } from '../grouping/first-flush';
import { type AlertBook, type AlertWrite } from './alert-book';
import { NO_TIMELINE, type Timeline } from '../timeline/timeline-event';
import { receivedEvents } from '../timeline/received-events';
import { type AlertnameLimit } from './alertname-limit';
import { cutBatches } from './cut-batches';
import { IngestContentionError } from './ingest.errors';
import { planWrites } from './plan-writes';

/** Alerts planned in one go; between slices other work gets its turn. */
const SLICE = 1_024;

/** Conflicts need another writer of the same alerts in the same millisecond, each time anew. */
const MAX_ROUNDS = 10;

/** Merges alerts into the book and makes their groups due. `POST /api/v2/alerts` and the queue join here. */
export class IngestAlertsService {
  constructor(
    private readonly book: Pick<AlertBook, 'alerts' | 'commit'>,
    private readonly active: Pick<ActiveConfig, 'config' | 'groups'>,
    private readonly timeline: Timeline = NO_TIMELINE,
    /** Refuses alerts over a limit; null: there is none. */
    private readonly limit: {
      readonly alerts: AlertnameLimit;
      readonly onRefused: (alert: Alert) => void;
    } | null = null,
  ) {}

  /** Resolves once every alert is durable. Repeating it changes nothing. */
  async ingest(received: readonly Alert[], nowMs: number): Promise<void> {
    const alerts = this.admitted(received, nowMs);
    for (let start = 0; start < alerts.length; start += SLICE) {
      await this.ingestSlice(alerts.slice(start, start + SLICE), nowMs);
    }
  }

  /** Source: Alertmanager: who sent the others is not told. */
  private admitted(alerts: readonly Alert[], nowMs: number): readonly Alert[] {
    const { limit } = this;
    if (limit === null) return alerts;
    return alerts.filter((alert) => {
      const isAdmitted = limit.alerts.admit(alert, nowMs);
      if (!isAdmitted) limit.onRefused(alert);
      return isAdmitted;
    });
  }

  private async ingestSlice(alerts: readonly Alert[], nowMs: number): Promise<void> {
    let pending = alerts;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const planned = cutBatches(planWrites(this.book.alerts, pending, nowMs));
      // Where there is nothing to write, somebody else's write of the same may still be on its way to the disk.
      const batches = planned.length > 0 ? planned : [[]];
      const refused = await Promise.all(
        batches.map(async (writes) => {
          const conflicting = await this.book.commit({ writes, arms: this.armsFor(writes, nowMs) });
          for (const event of receivedEvents(writes, conflicting, nowMs)) this.timeline.record(event);
          return conflicting;
        }),
      );
      const conflicts = new Set(refused.flat());
      if (conflicts.size === 0) return;
      pending = pending.filter(({ fingerprint }) => conflicts.has(fingerprint));
    }
    throw new IngestContentionError(pending.length);
  }

  /** The groups of all alerts that changed more than their times. A group that has a due time keeps it. */
  private armsFor(writes: readonly AlertWrite[], nowMs: number): Arm[] {
    const { groups, config } = this.active;
    const arms = new Map<string, Arm>();
    for (const write of writes) {
      if (write.kind !== 'store') continue;
      for (const { id, route } of groups.groupsOf(write.alert)) {
        // Source: Alertmanager: the alert that starts a group decides when it is flushed first.
        if (arms.has(id)) continue;
        const dueMs = firstFlushMs(write.alert, route, nowMs);
        arms.set(id, { lane: config.routes.lane, id, dueMs, mode: 'keep' });
      }
    }
    return [...arms.values()];
  }
}
