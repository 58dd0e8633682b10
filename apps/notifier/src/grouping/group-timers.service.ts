import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type AlertBook } from '../alerts/alert-book';
import { type ActiveConfig } from '../config/active-config';
import { firstFlushMs } from './first-flush';
import { type GroupRef } from './groups';

/** Groups asked about and armed in one command. */
const MAX_ARMS = 1_000;
const INTERVAL_MS = 30_000;

/**
 * Sees to it that every group with members has a due time: after a start, after a reload, and from time to time, because
 * the instance that took an alert may have armed it for another routing tree than the one that is left.
 */
export class GroupTimersService {
  private timer: Timer | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly failure;

  constructor(
    private readonly queue: DueQueue,
    private readonly active: Pick<ActiveConfig, 'config' | 'groups'>,
    private readonly book: Pick<AlertBook, 'alerts'>,
    private readonly clock: Clock,
    log: Log,
  ) {
    this.failure = onReasonChange(log);
  }

  /** Arms what has no timer, now and every 30 s. */
  async start(): Promise<void> {
    await this.arm();
    this.schedule();
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  /** Arms groups without a due time; what fails is done the next time. */
  async arm(): Promise<void> {
    try {
      await this.armAll();
      this.failure.recovered('Groups can be armed again');
    } catch (error) {
      this.failure.failed('Groups could not be armed', error);
    }
  }

  /** Starts the timers of all groups anew, as if their alerts had just come in; what is being flushed keeps its time, and
   *  where that fails, so does everything. Source: Alertmanager's reload. */
  async restart(): Promise<void> {
    try {
      await this.restartAll();
      this.failure.recovered('Groups can be armed again');
    } catch (error) {
      this.failure.failed('Groups could not be armed', error);
    }
  }

  private async restartAll(): Promise<void> {
    const { lane } = this.active.config.routes;
    const nowMs = this.clock.nowMs();
    const all = [...this.active.groups.groups()];
    for (let start = 0; start < all.length; start += MAX_ARMS) {
      const slice = all.slice(start, start + MAX_ARMS);
      await this.queue.arm(
        slice.map((group) => ({ lane, id: group.id, dueMs: this.dueOf(group, nowMs), mode: 'set' as const })),
      );
    }
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = this.clock.setTimer(INTERVAL_MS, () => {
      this.running = this.arm().then(() => this.schedule());
    });
  }

  private async armAll(): Promise<void> {
    const { lane } = this.active.config.routes;
    const nowMs = this.clock.nowMs();
    const all = [...this.active.groups.groups()];
    for (let start = 0; start < all.length; start += MAX_ARMS) {
      const slice = all.slice(start, start + MAX_ARMS);
      const dueTimes = await this.queue.dueTimes(
        lane,
        slice.map(({ id }) => id),
      );
      const untimed = slice.filter((_, index) => dueTimes[index] === null);
      if (untimed.length === 0) continue;
      const arms = untimed.map((group) => ({
        lane,
        id: group.id,
        dueMs: this.dueOf(group, nowMs),
        mode: 'keep' as const,
      }));
      await this.queue.arm(arms);
    }
  }

  private dueOf(group: GroupRef, nowMs: number): number {
    let dueMs = nowMs + group.route.groupWaitMs;
    for (const fingerprint of this.active.groups.members(group.id)) {
      const alert = this.book.alerts.get(fingerprint);
      if (alert !== undefined) dueMs = Math.min(dueMs, firstFlushMs(alert, group.route, nowMs));
    }
    return dueMs;
  }
}
