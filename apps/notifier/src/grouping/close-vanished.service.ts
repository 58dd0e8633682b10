import { type Instance } from '@tocsin/common/cluster/instance-registry';
import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { labelHash } from '@tocsin/common/labels/label-hash';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type AlertBook, type AlertView, type StoredAlert } from '../alerts/alert-book';
import { type ActiveConfig } from '../config/active-config';
import { type NotificationLog, type RecordChange } from '../pipeline/notification-log';
import { type NO_RECORD, openOf } from '../pipeline/notification-record';
import { type Timeline } from '../timeline/timeline-event';
import { closeRecord } from './close-group';
import { recordExpiryMs } from './flush-group.service';
import { type GroupRef } from './groups';
import { plainRouteLabels, type RouteLabelsOf } from './route-labels';

/** What a reload left behind. */
export interface Leftovers {
  /** Of the configuration that was replaced. */
  readonly configHash: number;
  /** Null: the routing tree is the same. */
  readonly lane: string | null;
  /** Groups that are gone: their route is, or their alerts go elsewhere now. */
  readonly groups: readonly GroupRef[];
  /** Whether their receivers are told; what is kept of them goes in any case. */
  readonly areClosed: boolean;
  /** Keys of integrations that are gone. */
  readonly integrations: readonly string[];
}

const LOOK_AGAIN_MS = 1_000;
/** Groups named in one line of the log, at most. */
const MOST_EXAMPLES = 3;
const MOST_AT_ONCE = 100;

/**
 * Closes groups that a reload left without alerts, through their old receiver where that still exists, and clears away
 * their timers: what was opened is closed.
 *
 * It waits until no instance runs the replaced configuration any more: where one still does, the group lives on.
 */
export class CloseVanishedService {
  private waiting: Leftovers[] = [];
  private timer: Timer | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly failure;

  constructor(
    private readonly active: Pick<ActiveConfig, 'config' | 'groups' | 'integrations'>,
    private readonly book: Pick<AlertBook, 'alerts'>,
    private readonly records: NotificationLog,
    private readonly groups: DueQueue,
    private readonly deliveries: DueQueue,
    /** Null: not known yet. */
    private readonly instances: () => readonly Instance[] | null,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly timeline: Timeline,
    private readonly routeLabelsOf: RouteLabelsOf = plainRouteLabels,
  ) {
    this.failure = onReasonChange(log);
  }

