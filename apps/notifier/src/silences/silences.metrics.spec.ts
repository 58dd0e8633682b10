import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { expect, it } from 'vitest';
import { SilencesMetrics, silencesMetrics } from './silences.metrics';
import { aStoredSilence } from './testing/a-silence';

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Notifier, silences')).toEqual(Object.values(silencesMetrics).map(documentedAs));
});

async function scrape(registry: MetricsRegistry): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('alertmanager_silences'));
  return Object.fromEntries(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]));
}

it('exist at zero, and show what there is when somebody scrapes', async () => {
  const registry = new MetricsRegistry(false);
  const metrics = new SilencesMetrics(registry);
  const clock = new FakeClock();
  const nowMs = clock.nowMs();
  const silences = new Map([
    ['a', aStoredSilence({ startsAtMs: nowMs, endsAtMs: nowMs + 10 })],
    ['b', aStoredSilence({ startsAtMs: nowMs + 5, endsAtMs: nowMs + 10 })],
  ]);
  metrics.observe(silences, clock);
  const samples = await scrape(registry);
  for (const { name } of Object.values(silencesMetrics)) {
    expect(
      Object.keys(samples).some((sample) => sample.startsWith(name)),
      name,
    ).toBe(true);
  }
  expect(samples).toMatchObject({
    'alertmanager_silences{state="active"}': 1,
    'alertmanager_silences{state="pending"}': 1,
    'alertmanager_silences{state="expired"}': 0,
    alertmanager_silences_state_size: 2,
    'alertmanager_silences_matcher_compile_errors_total{stage="index"}': 0,
    alertmanager_silences_gc_duration_seconds_count: 0,
  });
  clock.set(nowMs + 11);
  expect(await scrape(registry)).toMatchObject({ 'alertmanager_silences{state="expired"}': 2 });
});

it('counts queries and rounds of forgetting', async () => {
  const registry = new MetricsRegistry(false);
  const metrics = new SilencesMetrics(registry);
  expect(metrics.query(7, () => 'found')).toBe('found');
  await metrics.maintenance(async () => {});
  await expect(metrics.maintenance(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await scrape(registry)).toMatchObject({
    alertmanager_silences_queries_total: 1,
    alertmanager_silences_query_silences_scanned_total: 7,
    alertmanager_silences_query_duration_seconds_count: 1,
    alertmanager_silences_maintenance_total: 2,
    alertmanager_silences_maintenance_errors_total: 1,
    alertmanager_silences_gc_errors_total: 1,
    alertmanager_silences_gc_duration_seconds_count: 2,
  });
});
