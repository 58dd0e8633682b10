/** How much one execution may do. */
export interface Limits {
  /** Nodes, iterations and elements worked on. */
  readonly maxSteps: number;
  /** Templates within templates. */
  readonly maxDepth: number;
  /** UTF-16 units of the output, and of any text made on the way. */
  readonly maxLength: number;
}

/** Thrown where a limit is met, caught where the execution was started. */
export class LimitExceeded extends Error {}

/** What is left of the limits of one execution; functions that loop or make long texts are to ask it first. */
export class Budget {
  readonly limits: Limits;
  #stepsLeft: number;

  constructor(limits: Limits) {
    this.limits = limits;
    this.#stepsLeft = limits.maxSteps;
  }

  /** What was done so far, in steps. */
  get spent(): number {
    return Math.min(this.limits.maxSteps, this.limits.maxSteps - this.#stepsLeft);
  }

  /** Pays for work before it is done. */
  spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) throw new LimitExceeded(`exceeded ${this.limits.maxSteps} steps`);
  }

  /** Refuses a text before it is made; pays for its length. */
  allowLength(length: number): void {
    this.checkLength(length);
    this.spend(length >> 6);
  }

  /** Refuses a text that has grown too long; the parts it grew by are paid for one by one. */
  checkLength(length: number): void {
    if (length > this.limits.maxLength) throw new LimitExceeded(`exceeded ${this.limits.maxLength} characters`);
  }
}
