import { documentedAs } from '@tocsin/common/metrics/metric-definition';
import { MetricsRegistry } from '@tocsin/common/metrics/registry.metrics';
import { documentedMetrics } from '@tocsin/common/testing/metrics-doc';
import { expect, it } from 'vitest';
import { EventRecorderMetrics, eventRecorderMetrics } from './event-recorder.metrics';

it('are all documented, and nothing else is', () => {
  expect(documentedMetrics('Notifier, event recorder')).toEqual(Object.values(eventRecorderMetrics).map(documentedAs));
});

it('count by type and output', async () => {
  const registry = new MetricsRegistry(false);
  const metrics = new EventRecorderMetrics(registry);
  metrics.outputOpened('stdout');
  metrics.written('notification', 'stdout', 10);
  metrics.failed('notification', 'stdout');
  metrics.dropped('alert_created');
  metrics.outputDropped('stdout', 3);
  metrics.observeQueue(() => 7);
  const lines = (await registry.metrics()).split('\n').filter((line) => line.startsWith('alertmanager_'));
  expect(lines).toEqual([
    'alertmanager_events_recorded_total{event_type="notification",output="stdout",result="success"} 1',
    'alertmanager_events_recorded_total{event_type="notification",output="stdout",result="error"} 1',
    'alertmanager_event_recorder_bytes_written_total{event_type="notification",output="stdout"} 10',
    'alertmanager_events_dropped_total{event_type="alert_created"} 1',
    'alertmanager_event_output_drops_total{output="stdout"} 3',
    'alertmanager_event_recorder_queue_length 7',
  ]);
});
