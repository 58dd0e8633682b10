import { type Clock } from '../time/clock';
import { type Claim } from './due-queue';

/** A claim with what this process knows about its lease. */
export interface LeasedClaim extends Claim {
  /** Whether the lease has surely not run out: false once it was lost, and after this process was paused for longer. */
  isHeld(): boolean;
}

/** The last part of a lease is not trusted, this share of it: clocks and waits differ a little. */
const MISTRUSTED_SHARE = 0.1;

/** A claim and how long its lease lasts. */
export class Lease implements LeasedClaim {
  readonly lane: string;
  readonly id: string;
  readonly token: number;
  readonly revision: number;
  readonly unfinished: number;
  readonly dueMs: number;
  private trustedUntilMs = 0;

  /** `sinceMs` is when it was asked for. */
  constructor(
    claim: Claim,
    private readonly clock: Pick<Clock, 'nowMs'>,
    sinceMs: number,
    leaseMs: number,
  ) {
    this.lane = claim.lane;
    this.id = claim.id;
    this.token = claim.token;
    this.revision = claim.revision;
    this.unfinished = claim.unfinished;
    this.dueMs = claim.dueMs;
    this.renew(sinceMs, leaseMs);
  }

  isHeld(): boolean {
    return this.clock.nowMs() < this.trustedUntilMs;
  }

  renew(sinceMs: number, leaseMs: number): void {
    this.trustedUntilMs = sinceMs + leaseMs * (1 - MISTRUSTED_SHARE);
  }

  lose(): void {
    this.trustedUntilMs = 0;
  }
}
