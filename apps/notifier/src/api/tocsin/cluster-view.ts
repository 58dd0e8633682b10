import { type InstanceRegistry } from '@tocsin/common/cluster/instance-registry';
import { type StateView } from '../../outage/state-phase';

/** The cluster as the API shows it. */
export function clusterView(registry: InstanceRegistry | null, state: StateView | null) {
  const instances = registry?.live() ?? [];
  const common = {
    self: registry?.self.name ?? null,
    instances: instances.map(({ name, address, details = {} }) => ({ name, address, ...details })),
  };
  if (state === null) return { ...common, mode: 'standalone' };
  const { phase, sinceMs, isAvailable, reachedAtMs, epoch, replicaLag } = state;
  return {
    ...common,
    mode: phase,
    since: instant(sinceMs),
    stateAvailable: isAvailable,
    stateReachedAt: reachedAtMs === null ? null : instant(reachedAtMs),
    epoch,
    replicaLag,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
