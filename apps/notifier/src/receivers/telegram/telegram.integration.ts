import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type TelegramConfig } from './telegram.schema';

/** SKELETON */
export class TelegramSender implements Sender<HttpAttempt> {
  constructor(private readonly config: TelegramConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
