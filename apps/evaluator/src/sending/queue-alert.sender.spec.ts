import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type QueueProducer } from '@tocsin/common/queue/queue-contract';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { expect, it } from 'vitest';
import { EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { A_BUILD } from '../testing/an-evaluator';
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

function aSender(producer: QueueProducer<AlertsMessage>) {
  const registry = new MetricsRegistry();
  const sender = new QueueAlertSender(producer, new EvaluatorMetrics(registry, A_BUILD), new FakeClock());
  /** Alerts that were handed over, and that could not be. */
  const counted = async () => {
    const text = await registry.metrics();
    const of = (name: string) =>
      Number(
        new RegExp(`^prometheus_notifications_${name}_total\\{alertmanager="queue"\\} (.*)$`, 'm').exec(text)?.[1],
      );
    return { sent: of('sent'), errors: of('errors') };
  };
  return { sender, counted };
}

alertSenderContract('The queue', async () => {
  const producer = new FakeProducer();
  return {
    sender: aSender(producer).sender,
    received: () => producer.added.flatMap(({ alerts }) => alerts),
    tearDown: async () => expect(producer.isClosed).toBe(true),
  };
});

it('says so when the queue does not take a message, so that the slot is tried again', async () => {
  const producer = new FakeProducer();
  producer.failure = new Error('queue is away');
  await expect(aSender(producer).sender.send(message(0, 'DiskFull'))).rejects.toThrow('queue is away');
});

it('counts the alerts that it handed over, and those that it could not', async () => {
  const producer = new FakeProducer();
  const { sender, counted } = aSender(producer);
  expect(await counted()).toEqual({ sent: 0, errors: 0 });
  await sender.send(message(0, 'DiskFull', 'DiskSlow'));
  producer.failure = new Error('queue is away');
  await sender.send(message(0, 'A', 'B', 'C')).catch(() => undefined);
  expect(await counted()).toEqual({ sent: 2, errors: 3 });
});
