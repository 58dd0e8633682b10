import { type Backend } from '@tocsin/common/backend/backend.client';
import { EmbeddedInstanceRegistry } from '@tocsin/common/cluster/embedded-instance-registry';
import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { RedisInstanceRegistry } from '@tocsin/common/cluster/redis-instance-registry';
import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { RedisDueQueue } from '@tocsin/common/due-queue/redis-due-queue';
import { type Log } from '@tocsin/common/log/log';
import { type AlertBook } from './alerts/alert-book';
import { EmbeddedAlertBook } from './alerts/embedded-alert-book.store';
import { EmbeddedLiveness } from './alerts/embedded-liveness.store';
import { type Liveness } from './alerts/liveness';
import { RedisAlertBook } from './alerts/redis-alert-book.store';
import { RedisLiveness } from './alerts/redis-liveness.store';
import { EmbeddedNotificationLog } from './pipeline/embedded-notification-log.store';
import { type NotificationLog } from './pipeline/notification-log';
import { RedisNotificationLog } from './pipeline/redis-notification-log.store';

/** Everything the notifier keeps, in one of two ways. */
export interface NotifierStores {
  readonly book: AlertBook;
  readonly log: NotificationLog;
  readonly groups: DueQueue;
  readonly deliveries: DueQueue;
  readonly liveness: Liveness;
  /** Position of the change stream that the replica has applied. */
  position(): number;
  /** Announces this instance; `live` knows the others from then on. */
  join(address: string): Promise<InstanceRegistry>;
  stop(): Promise<void>;
}

/** Opens the notifier's state and restores the replica: resolves once all of it is there. */
export function openNotifierStores(backend: Backend, instance: string, log: Log): Promise<NotifierStores> {
  return backend.kind === 'embedded' ? openEmbedded(backend, instance) : openRedis(backend, instance, log);
}

async function openEmbedded(
  { store, clock }: Extract<Backend, { kind: 'embedded' }>,
  instance: string,
): Promise<NotifierStores> {
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  const book = new EmbeddedAlertBook(store, groups, clock);
  return {
    book,
    log: new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => book.position }),
    groups,
    deliveries,
    liveness: new EmbeddedLiveness(store),
    position: () => book.position,
    join: async (address) => new EmbeddedInstanceRegistry({ name: instance, address }),
    stop: async () => {},
  };
}

async function openRedis(
  { redis, keys, clock }: Extract<Backend, { kind: 'redis' }>,
  instance: string,
  log: Log,
): Promise<NotifierStores> {
  const groups = new RedisDueQueue({ queue: 'groups', redis, keys, clock });
  const deliveries = new RedisDueQueue({ queue: 'deliveries', redis, keys, clock });
  await Promise.all([groups.start(), deliveries.start()]);
  const book = new RedisAlertBook({ redis: redis.commands, blocking: redis.blocking(), keys, clock, log, instance });
  await book.start();
  let instances: RedisInstanceRegistry | null = null;
  return {
    book,
    log: new RedisNotificationLog({ redis: redis.commands, keys, clock }),
    groups,
    deliveries,
    liveness: new RedisLiveness(redis.commands, keys),
    position: () => book.position,
    join: async (address) => {
      instances = new RedisInstanceRegistry({
        app: 'notifier',
        self: { name: instance, address },
        redis,
        keys,
        clock,
        log,
      });
      await instances.start();
      return instances;
    },
    stop: async () => {
      await instances?.stop();
      await book.stop();
      await Promise.all([groups.stop(), deliveries.stop()]);
    },
  };
}
