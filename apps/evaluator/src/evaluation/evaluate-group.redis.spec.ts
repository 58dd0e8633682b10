import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { nullLog } from '@tocsin/common/log/log';
import { alertsQueue } from '@tocsin/common/queue/alerts.queue';
import { openBullmqConsumer, openBullmqProducer } from '@tocsin/common/queue/bullmq-queue';
import { type QueueProducer } from '@tocsin/common/queue/queue-contract';
import { RedisConnection } from '@tocsin/common/redis/redis-connection.client';
import { redisKeys } from '@tocsin/common/redis/redis-keys';
import { RedisServer } from '@tocsin/common/testing/redis-server';
import { expect, it } from 'vitest';
import { vector } from '../datasource/fake-datasource';
import { FakeAlertSender } from '../sending/fake-alert-sender';
import { aRuleGroup } from '../testing/a-rule-group';
import { anEvaluator } from '../testing/an-evaluator';

const never = new AbortController().signal;

class SenderToQueue extends FakeAlertSender {
  constructor(private readonly producer: QueueProducer<AlertsMessage>) {
    super();
  }

  override send(message: AlertsMessage): Promise<void> {
    return this.producer.add(message);
  }
}

it('saves nothing while the queue is away, and hands the alerts over when it is back', async () => {
  const server = await RedisServer.start();
  const redis = new RedisConnection({ url: server.url, log: nullLog });
  const options = { contract: alertsQueue, redis, keys: redisKeys(), log: nullLog };
  const producer = openBullmqProducer(options);
  const { service, datasource, states } = anEvaluator({ sender: new SenderToQueue(producer) });
  datasource.answer = () => vector({ host: 'a' });
  const group = aRuleGroup();
  try {
    await redis.commands.ping();
    server.signal('SIGKILL');
    await expect.poll(() => redis.commands.status).not.toBe('ready');
    await expect(service.evaluate(group, 60_000, never)).rejects.toThrow();
    expect(await states.load(group.id)).toBeNull();

    await server.restart();
    await expect.poll(() => redis.commands.ping().catch(() => ''), { timeout: 5_000 }).toBe('PONG');
    expect(await service.evaluate(group, 120_000, never)).toBe('evaluated');
    const got: AlertsMessage[] = [];
    const handle = async (message: AlertsMessage): Promise<void> => void got.push(message);
    const consumer = openBullmqConsumer({ ...options, handle, concurrency: 1 });
    await expect
      .poll(() => got, { timeout: 5_000 })
      .toMatchObject([{ slotMs: 120_000, alerts: [{ startsAtMs: 120_000 }] }]);
    await consumer.close();
  } finally {
    await producer.close();
    redis.close();
    await server.stop();
  }
});
