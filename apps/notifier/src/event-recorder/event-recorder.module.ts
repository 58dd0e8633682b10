import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type HttpClientOptions } from '@tocsin/common/http/http-client.client';
import { type MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { type ActiveConfig } from '../config/active-config';
import { type NotifierOptions } from '../notifier-options';
import { type CurrentMuting } from '../pipeline/current-muting';
import { type NotifierStores } from '../state.module';
import { EventRecorderMetrics } from './event-recorder.metrics';
import { EventRecorderService } from './event-recorder.service';
import { eventSource } from './event-source';
import { openOutputs } from './open-outputs.client';

/** The event recorder, not started yet; null without the feature. */
export function assembleEventRecorder(
  { features, backend, log, hostname, build }: NotifierOptions,
  stores: NotifierStores,
  active: ActiveConfig,
  muting: Pick<CurrentMuting, 'at'>,
  context: HttpClientOptions,
  registry: MetricsRegistry,
  instances: () => InstanceRegistry | null,
): EventRecorderService | null {
  if (!features.eventRecorder) return null;
  const metrics = new EventRecorderMetrics(registry);
  return new EventRecorderService({
    source: eventSource(active, stores.book.alerts, stores.silences.silences, muting),
    open: (config) => openOutputs(config, context, metrics, log),
    clock: backend.clock,
    metrics,
    log,
    instance: hostname,
    version: build.version,
    buildContext: `(${build.runtime}, platform=${build.platform}/${build.arch}, date=${build.buildDate})`,
    position: () => positionOf(instances()),
  });
}

/** Place of this notifier among the live ones by name. */
function positionOf(instances: InstanceRegistry | null): number {
  return instances?.live().filter(({ name }) => name < instances.self.name).length ?? 0;
}
