import { Gauge } from 'prom-client';
import { expect, it } from 'vitest';
import { documentedMetrics } from '../testing/metrics-doc';
import { documentedAs } from './metric-definition';
import { MetricsRegistry } from './registry.metrics';
import { scrapeMetrics } from './scrape.metrics';

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Every application')).toEqual(Object.values(scrapeMetrics).map(documentedAs));
});

it('count scrapes as Go does: each sees those before it', async () => {
  const registry = new MetricsRegistry();
  const scrapes = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('promhttp_'));
  const after = (ok: number, failed: number) => [
    `promhttp_metric_handler_requests_total{code="200"} ${ok}`,
    `promhttp_metric_handler_requests_total{code="500"} ${failed}`,
    'promhttp_metric_handler_requests_total{code="503"} 0',
    'promhttp_metric_handler_requests_in_flight 1',
  ];
  expect(await scrapes()).toEqual(after(0, 0));
  const collect = (): never => {
    throw new Error('no');
  };
  registry.registerMetric(new Gauge({ name: 'broken', help: '-', registers: [], collect }));
  await expect(scrapes()).rejects.toThrow('no');
  registry.removeSingleMetric('broken');
  expect(await scrapes()).toEqual(after(1, 1));
});
