import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type PushoverConfig } from './pushover.schema';

/** SKELETON */
export class PushoverSender implements Sender<HttpAttempt> {
  constructor(private readonly config: PushoverConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
