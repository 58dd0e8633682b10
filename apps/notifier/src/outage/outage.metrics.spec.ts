import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { expect, it } from 'vitest';
import { OutageMetrics, outageMetrics } from './outage.metrics';

const view = { sinceMs: 0, reachedAtMs: 0, epoch: '', replicaLag: 0 };

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Notifier, shared state')).toEqual(Object.values(outageMetrics).map(documentedAs));
});

it.each([
  ['a state of its own', (metrics: OutageMetrics) => metrics.embedded({ problem: null, unreadableRows: 0 }), [1, 0]],
  [
    'a state of its own on a full disk',
    (metrics: OutageMetrics) => metrics.embedded({ problem: 'full', unreadableRows: 0 }),
    [0, 0],
  ],
  ['a state that is shared', (m: OutageMetrics) => m.changed({ ...view, phase: 'shared', isAvailable: true }), [1, 0]],
  ['a state that is away', (m: OutageMetrics) => m.changed({ ...view, phase: 'shared', isAvailable: false }), [0, 0]],
  ['work on its own', (m: OutageMetrics) => m.changed({ ...view, phase: 'alone', isAvailable: false }), [0, 1]],
])('tell of %s', async (_, change, [available, alone]) => {
  const registry = new MetricsRegistry();
  change(new OutageMetrics(registry));
  const text = await registry.metrics();
  expect(text).toContain(`tocsin_state_available ${available}`);
  expect(text).toContain(`tocsin_outage_mode ${alone}`);
  expect(text).toContain('tocsin_outage_notifications_total 0');
});

it('tell of rows that cannot be read', async () => {
  const registry = new MetricsRegistry();
  new OutageMetrics(registry).embedded({ problem: null, unreadableRows: 3 });
  expect(await registry.metrics()).toContain('tocsin_state_unreadable_rows 3');
});
