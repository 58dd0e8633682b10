import { counter, gauge } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';
import { type EventType } from './recorded-event';

/** What there is to say about recorded events; names, types and labels are Alertmanager's. */
export const eventRecorderMetrics = {
  recorded: counter('alertmanager_events_recorded_total', 'Events written, or taken for sending, by output.', [
    'event_type',
    'output',
    'result',
  ]),
  bytes: counter('alertmanager_event_recorder_bytes_written_total', 'Bytes of those.', ['event_type', 'output']),
  dropped: counter('alertmanager_events_dropped_total', 'Events for which the queue had no room.', ['event_type']),
  serializeErrors: counter('alertmanager_event_serialize_errors_total', 'Always 0: every event can be written down.', [
    'event_type',
  ]),
  outputDrops: counter('alertmanager_event_output_drops_total', 'Events an output could not send and gave up.', [
    'output',
  ]),
  kafkaErrors: counter('alertmanager_event_kafka_produce_errors_total', 'Always 0: there is no Kafka client.', [
    'output',
    'error_type',
  ]),
  queueLength: gauge('alertmanager_event_recorder_queue_length', 'Events that wait to be written.'),
} as const;

/** Counts recorded events; registered only where events are recorded. */
export class EventRecorderMetrics {
  private readonly metrics;

  constructor(private readonly registry: MetricsRegistry) {
    this.metrics = registerMetrics(registry, eventRecorderMetrics);
  }

  written(type: EventType, output: string, bytes: number): void {
    this.metrics.recorded.inc({ event_type: type, output, result: 'success' });
    this.metrics.bytes.inc({ event_type: type, output }, bytes);
  }

  failed(type: EventType, output: string): void {
    this.metrics.recorded.inc({ event_type: type, output, result: 'error' });
  }

  dropped(type: EventType): void {
    this.metrics.dropped.inc({ event_type: type });
  }

  /** Series of an output exist from its start. */
  outputOpened(output: string): void {
    this.metrics.outputDrops.inc({ output }, 0);
  }

  outputDropped(output: string, events: number): void {
    this.metrics.outputDrops.inc({ output }, events);
  }

  observeQueue(length: () => number): void {
    this.registry.beforeScrape(() => this.metrics.queueLength.set(length()));
  }
}