  /** Takes care of what a reload left behind, as soon as nobody uses it any more. */
  add(leftovers: Leftovers): void {
    const { lane, groups, integrations } = leftovers;
    if (lane === null && groups.length === 0 && integrations.length === 0) return;
    this.waiting.push(leftovers);
    this.schedule(0);
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  private schedule(delayMs: number): void {
    if (this.isStopped || this.timer !== null || this.waiting.length === 0) return;
    this.timer = this.clock.setTimer(delayMs, () => {
      this.running = this.round().then(() => {
        this.timer = null;
        this.schedule(LOOK_AGAIN_MS);
      });
    });
  }

  private async round(): Promise<void> {
    for (const leftovers of [...this.waiting]) {
      if (this.isInUse(leftovers.configHash)) continue;
      try {
        const groups = await this.clear(leftovers);
        const rest = groups.length > 0 ? [{ ...leftovers, groups }] : [];
        this.waiting = this.waiting.flatMap((other) => (other === leftovers ? rest : other));
        this.failure.recovered('Groups of removed routes can be closed again');
      } catch (error) {
        this.failure.failed('Groups of removed routes could not be closed', error);
      }
    }
  }

  private isInUse(configHash: number): boolean {
    const instances = this.instances();
    // One that does not say what it runs on may run on it.
    return (
      instances === null ||
      instances.some(({ details }) => (details?.['config'] ?? String(configHash)) === String(configHash))
    );
  }

  /** Answers the groups that have to be looked at again. */
  private async clear({ groups, areClosed, lane, integrations }: Leftovers): Promise<readonly GroupRef[]> {
    const gone = groups.filter(({ id }) => this.active.groups.group(id) === undefined);
    const again: GroupRef[] = [];
    const unheard: Unheard[] = [];
    for (let start = 0; start < gone.length; start += MOST_AT_ONCE) {
      const slice = gone.slice(start, start + MOST_AT_ONCE);
      if (areClosed) again.push(...(await this.close(slice, unheard)));
      const nowMs = this.clock.nowMs();
      await this.records.expire(
        slice.map((group) => ({ groupId: group.id, expiresAtMs: recordExpiryMs(nowMs, group.route) })),
      );
    }
    this.report(unheard);
    if (lane !== null && lane !== this.active.config.routes.lane) await this.groups.removeLane(lane);
    for (const key of integrations) {
      if (this.active.integrations.byKey(key) === undefined) await this.deliveries.removeLane(key);
    }
    return again;
  }

  /** Answers the groups of which an attempt under way may tell yet: then there is more to close. */
  private async close(groups: readonly GroupRef[], unheard: Unheard[]): Promise<GroupRef[]> {
    const { records } = await this.records.load(groups.map(({ id }) => id));
    const nowMs = this.clock.nowMs();
    const alertOf = alertsByName(this.book.alerts);
    const writes = groups.flatMap((group) => {
      const changes = this.changesOf(group, records.get(group.id) ?? new Map(), alertOf, nowMs, unheard);
      const arms = changes.map(({ integration }) => ({
        lane: integration,
        id: group.id,
        dueMs: nowMs,
        mode: 'earlier' as const,
      }));
      return changes.length > 0 ? [{ groupId: group.id, fence: null, changes, arms }] : [];
    });
    const results = await this.records.write(writes);
    const refused = new Set(writes.flatMap(({ groupId }, index) => (results[index] === 'written' ? [] : groupId)));
    const changed = new Map(writes.map(({ groupId, changes }) => [groupId, changes]));
    return groups.filter(({ id }) => {
      const left = [...(records.get(id) ?? [])].filter(([key]) => this.active.integrations.byKey(key) !== undefined);
      const now = [...left.map(([, record]) => record), ...(changed.get(id) ?? []).map(({ record }) => record)];
      return refused.has(id) || now.some(({ withdrawn }) => withdrawn);
    });
  }

  private changesOf(
    group: GroupRef,
    records: ReadonlyMap<string, typeof NO_RECORD>,
    alertOf: AlertOf,
    nowMs: number,
    unheard: Unheard[],
  ): RecordChange[] {
    return [...records].flatMap(([key, record]) => {
      const integration = this.active.integrations.byKey(key);
      if (integration === undefined) {
        if (openOf(record.told).length > 0) unheard.push({ group, integration: key });
        return [];
      }
      return closeRecord(record, integration, group, (name) => alertOf(name, record), nowMs, this.routeLabelsOf) ?? [];
    });
  }

  /** Nobody is left to tell: each group is in the timeline, and a reload is one line of the log. */
  private report(unheard: readonly Unheard[]): void {
    if (unheard.length === 0) return;
    this.log.warn(
      'Groups were told as firing, and the configuration has neither their route nor their receiver any more',
      {
        count: unheard.length,
        examples: unheard.slice(0, MOST_EXAMPLES).map(({ group, integration }) => `${group.key} (${integration})`),
      },
    );
    const nowMs = this.clock.nowMs();
    for (const { group, integration } of unheard) {
      this.timeline.record({
        atMs: nowMs,
        kind: 'config',
        group: group.id,
        groupKey: group.key,
        receiver: group.route.receiver,
        integration,
        message: 'told as firing and never closed: route and receiver were removed',
      });
    }
  }
}

/** A group whose receiver was told that it fires, and is gone. */
interface Unheard {
  readonly group: GroupRef;
  readonly integration: string;
}

type AlertOf = (name: string, record: typeof NO_RECORD) => StoredAlert | undefined;

/** Finds the alerts of records, which name them by fingerprint; imported ones by Alertmanager's label hash, too. */
function alertsByName(alerts: AlertView): AlertOf {
  let hashed: Map<string, StoredAlert> | null = null;
  return (name, { told }) => {
    const known = alerts.get(name);
    if (known !== undefined || told?.hashing === undefined) return known;
    hashed ??= new Map([...alerts.values()].map((alert) => [labelHash(alert.labels), alert]));
    return hashed.get(name);
  };
}
