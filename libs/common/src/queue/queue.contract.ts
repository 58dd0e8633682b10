import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineQueue, type QueueConsumer, type QueueProducer } from './queue-contract';

export const greetings = defineQueue({
  name: 'greetings',
  payload: z.looseObject({ v: z.literal(1), to: z.string() }),
  jobId: ({ to }) => `greet-${to}`,
  attempts: 3,
  backoffMs: 10,
});
export type Greeting = z.infer<typeof greetings.payload>;

/** What a test of the contract needs of an adapter. */
export interface QueueHarness {
  producer: QueueProducer<Greeting>;
  consume(handle: (greeting: Greeting) => Promise<void>): QueueConsumer;
}

/** Every queue passes this. */
export function queueContract(name: string, open: () => QueueHarness): void {
  describe(`${name} keeps the queue contract`, () => {
    let queue: QueueHarness;
    let consumers: QueueConsumer[] = [];
    const greeting = (to: string): Greeting => ({ v: 1, to });

    beforeEach(() => {
      queue = open();
      consumers = [];
    });
    afterEach(async () => {
      await queue.producer.close();
      for (const consumer of consumers) await consumer.close();
    });

    const consume = (handle: (greeting: Greeting) => Promise<void>): QueueConsumer => {
      const consumer = queue.consume(handle);
      consumers.push(consumer);
      return consumer;
    };

    it('brings each message to the consumer, with fields that it does not know', async () => {
      const got: Greeting[] = [];
      consume(async (message) => void got.push(message));
      await queue.producer.add({ ...greeting('a'), more: [1] });
      await queue.producer.add(greeting('b'));
      await expect.poll(() => got).toEqual([{ v: 1, to: 'a', more: [1] }, greeting('b')]);
    });

    it('tries again after a failure, until it succeeds', async () => {
      let attempts = 0;
      consume(async () => {
        if (++attempts < 3) throw new Error('not yet');
      });
      await queue.producer.add(greeting('a'));
      await expect.poll(() => attempts).toBe(3);
    });

    it('tries as often as its contract says, and no more', async () => {
      let attempts = 0;
      consume(async () => {
        attempts++;
        throw new Error('never');
      });
      await queue.producer.add(greeting('a')).catch(() => undefined);
      await expect.poll(() => attempts).toBe(3);
      await new Promise((done) => setTimeout(done, 100));
      expect(attempts).toBe(3);
    });

    it('hands over no message of another form', async () => {
      const got: Greeting[] = [];
      consume(async (message) => void got.push(message));
      await queue.producer.add({ v: 1 } as unknown as Greeting).catch(() => undefined);
      await queue.producer.add(greeting('b'));
      await expect.poll(() => got).toEqual([greeting('b')]);
    });

    it('keeps a message that comes before its consumer', async () => {
      const got: Greeting[] = [];
      const adding = queue.producer.add(greeting('a'));
      consume(async (message) => void got.push(message));
      await adding;
      await expect.poll(() => got).toEqual([greeting('a')]);
    });

    it('closes a consumer after the message in hand, and hands it nothing more', async () => {
      const got: string[] = [];
      const held: (() => void)[] = [];
      const consumer = consume(async ({ to }) => {
        await new Promise<void>((done) => held.push(done));
        got.push(to);
      });
      const adding = queue.producer.add(greeting('a'));
      await expect.poll(() => held.length).toBe(1);
      const closing = consumer.close();
      held[0]?.();
      await Promise.all([closing, adding]);
      expect(got).toEqual(['a']);
      void queue.producer.add(greeting('b')).catch(() => undefined);
      await new Promise((done) => setTimeout(done, 50));
      expect(got).toEqual(['a']);
    });
  });
}
