import { type Log, onReasonChange } from '../log/log';
import { type Clock, type Timer } from '../time/clock';
import {
  type Claim,
  type DueQueue,
  type LaneCapacity,
  POISON_CLAIMS,
  POISON_INTERVAL_MS,
  SUSPECT_CLAIMS,
} from './due-queue';
import { Lease, type LeasedClaim } from './lease';

export type { LeasedClaim } from './lease';

export interface DueRunnerOptions {
  readonly queue: DueQueue;
  readonly clock: Clock;
  readonly leaseMs: number;
  /** What may be claimed now; asked every round. */
  readonly lanes: () => readonly LaneCapacity[];
  /** Works on claims and completes them. When it throws, their leases run out and they are due again. */
  readonly handle: (claims: readonly LeasedClaim[]) => Promise<void>;
  /** Whether anything may be claimed at all. */
  readonly mayClaim: () => boolean;
  /** Called when a member is tried that killed or failed its claimers so often that it is only tried once a minute. */
  readonly onPoison: (claim: Claim) => void;
  readonly log: Log;
}

/** Longest sleep, ms: bounds the harm of a wake-up that got lost. */
const POLL_MS = 1_000;
/** Delays before another try after failures in a row, ms: doubled up to the longest. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** Of one lane in one claim, so that no command keeps the queue busy for long. */
const MOST_CLAIMS = 256;

/**
 * Claims what is due and hands it on, asleep in between; renews the leases of what is under way.
 *
 * A batch does not wait for the one before it: what bounds the work under way is `lanes`, which the owner computes.
 */
export class DueRunner {
  private readonly underWay = new Set<Lease>();
  private readonly handlers = new Set<Promise<void>>();
  private readonly claimFailure;
  private readonly renewFailure;
  private readonly handleFailure;
  private failures = 0;
  private timer: Timer | null = null;
  private renewal: Timer | null = null;
  private wakeAtMs = Infinity;
  private currentRound: Promise<void> | null = null;
  private isRunAgain = false;
  /** The last round ended because nothing more may be under way. */
  private isFull = false;
  private isStopped = false;

  constructor(private readonly options: DueRunnerOptions) {
    this.claimFailure = onReasonChange(options.log);
    this.renewFailure = onReasonChange(options.log);
    this.handleFailure = onReasonChange(options.log);
  }

  start(): void {
    this.options.queue.onArmed((_lane, dueMs) => this.sleepUntil(dueMs));
    this.wake();
  }

  /** Looks for due members now. */
  wake(): void {
    this.sleepUntil(-Infinity);
  }

  /** Looks for due members at this instant, epoch ms, unless it does so earlier: for when `lanes` will have changed. */
  wakeAt(atMs: number): void {
    this.sleepUntil(atMs);
  }

  /** Claims handed out and not yet done. */
  get load(): number {
    return this.underWay.size;
  }

  /** Claims nothing more and waits for what is under way, at most this long; false when some was left. */
  async stop(limitMs = Infinity): Promise<boolean> {
    this.isStopped = true;
    this.timer?.cancel();
    let limit: Timer | null = null;
    const isOver = new Promise<boolean>((done) => {
      if (limitMs < Infinity) limit = this.options.clock.setTimer(limitMs, () => done(false));
    });
    const isDone = await Promise.race([this.finish(), isOver]);
    (limit as Timer | null)?.cancel();
    this.renewal?.cancel();
    this.renewal = null;
    return isDone;
  }

  private async finish(): Promise<boolean> {
    await this.currentRound;
    while (this.handlers.size > 0) await Promise.all(this.handlers);
    return true;
  }

  private sleepUntil(dueMs: number): void {
    if (this.isStopped || dueMs >= this.wakeAtMs) return;
    this.wakeAtMs = dueMs;
    this.timer?.cancel();
    const delayMs = Math.max(0, dueMs - this.options.clock.nowMs());
    this.timer = this.options.clock.setTimer(delayMs, () => this.beginRound());
  }

  private beginRound(): void {
    this.wakeAtMs = Infinity;
    if (this.currentRound) {
      this.isRunAgain = true;
      return;
    }
    this.currentRound = this.round().then((nextMs) => {
      this.currentRound = null;
      this.sleepUntil(this.isRunAgain ? -Infinity : nextMs);
      this.isRunAgain = false;
    });
  }

  /** Tells when the next round is to begin, epoch ms. */
  private async round(): Promise<number> {
    const { clock, mayClaim } = this.options;
    try {
      const isClear = mayClaim();
      const nextMs = isClear ? await this.claim() : Infinity;
      this.failures = 0;
      if (isClear) this.claimFailure.recovered('Due work can be claimed again');
      return Math.min(nextMs, clock.nowMs() + POLL_MS);
    } catch (error) {
      this.claimFailure.failed('Due work could not be claimed', error);
      return clock.nowMs() + Math.min(FIRST_RETRY_MS * 2 ** this.failures++, LONGEST_RETRY_MS);
    }
  }

