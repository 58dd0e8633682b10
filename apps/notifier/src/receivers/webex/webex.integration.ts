import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type WebexConfig } from './webex.schema';

/** SKELETON */
export class WebexSender implements Sender<HttpAttempt> {
  constructor(private readonly config: WebexConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
