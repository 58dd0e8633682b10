import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type RocketchatConfig } from './rocketchat.schema';

/** SKELETON */
export class RocketchatSender implements Sender<HttpAttempt> {
  constructor(private readonly config: RocketchatConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
