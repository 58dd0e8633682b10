import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type QueueProducer } from '@tocsin/common/queue/queue-contract';
import { expect, it } from 'vitest';
import { alertSenderContract, message } from './alert-sender.contract';
import { QueueAlertSender } from './queue-alert.sender';

class FakeProducer implements QueueProducer<AlertsMessage> {
  readonly added: AlertsMessage[] = [];
  isClosed = false;
  failure: Error | null = null;

  async add(payload: AlertsMessage): Promise<void> {
    if (this.failure) throw this.failure;
    this.added.push(payload);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

alertSenderContract('The queue', async () => {
  const producer = new FakeProducer();
  return {
    sender: new QueueAlertSender(producer),
    received: () => producer.added.flatMap(({ alerts }) => alerts),
    tearDown: async () => expect(producer.isClosed).toBe(true),
  };
});

it('says so when the queue does not take a message, so that the slot is tried again', async () => {
  const producer = new FakeProducer();
  producer.failure = new Error('queue is away');
  await expect(new QueueAlertSender(producer).send(message(0, 'DiskFull'))).rejects.toThrow('queue is away');
});
