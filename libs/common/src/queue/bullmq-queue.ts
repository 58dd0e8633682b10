import { DelayedError, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { type Log, onReasonChange } from '../log/log';
import { type RedisConnection } from '../redis/redis-connection.client';
import { type RedisKeys } from '../redis/redis-keys';
import { isRedisUnreachable } from '../redis/redis-unreachable';
import { type QueueConsumer, type QueueContract, type QueueProducer } from './queue-contract';
import { readPayload } from './read-payload';

export interface BullmqOptions<Payload> {
  readonly contract: QueueContract<Payload>;
  readonly redis: RedisConnection;
  readonly keys: RedisKeys;
  readonly log: Log;
}

/** Messages that were given up stay for a look at them, this many. */
const KEPT_FAILURES = 1_000;
/** Of BullMQ's stream of events, which nobody of ours reads. */
const KEPT_EVENTS = 100;

/** How long a message in the hands of a process that died stays there, ms; a living one renews. */
const LOCK_MS = 3_000;
const STALLED_CHECK_MS = 1_000;

/** How long a message of an unknown version is put aside before it is offered again, ms. */
const NEWER_DELAY_MS = 2_000;

/** Opens the sending end of a queue in Redis. `add` resolves once Redis has the message. */
export function openBullmqProducer<Payload>(options: BullmqOptions<Payload>): QueueProducer<Payload> {
  const { contract, redis, keys, log } = options;
  const queue = new Queue<Payload>(contract.name, {
    connection: redis.commands,
    prefix: keys.jobs(),
    streams: { events: { maxLen: KEPT_EVENTS } },
    skipWaitingForReady: true,
    defaultJobOptions: {
      attempts: contract.attempts,
      backoff: { type: 'exponential', delay: contract.backoffMs },
      removeOnComplete: true,
      removeOnFail: { count: KEPT_FAILURES },
    },
  });
  const failure = onReasonChange(log);
  queue.on('error', (error) => {
    if (!isRedisUnreachable(error)) failure.failed('Queue failed', error, { queue: contract.name });
  });
  return {
    add: async (payload) => {
      await addTo(queue, contract, payload);
      failure.recovered('Queue works again', { queue: contract.name });
    },
    close: () => queue.close(),
  };
}

/** BullMQ derives the types of a job's name and data from the payload's, which an open type parameter does not give. */
async function addTo<Payload>(
  queue: Queue<Payload>,
  contract: QueueContract<Payload>,
  payload: Payload,
): Promise<void> {
  await (queue as unknown as Queue).add(contract.name, payload, { jobId: contract.jobId(payload) });
}

export interface BullmqConsumerOptions<Payload> extends BullmqOptions<Payload> {
  readonly handle: (payload: Payload) => Promise<void>;
  /** Messages in hand at once. */
  readonly concurrency: number;
}

/**
 * Opens the receiving end of a queue in Redis. A message is gone once it was handled; one that fails is tried again as
 * its contract says, one of an unknown version is put back for a newer process, however often that takes.
 */
export function openBullmqConsumer<Payload>(options: BullmqConsumerOptions<Payload>): QueueConsumer {
  const { contract, redis, keys, log, concurrency } = options;
  const connection = redis.blocking();
  const worker = new Worker<unknown>(contract.name, (job, token) => handleJob(options, job, token), {
    connection,
    prefix: keys.jobs(),
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    // A message whose process died is no failure of the message.
    maxStalledCount: contract.attempts,
  });
  const failure = onReasonChange(log);
  worker.on('error', (error) => {
    // Of an outage the connection tells, once for all who use it.
    if (!isRedisUnreachable(error)) failure.failed('Queue failed', error, { queue: contract.name });
  });
  worker.on('completed', () => failure.recovered('Queue works again', { queue: contract.name }));
  worker.on('failed', (job, error) => {
    const isLast = error instanceof UnrecoverableError || (job?.attemptsMade ?? 0) >= contract.attempts;
    const fields = { queue: contract.name, id: job?.id, attempt: job?.attemptsMade, err: error };
    if (isLast) log.error('Message given up', fields);
    else log.warn('Message could not be handled', fields);
  });
  // While Redis is away an orderly end would wait for it; what is in hand is offered again once its lock has run out.
  return { close: () => worker.close(connection.status !== 'ready') };
}

async function handleJob<Payload>(
  { contract, handle, log }: BullmqConsumerOptions<Payload>,
  job: Job<unknown>,
  token: string | undefined,
): Promise<void> {
  const read = readPayload(contract, job.data);
  switch (read.kind) {
    case 'known':
      return handle(read.payload);
    case 'invalid':
      throw new UnrecoverableError(read.reason);
    case 'newer':
      log.debug('Message put back for a newer version', { queue: contract.name, id: job.id, version: read.version });
      // BullMQ's delays count from the clock of the machine that sets them.
      await job.moveToDelayed(Date.now() + NEWER_DELAY_MS, token);
      throw new DelayedError();
  }
}
