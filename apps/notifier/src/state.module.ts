import { type Backend } from '@tocsin/common/backend/backend.client';
import { EmbeddedInstanceRegistry } from '@tocsin/common/cluster/embedded-instance-registry';
import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { RedisInstanceRegistry } from '@tocsin/common/cluster/redis-instance-registry';
import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { type Log } from '@tocsin/common/log/log';
import { type AlertBook } from './alerts/alert-book';
import { EmbeddedAlertBook } from './alerts/embedded-alert-book.store';
import { EmbeddedLiveness } from './alerts/embedded-liveness.store';
import { type Liveness } from './alerts/liveness';
import { EmbeddedNotificationLog } from './pipeline/embedded-notification-log.store';
import { type DeadLetterIndex } from './pipeline/dead-letter-index';
import { type NotificationLog } from './pipeline/notification-log';
import { openClusterState } from './outage/outage.module';
import { type OutageMetrics } from './outage/outage.metrics';
import { type StateView } from './outage/state-phase';
import { type KnownGroups } from './outage/state-ports';
import { EmbeddedSilenceStore } from './silences/embedded-silence.store';
import { type SilenceStore } from './silences/silence-store';
import { EmbeddedMovedInMarker } from './moving-in/embedded-moved-in-marker.store';
import { type MovedInMarker } from './moving-in/moved-in-marker';
import { RedisMovedInMarker } from './moving-in/redis-moved-in-marker.store';
import { type Timeline } from './timeline/timeline-event';

/** Everything the notifier keeps, in one of two ways. */
export interface NotifierStores {
  readonly book: AlertBook;
  readonly silences: SilenceStore;
  readonly log: NotificationLog & DeadLetterIndex;
  readonly groups: DueQueue;
  readonly deliveries: DueQueue;
  readonly liveness: Liveness;
  /** Whether an Alertmanager's state was taken over. */
  readonly movedIn: MovedInMarker;
  /** Position of the change stream that the replica has applied. */
  position(): number;
  /** How this instance stands to the state it shares; null: it shares it with nobody. */
  view(): StateView | null;
  /** Why the state is kept in memory only; null: it is not, or others keep it. */
  problem(): string | null;
  /** Resolves once there is a state to work on: with a Redis that is away, after the grace. */
  readonly started: Promise<void>;
  /** From now on the groups of the running configuration are known. */
  knows(groups: () => KnownGroups): void;
  /** Calls back whenever another state is worked on, the shared or an own one. */
  onChange(listener: () => void): void;
  /** Announces this instance; `live` knows the others from then on. */
  join(address: string, details: () => Readonly<Record<string, string>>): Promise<InstanceRegistry>;
  stop(): Promise<void>;
}

export interface NotifierStoresOptions {
  /** Unique among the processes of the installation. */
  readonly instance: string;
  /** How long Redis may be away before this instance works on its own, ms. */
  readonly graceMs: number;
  readonly log: Log;
  readonly timeline: Timeline;
  readonly outageMetrics: OutageMetrics;
}

/** Opens the notifier's state; `started` tells when all of it is there. */
export function openNotifierStores(backend: Backend, options: NotifierStoresOptions): Promise<NotifierStores> {
  return backend.kind === 'embedded' ? openEmbedded(backend, options) : openRedis(backend, options);
}

async function openEmbedded(
  { store, clock }: Extract<Backend, { kind: 'embedded' }>,
  { instance, outageMetrics }: NotifierStoresOptions,
): Promise<NotifierStores> {
  const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
  const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
  const book = new EmbeddedAlertBook(store, groups, clock);
  outageMetrics.embedded(store);
  return {
    book,
    silences: new EmbeddedSilenceStore(store),
    movedIn: new EmbeddedMovedInMarker(store),
    log: new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => book.position }),
    groups,
    deliveries,
    liveness: new EmbeddedLiveness(store),
    position: () => book.position,
    view: () => null,
    problem: () => store.problem,
    started: Promise.resolve(),
    knows: () => {},
    onChange: () => {},
    join: async (address, details) => new EmbeddedInstanceRegistry({ name: instance, address }, details),
    stop: async () => {},
  };
}

async function openRedis(
  backend: Extract<Backend, { kind: 'redis' }>,
  { instance, graceMs, log, timeline, outageMetrics }: NotifierStoresOptions,
): Promise<NotifierStores> {
  const { redis, keys, clock } = backend;
  const state = openClusterState({ backend, instance, graceMs, log, timeline, metrics: outageMetrics });
  let instances: RedisInstanceRegistry | null = null;
  return {
    ...state,
    movedIn: new RedisMovedInMarker(redis.commands, keys),
    problem: () => null,
    join: async (address, details) => {
      instances = new RedisInstanceRegistry({
        app: 'notifier',
        self: { name: instance, address },
        details,
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
      await state.stop();
    },
  };
}
