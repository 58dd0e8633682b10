/** Default of `--redis.prefix`. */
export const DEFAULT_REDIS_PREFIX = 'tocsin';

/**
 * Every Redis key of an installation; documented in docs/redis-keys.md, which a test compares with this file.
 *
 * All share one hash tag, so that one Lua command may touch any of them on a Redis Cluster. What one tag holds lives on
 * one shard; several installations (prefixes) spread over shards.
 */
export function redisKeys(prefix: string = DEFAULT_REDIS_PREFIX) {
  const key = (...parts: readonly string[]): string => [`{${prefix}}`, ...parts].join(':');
  return {
    // Due queues
    /** Sorted set: member → due time, epoch ms; the end of the lease while it is claimed. */
    due: (queue: string, lane: string) => key('due', queue, lane),
    /** Hash: member → `token revision unfinished due wish`, see `due-queue/commands/arm.lua`. */
    dueMeta: (queue: string, lane: string) => key('due-meta', queue, lane),
    /** Integer: the last token or revision handed out in a queue; they only grow, over all lanes and for ever. */
    dueCounter: (queue: string) => key('due-counter', queue),
    /** Channel: `dueMs lane`, published when work is armed that is due before everything its lane held. */
    dueWake: (queue: string) => key('due-wake', queue),

    // Job queues
    /** Prefix of BullMQ's own keys, `<this>:<queue>:…`. */
    jobs: () => key('jobs'),

    // Cluster
    /** Sorted set: `name address` → last heartbeat, epoch ms. */
    instances: (app: string) => key('instances', app),
    /** Hash: name of an instance → what it says of itself, JSON. */
    instanceDetails: (app: string) => key('instance-details', app),
    /** Text: random, made with the installation and anew after a loss of data; `restoring <instance>` meanwhile. */
    epoch: () => key('epoch'),
    /** Text: empty; written every second to see whether Redis takes writes. */
    writeProbe: () => key('write-probe'),

    /** Hash: `version` (epoch ms of the push) and `text` of the configuration that was pushed for all. */
    pushedConfig: () => key('pushed-config'),

    // Alert book and notification log
    /** Integer: position of the last entry of the change stream. */
    alertPosition: () => key('alert-position'),
    /** Hash: fingerprint → the alert without its times, JSON. */
    alerts: () => key('alerts'),
    /** Hash: fingerprint → `version endsAtMs updatedAtMs`. */
    alertMeta: () => key('alert-meta'),
    /** Hash: fingerprint → `version groupId …`: groups that are done with this version of a resolved alert. */
    alertSettled: () => key('alert-settled'),
    /** Stream: one entry per commit, id `<position>-0`; trimmed by age. */
    alertChanges: () => key('alert-changes'),
    /** List: `epochMs position`, oldest first: which entries of the stream are how old. */
    alertChangeMarks: () => key('alert-change-marks'),
    /** Hash: id → `version silence`, the silence in JSON; the version is the position of the write in the change stream. */
    silences: () => key('silences'),
    /** Hash: integration → `revision record`, the record in JSON. Expires after the group has ended. */
    notificationRecords: (groupId: string) => key('notification-records', groupId),
    /** Sorted set, all of score 0: `group integration` of the records that have a dead letter. */
    deadLetters: () => key('dead-letters'),
    /** Stream: notification records without their intents, JSON, as they were told; trimmed by length. */
    toldChanges: () => key('told-changes'),
    /** Hash: `aliveMs` (a notifier last accepted alerts), `repairOwner`, `repairUntilMs`, `repairedTo`. */
    liveness: () => key('liveness'),
    /** Text: `begun` or `done`, once the state of an Alertmanager was taken over. */
    movedIn: () => key('moved-in'),

    // Timeline
    /** Stream: events that were kept together, id `<epochMs>-<length of all there ever was>`; trimmed by age and length. */
    timeline: () => key('timeline'),
    /** Hash: key → what was said of it last in this period of the retention time. Expires. */
    timelineStates: (period: string) => key('timeline-states', period),

    // Rule states
    /** Hash of a rule group: `slot`, `summary`, `rule:<id>` → alerts, JSON. Expires a week after its last evaluation. */
    ruleState: (groupId: string) => key('rule-state', groupId),
  };
}

export type RedisKeys = ReturnType<typeof redisKeys>;
