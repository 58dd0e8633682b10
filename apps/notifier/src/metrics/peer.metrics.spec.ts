import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { expect, it } from 'vitest';
import { peerMetrics, registerPeerMetrics } from './peer.metrics';

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Notifier, kept for dashboards')).toEqual(Object.values(peerMetrics).map(documentedAs));
});

it('exist at zero', async () => {
  const registry = new MetricsRegistry();
  registerPeerMetrics(registry);
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('alertmanager_'));
  for (const { name } of Object.values(peerMetrics)) {
    expect(
      lines.filter((line) => line.startsWith(name)),
      name,
    ).not.toHaveLength(0);
  }
  for (const line of lines) expect(line).toMatch(/ 0$/);
});