  /** Claims until nothing more is due or may be claimed; tells when to look again, epoch ms. */
  private async claim(): Promise<number> {
    const { queue, clock, leaseMs } = this.options;
    while (!this.isStopped) {
      const lanes = this.options
        .lanes()
        .flatMap(({ lane, max }) => (max > 0 ? [{ lane, max: Math.min(max, MOST_CLAIMS) }] : []));
      this.isFull = lanes.length === 0;
      if (this.isFull) break;
      const claimedAtMs = clock.nowMs();
      const { claims, nextDueMs } = await queue.claim(lanes, leaseMs);
      if (this.isStopped) await this.giveBack(claims);
      else this.hand(await this.leaseAll(claims, claimedAtMs));
      // A claim that was answered late may not last until the next renewal.
      if (claims.length > 0 && clock.nowMs() - claimedAtMs > leaseMs / 3) void this.renew();
      if (nextDueMs === null) break;
      if (claims.length === 0 || nextDueMs > clock.nowMs()) return nextDueMs;
    }
    return Infinity;
  }

  /** Poison members are leased for so long that one that kills again is not tried again before. */
  private async leaseAll(claims: readonly Claim[], claimedAtMs: number): Promise<Lease[]> {
    const { queue, clock, leaseMs } = this.options;
    const poison = claims.filter(isPoison);
    const lost = poison.length > 0 ? await queue.extend(poison, POISON_INTERVAL_MS) : [];
    return claims
      .filter((claim) => !lost.includes(claim))
      .map((claim) => new Lease(claim, clock, claimedAtMs, isPoison(claim) ? POISON_INTERVAL_MS : leaseMs));
  }

  /** Claims that arrived after `stop` are due for somebody else at once. */
  private async giveBack(claims: readonly Claim[]): Promise<void> {
    await this.options.queue.complete(claims.map((claim) => ({ claim, unchanged: claim.dueMs, changed: claim.dueMs })));
  }

  private hand(leases: readonly Lease[]): void {
    const suspects = leases.filter(({ unfinished }) => unfinished >= SUSPECT_CLAIMS);
    const others = leases.filter(({ unfinished }) => unfinished < SUSPECT_CLAIMS);
    for (const lease of suspects) if (isPoison(lease)) this.reportPoison(lease);
    for (const batch of [others, ...suspects.map((suspect) => [suspect])]) {
      if (batch.length === 0) continue;
      for (const lease of batch) this.underWay.add(lease);
      const handler = this.run(batch).finally(() => this.handlers.delete(handler));
      this.handlers.add(handler);
    }
    if (leases.length > 0) this.renewal ??= this.scheduleRenewal();
  }

  private reportPoison(claim: Claim): void {
    const { lane, id, unfinished } = claim;
    this.options.log.error('Due work has never ended in many tries; from now on it is tried once a minute', {
      lane,
      id,
      tries: unfinished,
    });
    this.options.onPoison(claim);
  }

  private async run(leases: readonly Lease[]): Promise<void> {
    try {
      await this.options.handle(leases);
      this.handleFailure.recovered('Due work succeeds again');
    } catch (error) {
      this.handleFailure.failed('Due work failed and will be repeated', error);
    }
    for (const lease of leases) this.underWay.delete(lease);
    if (this.isFull) this.wake();
  }

  private scheduleRenewal(): Timer {
    return this.options.clock.setTimer(this.options.leaseMs / 3, () => {
      void this.renew().then(() => {
        if (this.renewal) this.renewal = this.underWay.size > 0 ? this.scheduleRenewal() : null;
      });
    });
  }

  private async renew(): Promise<void> {
    const held = [...this.underWay].filter((lease) => lease.isHeld());
    try {
      await this.extend(
        held.filter((lease) => !isPoison(lease)),
        this.options.leaseMs,
      );
      await this.extend(held.filter(isPoison), POISON_INTERVAL_MS);
      this.renewFailure.recovered('Leases can be renewed again');
    } catch (error) {
      this.renewFailure.failed('Leases could not be renewed', error);
    }
  }

  private async extend(leases: readonly Lease[], leaseMs: number): Promise<void> {
    if (leases.length === 0) return;
    const askedAtMs = this.options.clock.nowMs();
    const lost = new Set<Claim>(await this.options.queue.extend(leases, leaseMs));
    for (const lease of leases)
      if (lost.has(lease)) lease.lose();
      else lease.renew(askedAtMs, leaseMs);
  }
}

function isPoison({ unfinished }: Claim): boolean {
  return unfinished >= POISON_CLAIMS;
}
