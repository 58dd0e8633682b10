import { isResolved } from '@tocsin/common/alert/alert';
import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { type AlertBook, type AlertWrite } from './alert-book';
import { MAX_BATCH_WRITES } from './cut-batches';

/** Alerts looked at before others get their turn. */
const LOOKED_AT_ONCE = 2_000;

/** How long an alert is kept after its end, ms: a message from before it that was held up does not bring it back. */
const KEPT_MS = 60_000;

/** Forgets alerts that have ended and that no group has anything left to do with. */
export class ForgetAlertsService {
  private timer: Timer | null = null;
  private running: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly failure;

  constructor(
    private readonly book: AlertBook,
    private readonly clock: Clock,
    log: Log,
    private readonly intervalMs: number,
    /** Whether any group still holds the alert with this fingerprint. */
    private readonly isMember: (fingerprint: string) => boolean,
  ) {
    this.failure = onReasonChange(log);
  }

  start(): void {
    this.schedule();
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.running;
  }

  /** One round over all alerts. */
  async forgetEnded(): Promise<void> {
    const nowMs = this.clock.nowMs();
    let writes: AlertWrite[] = [];
    let looked = 0;
    for (const alert of this.book.alerts.values()) {
      if (this.isStopped) return;
      if (isResolved(alert, nowMs - KEPT_MS) && !this.isMember(alert.fingerprint)) {
        writes.push({ kind: 'forget', fingerprint: alert.fingerprint, expected: alert });
      }
      if (writes.length === MAX_BATCH_WRITES) {
        await this.book.commit({ writes, arms: [] });
        writes = [];
      }
      if (++looked % LOOKED_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (writes.length > 0) await this.book.commit({ writes, arms: [] });
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = this.clock.setTimer(this.intervalMs, () => {
      this.running = this.round().then(() => this.schedule());
    });
  }

  private async round(): Promise<void> {
    try {
      await this.forgetEnded();
      this.failure.recovered('ended alerts are forgotten again');
    } catch (error) {
      this.failure.failed('ended alerts could not be forgotten', error);
    }
  }
}
