import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { countGroupStates, countStates } from '../api/alert-queries';
import { type ActiveConfig } from '../config/active-config';
import { type NotifierOptions } from '../notifier-options';
import { type Pipeline } from '../pipeline.module';
import { type NotifierStores } from '../state.module';
import { type NotifierMetrics } from './notifier.metrics';

/** What is only known when somebody scrapes. */
export function observeNotifier(
  { backend }: NotifierOptions,
  stores: NotifierStores,
  active: ActiveConfig,
  { muting, deliverer }: Pipeline,
  metrics: NotifierMetrics,
  registry: MetricsRegistry,
  instances: () => InstanceRegistry | null,
): void {
  const { book, groups, deliveries, log } = stores;
  const nowMs = (): number => backend.clock.nowMs();
  metrics.observeState({
    alerts: () => countStates(book.alerts, muting.at(nowMs()), nowMs()),
    alertsByGroup: () => countGroupStates(book.alerts, active.groups, muting.at(nowMs()), nowMs()),
    groups: () => [...active.groups.groups()].length,
    replicaPosition: () => stores.position(),
    instances,
  });
  registry.beforeScrape(async () => {
    if (backend.kind === 'redis') metrics.clockSkew(backend.skewMs());
    metrics.openCircuits(deliverer.openCircuits());
    metrics.dueQueueDepth('groups', await groups.size([active.config.routes.lane]));
    metrics.dueQueueDepth('deliveries', await deliveries.size(active.integrations.all().map(({ key }) => key)));
    metrics.deadLettersKept(await log.deadLetterCount());
  });
}
