import type { z } from 'zod';

/** What one queue carries and how it retries. Defined once (`*.queue.ts`), used by producer and consumer. */
export interface QueueContract<Payload> {
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** Derived from content; guards only while the job exists. Must not hold `:`. */
  readonly jobId: (payload: Payload) => string;
  readonly attempts: number;
  /** Delay before the second attempt, ms; doubled for each further one. */
  readonly backoffMs: number;
}

export function defineQueue<Payload>(contract: QueueContract<Payload>): QueueContract<Payload> {
  return contract;
}

export interface QueueProducer<Payload> {
  /** Resolves once the message cannot be lost by this process ending. */
  add(payload: Payload): Promise<void>;
  close(): Promise<void>;
}

export interface QueueConsumer {
  /** Stops taking messages and waits for the ones in hand. */
  close(): Promise<void>;
}
