import { AppError } from '../errors/app-error';
import { type Log } from '../log/log';
import { type Clock, sleep } from '../time/clock';
import { type QueueConsumer, type QueueContract, type QueueProducer } from './queue-contract';
import { MESSAGE_GIVEN_UP, MESSAGE_INVALID, QUEUE_CLOSED } from './queue.errors';
import { readPayload } from './read-payload';

type Handler<Payload> = (payload: Payload) => Promise<void>;

/**
 * Hands messages to a consumer in the same process. `add` resolves once the consumer has handled the message, which
 * makes it as durable as what the consumer did; while there is no consumer, or it fails, `add` waits and tries again.
 */
export class InProcessQueue<Payload> implements QueueProducer<Payload> {
  private handler: Handler<Payload> | null = null;
  private readonly inHand = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(private readonly options: { contract: QueueContract<Payload>; clock: Clock; log: Log }) {}

  /** Takes every message from now on; there is one consumer at a time. */
  consume(handler: Handler<Payload>): QueueConsumer {
    this.handler = handler;
    return {
      close: async () => {
        if (this.handler === handler) this.handler = null;
        await Promise.allSettled(this.inHand);
      },
    };
  }

  async add(message: Payload): Promise<void> {
    const { contract, clock, log } = this.options;
    const read = readPayload(contract, message);
    if (read.kind !== 'known')
      throw new AppError(
        MESSAGE_INVALID,
        `queue ${contract.name}: ${read.kind === 'newer' ? 'unknown version' : read.reason}`,
      );
    for (let attempt = 1; ; attempt++) {
      if (this.closing.signal.aborted) throw new AppError(QUEUE_CLOSED, `queue ${contract.name} is closed`);
      try {
        return await this.handle(read.payload);
      } catch (cause) {
        log.warn('Message could not be handled', {
          queue: contract.name,
          id: contract.jobId(message),
          attempt,
          err: cause,
        });
        if (attempt === contract.attempts)
          throw new AppError(MESSAGE_GIVEN_UP, `queue ${contract.name}: given up after ${attempt} attempts`, { cause });
      }
      await sleep(clock, contract.backoffMs * 2 ** (attempt - 1), this.closing.signal);
    }
  }

  /** Ends what waits for its next attempt; what is being handled goes on. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.allSettled(this.inHand);
  }

  private async handle(payload: Payload): Promise<void> {
    if (!this.handler) throw new AppError(QUEUE_CLOSED, 'nobody takes messages');
    const work = this.handler(payload);
    this.inHand.add(work);
    try {
      await work;
    } finally {
      this.inHand.delete(work);
    }
  }
}
