import type { EmbeddedStore } from '@tocsin/common/embedded/embedded-store.client';
import { counter, gauge } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';
import { type StateView } from './state-phase';

/** How the notifier stands to the shared state. */
export const outageMetrics = {
  available: gauge(
    'tocsin_state_available',
    'Whether the state could be reached, and kept, when it was last looked at.',
  ),
  unreadableRows: gauge(
    'tocsin_state_unreadable_rows',
    'Rows of the embedded state that could not be read and were left out.',
  ),
  outageMode: gauge('tocsin_outage_mode', 'Whether this notifier works on its own because Redis is away.'),
  notifications: counter(
    'tocsin_outage_notifications_total',
    'Notifications delivered while working on its own; other notifiers may have told the same.',
  ),
} as const;

/** Counts what happens while the shared state is away. */
export class OutageMetrics {
  private readonly metrics;

  constructor(private readonly registry: MetricsRegistry) {
    this.metrics = registerMetrics(registry, outageMetrics);
  }

  /** Embedded state is always there, but a full disk does not keep it. */
  embedded(store: Pick<EmbeddedStore, 'problem' | 'unreadableRows'>): void {
    this.registry.beforeScrape(() => {
      this.metrics.available.set(store.problem === null ? 1 : 0);
      this.metrics.unreadableRows.set(store.unreadableRows);
    });
  }

  changed({ phase, isAvailable }: StateView): void {
    this.metrics.available.set(isAvailable ? 1 : 0);
    this.metrics.outageMode.set(phase === 'alone' ? 1 : 0);
  }

  notified(count: number): void {
    this.metrics.notifications.inc(count);
  }
}
