import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type VictoropsConfig } from './victorops.schema';

/** SKELETON */
export class VictoropsSender implements Sender<HttpAttempt> {
  constructor(private readonly config: VictoropsConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
