import { type AlertMessage, type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type Alert, endOnArrival, isResolved } from '@tocsin/common/alert/alert';
import { fingerprint } from '@tocsin/common/labels/fingerprint';
import { type Clock } from '@tocsin/common/time/clock';
import { type NotifierMetrics } from '../metrics/notifier.metrics';
import { type IngestAlertsService } from './ingest-alerts.service';

/** Takes the alerts of our evaluators: queue `alerts`. */
export class AlertsProcessor {
  constructor(
    private readonly ingestAlerts: Pick<IngestAlertsService, 'ingest'>,
    private readonly clock: Clock,
    private readonly metrics: Pick<NotifierMetrics, 'alertsReceived'>,
  ) {}

  /** Resolves once the message cannot be lost any more. */
  async process(message: AlertsMessage): Promise<void> {
    const nowMs = this.clock.nowMs();
    const alerts = message.alerts.map((alert) => alertOf(alert, message.slotMs, nowMs));
    const resolved = alerts.filter((alert) => isResolved(alert, nowMs)).length;
    this.metrics.alertsReceived('queue', { firing: alerts.length - resolved, resolved });
    await this.ingestAlerts.ingest(alerts, nowMs);
  }
}

function alertOf(message: AlertMessage, slotMs: number, nowMs: number): Alert {
  const { labels, annotations, startsAtMs, generatorURL } = message;
  return {
    fingerprint: fingerprint(labels),
    labels,
    annotations,
    startsAtMs,
    endsAtMs: endOnArrival(message.endsAtMs, slotMs, nowMs),
    updatedAtMs: slotMs,
    generatorURL,
    timeout: false,
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
  };
}
