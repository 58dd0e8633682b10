import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type PagerdutyConfig } from './pagerduty.schema';

/** SKELETON */
export class PagerdutySender implements Sender<HttpAttempt> {
  constructor(private readonly config: PagerdutyConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
