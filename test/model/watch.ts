import { type Claim, type Completion, type MemberRevision } from '@tocsin/common/due-queue/due-queue';
import {
  type LoadedRecords,
  type RecordWrite,
  type RecordWriteResult,
} from '@tocsin/notifier/pipeline/notification-log';
import { type Watcher } from './ports';
import { type Attempt, groupName, type Receivers } from './receivers';
import { ALERTS, type Scenario } from './scenario';
import { type SharedState } from './shared-state';
import { routesOf, type Truth } from './truth';
import { type SimulatedProcess, type World } from './world';

/** Looks on while notifiers use the shared state, and takes down what no receiver can see. */
export class Watch {
  /** What must not be, as it was met. */
  readonly violations: string[] = [];
  /** When a group's timer went away, by group id. */
  readonly removed = new Map<string, number[]>();
  /** The groups of records, by id: their name in what receivers hear, without the integration. */
  readonly groupKeys = new Map<string, string>();
  /** What flushes asked the notification log for. */
  readonly flushLoads = new WeakSet<object>();
  private readonly loadedAt = new Map<SimulatedProcess, Map<string, number>>();

  constructor(
    private readonly scenario: Scenario,
    private readonly world: World,
    private readonly shared: SharedState,
    private readonly truth: Truth,
    private readonly receivers: Receivers,
  ) {}

  readonly called: Watcher = ({ process, who, method, args, result, isAnswered }) => {
    if (isAnswered && method === 'write') this.noted(args[0] as RecordWrite[]);
    if (isAnswered) return;
    if (method === 'load' && this.flushLoads.has(args[0] as object)) this.loaded(process, result as LoadedRecords);
    if (method === 'write') this.written(process, args[0] as RecordWrite[], result as RecordWriteResult[]);
    if (who !== 'groups') return;
    if (method === 'complete') this.lookFor((args[0] as Completion[]).map(({ claim }) => claim));
    if (method === 'removeUnchanged') this.lookFor(args[0] as MemberRevision[]);
  };

  private loaded(process: SimulatedProcess, { records }: LoadedRecords): void {
    const steps = this.loadedAt.get(process) ?? new Map<string, number>();
    this.loadedAt.set(process, steps);
    for (const groupId of records.keys()) steps.set(groupId, this.world.step);
  }

  private written(
    process: SimulatedProcess,
    writes: readonly RecordWrite[],
    results: readonly RecordWriteResult[],
  ): void {
    writes.forEach(({ groupId, fence, changes }, index) => {
      if (results[index] !== 'written') return;
      for (const { integration, record } of changes) {
        const { intent, told } = record;
        const isFlush = fence?.queue === 'groups';
        if (isFlush && intent !== null) {
          this.groupKeys.set(`${groupId} ${integration}`, groupName(integration, intent.group));
          const names = intent.alerts.map(
            ({ endsAtMs, fingerprint }) => (endsAtMs === 0 ? '+' : '-') + nameOf(fingerprint),
          );
          const key = groupName(integration, intent.group);
          this.world.tell(
            () =>
              `${process.name} decides ${key} #${intent.sequence % 1_000_000}: ${names.join(' ')} (${intent.reason})`,
          );
          this.checkMutes(process, groupId, integration, intent);
        } else if (isFlush) {
          this.world.tell(() => `${process.name} decides nothing is to be told of ${groupId} ${integration}`);
        }
        if (!isFlush && told !== null) this.told(groupId, integration, told.sequence);
      }
    });
  }

  /** Somebody knows that these are on record. */
  private noted(writes: readonly RecordWrite[]): void {
    for (const { groupId, changes } of writes) {
      for (const { integration, record } of changes) {
        if (record.told !== null)
          this.attemptsOf(groupId, integration, record.told.sequence, (it) => (it.isNoted = true));
      }
    }
  }

  /** What is on record as told is not told again. */
  private told(groupId: string, integration: string, sequence: number): void {
    this.attemptsOf(groupId, integration, sequence, (attempt) => (attempt.isOver = true));
  }

  private attemptsOf(groupId: string, integration: string, sequence: number, change: (attempt: Attempt) => void): void {
    const key = this.groupKeys.get(`${groupId} ${integration}`);
    for (const attempt of this.receivers.attempts) {
      if (attempt.key === key && attempt.sequence === sequence) change(attempt);
    }
  }

  /** Nothing that was surely muted when a flush looked is told as firing. */
  private checkMutes(
    process: SimulatedProcess,
    groupId: string,
    integration: string,
    intent: NonNullable<RecordWrite['changes'][number]['record']['intent']>,
  ): void {
    // Notifiers that work alone do not know of each other's silences.
    if (this.world.wasAnyAlone) return;
    const loadedStep = this.loadedAt.get(process)?.get(groupId) ?? 0;
    for (const { endsAtMs, fingerprint } of intent.alerts) {
      const alert = ALERTS.find((known) => known.fingerprint === fingerprint);
      if (endsAtMs !== 0 || alert === undefined) continue;
      const routes = routesOf(this.scenario, alert).filter(({ receiver }) => integration.startsWith(`${receiver}/`));
      const isMuted = routes.every((route) =>
        this.truth.isSurelyMuted(alert, route, intent.decidedAtMs, loadedStep, this.world.step),
      );
      if (isMuted) this.violations.push(`${alert.name} was muted when ${integration} was to be told of it`);
    }
  }

  private lookFor(members: readonly Pick<Claim, 'lane' | 'id'>[]): void {
    for (const { lane, id } of members) {
      void this.shared.groups.dueTimes(lane, [id]).then(([dueMs]) => {
        if (dueMs === null) this.removed.set(id, [...(this.removed.get(id) ?? []), this.world.nowMs]);
      });
    }
  }
}

function nameOf(fingerprint: string): string {
  return ALERTS.find((known) => known.fingerprint === fingerprint)?.name ?? fingerprint;
}
