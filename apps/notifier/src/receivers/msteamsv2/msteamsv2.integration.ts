import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type Msteamsv2Config } from './msteamsv2.schema';

/** SKELETON */
export class Msteamsv2Sender implements Sender<HttpAttempt> {
  constructor(private readonly config: Msteamsv2Config) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
