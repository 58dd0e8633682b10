import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { expect, it } from 'vitest';
import { HttpMetrics, httpMetrics } from './http.metrics';

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Notifier, HTTP server')).toEqual(Object.values(httpMetrics).map(documentedAs));
});

it('counts requests that are let in and refused, from 0 on', async () => {
  const registry = new MetricsRegistry();
  const metrics = new HttpMetrics(registry);
  const inFlight = async () => (await registry.metrics()).match(/^alertmanager_http_(?:requests|concurrency).*$/gm);
  const samples = (now: number, refused: number) => [
    `alertmanager_http_requests_in_flight{method="get"} ${now}`,
    `alertmanager_http_concurrency_limit_exceeded_total{method="get"} ${refused}`,
  ];
  expect(await inFlight()).toEqual(samples(0, 0));
  const limit = metrics.getLimit(3);
  limit.inFlightChanged(2);
  limit.refused();
  expect([limit.max, await inFlight()]).toEqual([3, samples(2, 1)]);
});

it('measures answers outside of the API', async () => {
  const registry = new MetricsRegistry();
  const metrics = new HttpMetrics(registry);
  const answered = (handler: string, method: string, responseBytes: number) =>
    metrics.answered({ handler, method, responseBytes, status: 200, durationMs: 1 });
  answered('/metrics', 'GET', 5_000);
  answered('/api/v2/alerts', 'GET', 7);
  answered('', 'GET', 19);
  answered('/api/v1/silence/:id', 'DELETE', 100);
  const sizes = (await registry.metrics()).match(/^alertmanager_http_response_size_bytes_sum.*$/gm);
  expect(sizes).toEqual([
    'alertmanager_http_response_size_bytes_sum{handler="/metrics",method="get"} 5000',
    'alertmanager_http_response_size_bytes_sum{handler="/api/v1/silence/{id}",method="delete"} 100',
  ]);
});
