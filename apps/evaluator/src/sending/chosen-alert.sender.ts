import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';
import { type AlertmanagerAlertSender } from './alertmanager-alert.sender';
import { type AlertSender } from './alert-sender';

/** To the configured Alertmanagers if there are any, otherwise to the notifier of the installation. */
export class ChosenAlertSender implements AlertSender {
  constructor(
    private readonly alertmanagers: AlertmanagerAlertSender,
    /** Null: this evaluator has no notifier of its own. */
    private readonly notifier: AlertSender | null,
  ) {}

  async send(message: AlertsMessage): Promise<void> {
    if (this.alertmanagers.hasReceivers) await this.alertmanagers.send(message);
    else await this.notifier?.send(message);
  }

  async close(): Promise<void> {
    await Promise.all([this.alertmanagers.close(), this.notifier?.close()]);
  }
}
