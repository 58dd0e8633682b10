import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type AlertSender } from './alert-sender';

/** Remembers what it was handed. */
export class FakeAlertSender implements AlertSender {
  readonly messages: AlertsMessage[] = [];
  failing = false;

  async send(message: AlertsMessage): Promise<void> {
    if (this.failing) throw new Error('nobody takes alerts');
    this.messages.push(message);
  }

  async close(): Promise<void> {}

  /** `<slot> <alertname> firing|resolved` of everything sent, in order. */
  get told(): string[] {
    return this.messages.flatMap(({ slotMs, alerts }) =>
      alerts.map(({ labels, endsAtMs }) => {
        return `${slotMs / 1000}s ${labels['alertname'] ?? ''} ${endsAtMs > slotMs ? 'firing' : 'resolved'}`;
      }),
    );
  }
}
