import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type MattermostConfig } from './mattermost.schema';

/** SKELETON */
export class MattermostSender implements Sender<HttpAttempt> {
  constructor(private readonly config: MattermostConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
