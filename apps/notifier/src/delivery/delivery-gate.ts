import { afterAttempt, attemptsAllowed, type Circuit, CLOSED } from './circuit-breaker';
import { type DeliveryLimits } from './delivery-limits';
import { askedWaitMs, type DeliveryOutcome } from './delivery-outcome';
import { type Bucket, nextTokenMs, refill, wholeTokens } from './token-bucket';

/** The place one claimed delivery takes until it leaves. */
export interface Pass {
  /** It was let in by an open circuit, to see whether the receiver is back. */
  readonly isProbe: boolean;
  /** An attempt was made: the rate limit has counted it. */
  isUsed: boolean;
  hasLeft: boolean;
}

/** How many deliveries may be claimed now; 0: look again when one leaves, and at `againMs` (null: only then). */
export interface Capacity {
  readonly max: number;
  readonly againMs: number | null;
  /** The rate limit was used up just now. */
  readonly isRateLimited: boolean;
}

/** What lets deliveries of one integration through, as its limits say. */
export class DeliveryGate {
  private inFlight = 0;
  private probes = 0;
  private bucket: Bucket | null = null;
  private wasEmpty = false;
  private circuit: Circuit = CLOSED;
  /** The receiver asked to be left alone until then, epoch ms, whatever there is to be told. */
  private heldUntilMs = -Infinity;
  /** Somebody found no capacity and wants to know when there is some. */
  private isWaitedFor = false;

  get isIdle(): boolean {
    return this.inFlight === 0;
  }

  get isOpen(): boolean {
    return this.circuit.phase === 'open';
  }

  capacity(limits: DeliveryLimits, nowMs: number): Capacity {
    const found = this.find(limits, nowMs);
    const isEmpty = this.bucket !== null && wholeTokens(this.bucket) === 0;
    const isRateLimited = isEmpty && !this.wasEmpty;
    this.wasEmpty = isEmpty;
    this.isWaitedFor ||= found.max === 0;
    return { ...found, isRateLimited };
  }

  /** Lets one delivery in, which must leave in the end. */
  enter(limits: DeliveryLimits, nowMs: number): Pass {
    this.inFlight++;
    if (this.isOpen) this.probes++;
    if (limits.rate !== null) {
      const bucket = refill(this.bucket, limits.rate, nowMs);
      this.bucket = { ...bucket, tokens: bucket.tokens - 1 };
    }
    return { isProbe: this.isOpen, isUsed: false, hasLeft: false };
  }

  /** Takes note of how the attempt of one that is inside ended; tells what became of the circuit. */
  attempted(pass: Pass, outcome: DeliveryOutcome, limits: DeliveryLimits, nowMs: number): 'opened' | 'closed' | null {
    pass.isUsed = true;
    const wasOpen = this.isOpen;
    const waitMs = askedWaitMs(outcome);
    if (waitMs > 0) this.heldUntilMs = Math.max(this.heldUntilMs, nowMs + waitMs);
    this.circuit = afterAttempt(this.circuit, outcome, limits.circuit, nowMs);
    if (this.isOpen === wasOpen) return null;
    return wasOpen ? 'closed' : 'opened';
  }

  /** Lets one out, which may be out already; tells whether somebody waits for that. */
  leave(pass: Pass): boolean {
    if (pass.hasLeft) return false;
    pass.hasLeft = true;
    this.inFlight--;
    if (pass.isProbe) this.probes--;
    if (!pass.isUsed && this.bucket !== null) this.bucket = { ...this.bucket, tokens: this.bucket.tokens + 1 };
    const isWaitedFor = this.isWaitedFor;
    this.isWaitedFor = false;
    return isWaitedFor;
  }

  private find({ maxInFlight, rate, circuit }: DeliveryLimits, nowMs: number): Omit<Capacity, 'isRateLimited'> {
    // A reload may have taken the breaker away.
    if (circuit === null) this.circuit = CLOSED;
    const state = this.circuit;
    const isPaused = state.phase === 'open' && nowMs < state.untilMs;
    if (isPaused) return { max: 0, againMs: Math.max(state.untilMs, this.heldUntilMs) };
    if (nowMs < this.heldUntilMs) return { max: 0, againMs: this.heldUntilMs };
    const places = Math.min(maxInFlight - this.inFlight, attemptsAllowed(state, nowMs) - this.probes);
    if (places <= 0) return NO_PLACE;
    if (rate === null) {
      this.bucket = null;
      return { max: places, againMs: null };
    }
    this.bucket = refill(this.bucket, rate, nowMs);
    const tokens = wholeTokens(this.bucket);
    return tokens > 0
      ? { max: Math.min(places, tokens), againMs: null }
      : { max: 0, againMs: nextTokenMs(this.bucket, rate) };
  }
}

const NO_PLACE = { max: 0, againMs: null };
