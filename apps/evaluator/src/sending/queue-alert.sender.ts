import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type QueueProducer } from '@tocsin/common/queue/queue-contract';
import { type Clock } from '@tocsin/common/time/clock';
import { type EvaluatorMetrics } from '../scheduling/scheduling.metrics';
import { type AlertSender } from './alert-sender';

/** What metrics call the notifier of the installation where they name a receiver. */
const RECEIVER = 'queue';

/** To a notifier, through the queue `alerts` or within the process. */
export class QueueAlertSender implements AlertSender {
  constructor(
    private readonly producer: QueueProducer<AlertsMessage>,
    private readonly metrics: EvaluatorMetrics,
    private readonly clock: Clock,
  ) {
    metrics.receiverKnown(RECEIVER);
  }

  async send(message: AlertsMessage): Promise<void> {
    const startedAtMs = this.clock.nowMs();
    let isTaken = false;
    try {
      await this.producer.add(message);
      isTaken = true;
    } finally {
      this.metrics.requestEnded(RECEIVER, message.alerts.length, isTaken, this.clock.nowMs() - startedAtMs);
    }
  }

  close(): Promise<void> {
    return this.producer.close();
  }
}
