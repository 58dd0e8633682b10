import { EmbeddedInstanceRegistry } from '@tocsin/common/cluster/embedded-instance-registry';
import { expect, it } from 'vitest';
import { clusterView } from './cluster-view';

const registry = new EmbeddedInstanceRegistry({ name: 'a', address: 'a:9093', details: { configHash: '1' } });

it.each([
  ['nobody, before it has joined', null, null, { self: null, instances: [], mode: 'standalone' }],
  [
    'one notifier by itself',
    registry,
    null,
    { self: 'a', instances: [{ name: 'a', address: 'a:9093', configHash: '1' }], mode: 'standalone' },
  ],
  [
    'one in a cluster whose Redis is away',
    registry,
    { phase: 'alone' as const, sinceMs: 1_000, isAvailable: false, reachedAtMs: 0, epoch: 'e', replicaLag: 2 },
    {
      self: 'a',
      instances: [{ name: 'a', address: 'a:9093', configHash: '1' }],
      mode: 'alone',
      since: '1970-01-01T00:00:01.000Z',
      stateAvailable: false,
      stateReachedAt: '1970-01-01T00:00:00.000Z',
      epoch: 'e',
      replicaLag: 2,
    },
  ],
])('shows %s', (_, instances, state, view) => expect(clusterView(instances, state)).toEqual(view));
