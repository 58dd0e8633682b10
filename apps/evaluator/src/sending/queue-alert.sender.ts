import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type QueueProducer } from '@tocsin/common/queue/queue-contract';
import { type AlertSender } from './alert-sender';

/** To a notifier, through the queue `alerts` or within the process. */
export class QueueAlertSender implements AlertSender {
  constructor(private readonly producer: QueueProducer<AlertsMessage>) {}

  send(message: AlertsMessage): Promise<void> {
    return this.producer.add(message);
  }

  close(): Promise<void> {
    return this.producer.close();
  }
}
