import { type Inhibitor } from './inhibit-rule';

/**
 * Source alerts that inhibit the same targets, with the end of each, and the one of them to name.
 *
 * That is the first by fingerprint of those that fire: an order that no refresh changes, and every instance agrees on.
 * The answer is remembered together with the range of time it holds in, so that neither many questions nor refreshes
 * cost a walk over all sources.
 */
export class SourcePool {
  private readonly endsAtMs = new Map<string, number>();
  /** Answer for every instant from `fromMs`, up to and without the answer's own end; null: none fires. */
  private answer: Inhibitor | null = null;
  private fromMs = -Infinity;

  constructor(private readonly rule: Pick<Inhibitor, 'rule' | 'ruleName'>) {}

  get isEmpty(): boolean {
    return this.endsAtMs.size === 0;
  }

  /** Adds a source, or moves its end. */
  set(fingerprint: string, endsAtMs: number): void {
    this.endsAtMs.set(fingerprint, endsAtMs);
    // While a source that goes before it fires, the answer is another one.
    if (this.answer === null || fingerprint < this.answer.fingerprint) this.fromMs = Math.max(this.fromMs, endsAtMs);
  }

  delete(fingerprint: string): void {
    this.endsAtMs.delete(fingerprint);
  }

  /** A source that fires at this instant. */
  firing(nowMs: number): Inhibitor | null {
    if (!this.isAnsweredAt(nowMs)) this.find(nowMs);
    return this.answer;
  }

  private isAnsweredAt(nowMs: number): boolean {
    // The answer itself may be gone.
    const untilMs = this.answer === null ? Infinity : (this.endsAtMs.get(this.answer.fingerprint) ?? -Infinity);
    return nowMs >= this.fromMs && nowMs < untilMs;
  }

  private find(nowMs: number): void {
    let first: string | null = null;
    for (const [fingerprint, endsAtMs] of this.endsAtMs) {
      if (endsAtMs > nowMs && (first === null || fingerprint < first)) first = fingerprint;
    }
    this.fromMs = -Infinity;
    for (const [fingerprint, endsAtMs] of this.endsAtMs) {
      if (first === null || fingerprint < first) this.fromMs = Math.max(this.fromMs, endsAtMs);
    }
    if (first === null) this.answer = null;
    else if (first !== this.answer?.fingerprint) {
      this.answer = { kind: 'inhibition', fingerprint: first, ...this.rule };
    }
  }
}
