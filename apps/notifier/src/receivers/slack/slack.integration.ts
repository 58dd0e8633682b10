import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type SlackConfig } from './slack.schema';

/** SKELETON */
export class SlackSender implements Sender<HttpAttempt> {
  constructor(private readonly config: SlackConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
