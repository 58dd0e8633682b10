import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type OpsgenieConfig } from './opsgenie.schema';

/** SKELETON */
export class OpsgenieSender implements Sender<HttpAttempt> {
  constructor(private readonly config: OpsgenieConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
