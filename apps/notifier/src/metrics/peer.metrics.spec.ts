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
  const slow = lines.filter((line) => /^alertmanager_oversize_gossip.*_bucket.*"sil"/.test(line));
  expect(slow.map((line) => /le="([^"]+)"/.exec(line)?.[1])).toEqual([
    '0.005',
    '0.01',
    '0.025',
    '0.05',
    '0.1',
    '0.25',
    '0.5',
    '1',
    '2.5',
    '5',
    '10',
    '+Inf',
  ]);
});
