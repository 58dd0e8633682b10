import { type Log, onReasonChange } from '@tocsin/common/log/log';
import { type Clock, type Timer } from '@tocsin/common/time/clock';
import { formatDuration } from '@tocsin/common/time/duration';
import { afterOutage, type Outage } from './after-outage';
import { type AlertBook } from './alert-book';
import { MAX_BATCH_WRITES } from './cut-batches';
import { type Liveness, OUTAGE_AFTER_MS } from './liveness';

const BEAT_MS = 1_000;

/** How long the right to repair outlives its owner, ms. */
const REPAIR_TTL_MS = 10_000;

/** Attempts at alerts that change while they are repaired. */
const MAX_ATTEMPTS = 5;

/**
 * Our own downtime expires nothing: after an outage every alert gets the lifetime it had left, and until that is done
 * nothing is flushed.
 */
export class OutageGuardService {
  private clearAtMs: number | null = null;
  private timer: Timer | null = null;
  private beating: Promise<void> = Promise.resolve();
  private isStopped = false;
  private readonly failure;

  constructor(
    private readonly book: AlertBook,
    private readonly liveness: Liveness,
    private readonly clock: Clock,
    private readonly log: Log,
    /** Unique name of this instance. */
    private readonly owner: string,
  ) {
    this.failure = onReasonChange(log);
  }

  /** Resolves after the first beat, with all it entails. */
  async start(): Promise<void> {
    await this.beat();
    this.scheduleBeat();
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timer?.cancel();
    await this.beating;
  }

  /** Whether ends of alerts mean what they say, so that groups may be flushed: no outage is being repaired, and none
   *  can have begun unnoticed, as when this process was suspended or cut off. */
  isClear(nowMs: number): boolean {
    return this.clearAtMs !== null && nowMs - this.clearAtMs <= OUTAGE_AFTER_MS;
  }

  /** For the readiness endpoint; null: ready. */
  notReadyBecause(): string | null {
    if (this.clearAtMs === null) return 'alerts are being restored after an outage';
    return this.isClear(this.clock.nowMs()) ? null : 'the state cannot be reached';
  }

  private scheduleBeat(): void {
    if (this.isStopped) return;
    this.timer = this.clock.setTimer(BEAT_MS, () => {
      this.beating = this.beat().then(() => this.scheduleBeat());
    });
  }

  private async beat(): Promise<void> {
    try {
      if (!(await this.isAlive())) await this.isAlive();
      this.failure.recovered('beats are heard again');
    } catch (error) {
      this.failure.failed('a beat failed', error);
    }
  }

  /** Beats once, and repairs what an outage did; false: beat again. */
  private async isAlive(): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    const beat = await this.liveness.beat(nowMs);
    if (beat.kind === 'ok') {
      this.clearAtMs = nowMs;
      return true;
    }
    this.clearAtMs = null;
    return !(await this.repair({ sinceMs: beat.sinceMs, noticedMs: nowMs }));
  }

  /** False: another instance does it. */
  private async repair(outage: Outage): Promise<boolean> {
    const begun = await this.keepRepairing('');
    if (begun === null) return false;
    const fingerprints = [...this.book.alerts.values()]
      .filter((alert) => alert.fingerprint > begun.doneTo && afterOutage(alert, outage, outage.noticedMs) !== null)
      .map(({ fingerprint }) => fingerprint)
      .sort();
    if (fingerprints.length > 0) {
      this.log.warn('No notifier accepted alerts for a while: those that had not ended keep the time they had left', {
        since: new Date(outage.sinceMs).toISOString(),
        duration: formatDuration(outage.noticedMs - outage.sinceMs),
        alerts: fingerprints.length,
      });
    }
    for (let start = 0; start < fingerprints.length; start += MAX_BATCH_WRITES) {
      const batch = fingerprints.slice(start, start + MAX_BATCH_WRITES);
      await this.repairBatch(batch, outage);
      if ((await this.keepRepairing(batch.at(-1) ?? '')) === null) return false;
    }
    await this.liveness.recovered(this.owner, this.clock.nowMs());
    return true;
  }

  private async repairBatch(fingerprints: readonly string[], outage: Outage): Promise<void> {
    let left = fingerprints;
    for (let attempt = 0; left.length > 0 && attempt < MAX_ATTEMPTS; attempt++) {
      const nowMs = this.clock.nowMs();
      const writes = left.flatMap((fingerprint) => {
        const alert = this.book.alerts.get(fingerprint);
        return (alert && afterOutage(alert, outage, nowMs)) ?? [];
      });
      left = await this.book.commit({ writes, arms: [] });
    }
  }

  private keepRepairing(doneTo: string): Promise<{ doneTo: string } | null> {
    return this.liveness.tryRepair({ owner: this.owner, nowMs: this.clock.nowMs(), ttlMs: REPAIR_TTL_MS, doneTo });
  }
}
