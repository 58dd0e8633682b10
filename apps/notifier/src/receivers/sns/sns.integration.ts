import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Attempt, rejected, type Sender } from '../sender';
import { type SnsConfig } from './sns.schema';

/** SKELETON */
export class SnsSender implements Sender<Attempt> {
  constructor(private readonly config: SnsConfig) {}

  async send(attempt: Attempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
