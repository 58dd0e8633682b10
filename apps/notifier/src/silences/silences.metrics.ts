import { counter, gauge, histogram, summary } from '@tocsin/common/metrics/metric-definition';
import { type MetricsRegistry, registerMetrics } from '@tocsin/common/metrics/registry.metrics';
import { type Clock } from '@tocsin/common/time/clock';
import { type SilenceState, silenceState } from './silence';
import { type SilenceView } from './silence-store';

const SNAPSHOT = 'Always 0: silences are written as they change, there are no snapshots.';

/** What there is to say about silences; names, types and labels are Alertmanager's. */
export const silencesMetrics = {
  silences: gauge('alertmanager_silences', 'Silences by state.', ['state']),
  size: gauge('alertmanager_silences_state_size', 'Silences, expired ones included.'),
  matcherIndexSize: gauge('alertmanager_silences_matcher_index_size', 'Silences whose matchers are in the index.'),
  versionIndexSize: gauge(
    'alertmanager_silences_version_index_size',
    'Always 0: what is new is told apart without an index.',
  ),
  gcDuration: summary('alertmanager_silences_gc_duration_seconds', 'Time it takes to forget old silences.'),
  gcErrors: counter('alertmanager_silences_gc_errors_total', 'Times old silences could not be forgotten.'),
  maintenance: counter('alertmanager_silences_maintenance_total', 'Times old silences were looked for.'),
  maintenanceErrors: counter('alertmanager_silences_maintenance_errors_total', 'How many of those failed.'),
  snapshotDuration: summary('alertmanager_silences_snapshot_duration_seconds', SNAPSHOT),
  snapshotSize: gauge('alertmanager_silences_snapshot_size_bytes', SNAPSHOT),
  queries: counter('alertmanager_silences_queries_total', 'Queries of the API.'),
  queryErrors: counter('alertmanager_silences_query_errors_total', 'Always 0: queries do not fail.'),
  queryDuration: histogram(
    'alertmanager_silences_query_duration_seconds',
    'Time a query takes.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  ),
  scanned: counter('alertmanager_silences_query_silences_scanned_total', 'Silences looked at by queries.'),
  skipped: counter(
    'alertmanager_silences_query_silences_skipped_total',
    'Always 0: queries of the API look at all silences.',
  ),
  gossip: counter('alertmanager_silences_gossip_messages_propagated_total', 'Always 0: there is no gossip.'),
  compileErrors: counter(
    'alertmanager_silences_matcher_compile_errors_total',
    'Always 0: what does not compile is refused.',
    ['stage'],
  ),
} as const;

/** Counts what happens to silences. */
export class SilencesMetrics {
  private readonly metrics;

  constructor(private readonly registry: MetricsRegistry) {
    this.metrics = registerMetrics(registry, silencesMetrics);
    for (const stage of ['index', 'load_snapshot']) this.metrics.compileErrors.inc({ stage }, 0);
  }

  /** From now on the gauges show these. */
  observe(silences: SilenceView, clock: Clock): void {
    this.registry.beforeScrape(() => {
      const counts: Record<SilenceState, number> = { active: 0, pending: 0, expired: 0 };
      const nowMs = clock.nowMs();
      for (const silence of silences.values()) counts[silenceState(silence, nowMs)]++;
      for (const [state, count] of Object.entries(counts)) this.metrics.silences.set({ state }, count);
      this.metrics.size.set(silences.size);
      this.metrics.matcherIndexSize.set(silences.size);
    });
  }

  /** Runs a query over so many silences. */
  query<Result>(scanned: number, run: () => Result): Result {
    const end = this.metrics.queryDuration.startTimer();
    const result = run();
    end();
    this.metrics.queries.inc();
    this.metrics.scanned.inc(scanned);
    return result;
  }

  /** Runs one round of forgetting. */
  async maintenance(run: () => Promise<void>): Promise<void> {
    this.metrics.maintenance.inc();
    const end = this.metrics.gcDuration.startTimer();
    try {
      await run();
    } catch (error) {
      this.metrics.maintenanceErrors.inc();
      this.metrics.gcErrors.inc();
      throw error;
    } finally {
      end();
    }
  }
}
