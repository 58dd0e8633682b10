import { type Alert } from '@tocsin/common/alert/alert';
import { type AlertBook } from '../alerts/alert-book';
import { type IngestAlertsService } from '../alerts/ingest-alerts.service';
import { type TraceCauses } from './trace-causes';
import { type Tracer } from './tracer';

/** Takes alerts in within a span for all of them. */
export class TracedIngest implements Pick<IngestAlertsService, 'ingest'> {
  constructor(
    private readonly tracer: Tracer,
    private readonly inner: Pick<IngestAlertsService, 'ingest'>,
  ) {}

  ingest(alerts: readonly Alert[], nowMs: number): Promise<void> {
    if (!this.tracer.isOn) return this.inner.ingest(alerts, nowMs);
    const attributes = { 'alerting.alerts.count': alerts.length };
    return this.tracer.run({ name: 'provider.mem.Put', kind: 'producer', attributes }, () =>
      this.inner.ingest(alerts, nowMs),
    );
  }
}

/** The alert book as the ingest sees it, remembering what gave groups their work. */
export function tracedBook(
  tracer: Tracer,
  causes: TraceCauses,
  book: Pick<AlertBook, 'alerts' | 'commit'>,
): Pick<AlertBook, 'alerts' | 'commit'> {
  return {
    get alerts() {
      return book.alerts;
    },
    commit(batch) {
      const by = tracer.current();
      if (by?.isSampled) {
        causes.armed(
          batch.arms.map(({ id }) => id),
          by,
        );
      }
      return book.commit(batch);
    },
  };
}
