import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type MsteamsConfig } from './msteams.schema';

/** SKELETON */
export class MsteamsSender implements Sender<HttpAttempt> {
  constructor(private readonly config: MsteamsConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
