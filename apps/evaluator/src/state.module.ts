import { type Backend } from '@tocsin/common/backend/backend.client';
import { EmbeddedInstanceRegistry } from '@tocsin/common/cluster/embedded-instance-registry';
import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { RedisInstanceRegistry } from '@tocsin/common/cluster/redis-instance-registry';
import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { RedisDueQueue } from '@tocsin/common/due-queue/redis-due-queue';
import { type Log } from '@tocsin/common/log/log';
import { EmbeddedRuleStateStore } from './state/embedded-rule-state.store';
import { RedisRuleStateStore } from './state/redis-rule-state.store';
import { type RuleStateStore } from './state/rule-state.store';

/** Everything the evaluator keeps, in one of two ways. */
export interface EvaluatorStores {
  readonly states: RuleStateStore;
  readonly evaluations: DueQueue;
  /** Announces this instance; `live` knows the others from then on. */
  join(address: string): Promise<InstanceRegistry>;
  stop(): Promise<void>;
}

const QUEUE = 'evaluations';

/** Opens the evaluator's state. */
export function openEvaluatorStores(backend: Backend, instance: string, log: Log): Promise<EvaluatorStores> {
  return backend.kind === 'embedded' ? openEmbedded(backend, instance) : openRedis(backend, instance, log);
}

async function openEmbedded(
  { store, clock }: Extract<Backend, { kind: 'embedded' }>,
  instance: string,
): Promise<EvaluatorStores> {
  return {
    states: new EmbeddedRuleStateStore(store, clock),
    evaluations: new EmbeddedDueQueue({ queue: QUEUE, store, clock }),
    join: async (address) => new EmbeddedInstanceRegistry({ name: instance, address }),
    stop: async () => {},
  };
}

async function openRedis(
  { redis, keys, clock }: Extract<Backend, { kind: 'redis' }>,
  instance: string,
  log: Log,
): Promise<EvaluatorStores> {
  let instances: RedisInstanceRegistry | null = null;
  return {
    states: new RedisRuleStateStore(redis, keys),
    evaluations: new RedisDueQueue({ queue: QUEUE, redis, keys, clock }),
    join: async (address) => {
      const self = { name: instance, address };
      instances = new RedisInstanceRegistry({ app: 'evaluator', self, redis, keys, clock, log });
      await instances.start();
      return instances;
    },
    stop: async () => {
      await instances?.stop();
    },
  };
}
