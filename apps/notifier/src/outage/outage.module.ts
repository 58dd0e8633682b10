import { type RedisBackend } from '@tocsin/common/backend/backend.client';
import { RedisDueQueue } from '@tocsin/common/due-queue/redis-due-queue';
import { type Log } from '@tocsin/common/log/log';
import { guardLua } from '@tocsin/common/redis/lua-command.loader';
import { type Timeline } from '../timeline/timeline-event';
import { RedisAlertBook } from '../alerts/redis-alert-book.store';
import { RedisLiveness } from '../alerts/redis-liveness.store';
import { RedisNotificationLog } from '../pipeline/redis-notification-log.store';
import { RedisSilenceStore } from '../silences/redis-silence.store';
import { NO_GROUPS } from './known-groups';
import { MirroredNotificationLog } from './mirrored-notification-log.store';
import { type OutageMetrics } from './outage.metrics';
import { RedisEpoch } from './redis-epoch.store';
import { RedisToldChanges } from './redis-told-changes.store';
import { type StateView } from './state-phase';
import { type KnownGroups, type StatePorts } from './state-ports';
import { switchedState } from './switched-state';
import { ToldMirror } from './told-mirror';

export interface ClusterStateOptions {
  readonly backend: RedisBackend;
  readonly instance: string;
  /** How long Redis may be away before this instance works on its own, ms. */
  readonly graceMs: number;
  readonly log: Log;
  readonly timeline: Timeline;
  readonly metrics: OutageMetrics;
}

/** The state of a notifier in a cluster: shared over Redis, and its own while there is none. */
export interface ClusterState extends StatePorts {
  readonly position: () => number;
  readonly view: () => StateView;
  /** Resolves once there is a state to work on. */
  readonly started: Promise<void>;
  /** From now on the groups of the running configuration are known. */
  knows(groups: () => KnownGroups): void;
  /** Calls back whenever another state is worked on. */
  onChange(listener: () => void): void;
  stop(): Promise<void>;
}

/** Begins to look for Redis; `started` tells when there is something to work on. */
export function openClusterState(options: ClusterStateOptions): ClusterState {
  const { backend, instance, graceMs, log, timeline, metrics } = options;
  const { redis, keys, clock } = backend;
  const mirror = new ToldMirror();
  let groups: () => KnownGroups = () => NO_GROUPS;

  const following = redis.blocking();
  const book = new RedisAlertBook({ redis: redis.commands, blocking: following, keys, clock, log, instance });
  const records = new RedisNotificationLog({ redis: redis.commands, keys, clock });
  const sharedLog = new MirroredNotificationLog(records, mirror, (told) => toldChanges.publish(told));
  const toldChanges = new RedisToldChanges({
    redis: redis.commands,
    blocking: redis.blocking(),
    keys,
    clock,
    log,
    instance,
    mirror,
    records: sharedLog,
    groups: () => groups(),
  });
  const queues = {
    groups: new RedisDueQueue({ queue: 'groups', redis, keys, clock }),
    deliveries: new RedisDueQueue({ queue: 'deliveries', redis, keys, clock }),
  };
  const liveness = new RedisLiveness(redis.commands, keys);
  const shared: StatePorts = { book, silences: new RedisSilenceStore(book), log: sharedLog, ...queues, liveness };
  let isFollowing = false;
  const { ports, state, mode } = switchedState({
    shared,
    mirror,
    readShared: () => {
      if (isFollowing) return book.readAgain();
      isFollowing = true;
      return book.start();
    },
    epoch: new RedisEpoch(redis.commands, keys, instance),
    groups: () => groups(),
    onNotified: (count) => metrics.notified(count),
    graceMs,
    clock,
    log,
    timeline,
    onPhase: (view) => metrics.changed(view),
  });
  const guard = () => mode.guard({ epoch: keys.epoch(), position: keys.alertPosition() });
  guardLua(redis.commands, guard);
  guardLua(following, guard);
  mode.start();
  // They wait for Redis as long as it takes; what they would have heard is looked for every second anyway.
  for (const queue of Object.values(queues)) queue.start().catch(() => undefined);

  return {
    ...ports,
    position: () => state.current.book.position,
    view: () => mode.view(),
    started: mode.started,
    knows: (known) => {
      groups = known;
      void mode.started.then(() => toldChanges.start());
    },
    onChange: (listener) => state.onChange(listener),
    stop: async () => {
      await mode.stop();
      await toldChanges.stop();
      if (isFollowing) await book.stop();
      await Promise.all([queues.groups.stop(), queues.deliveries.stop()]);
    },
  };
}
