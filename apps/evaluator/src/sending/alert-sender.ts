import { type AlertsMessage } from '@tocsin/common/alert/alert-message.schema';

/** Takes alerts to whoever notifies. */
export interface AlertSender {
  /** Resolves once the message is in hands that deliver it; a rejected one is sent again with the next try of the slot. */
  send(message: AlertsMessage): Promise<void>;
  /** Delivers what it still holds, as far as it can. */
  close(): Promise<void>;
}
