import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Attempt, rejected, type Sender } from '../sender';
import { type EmailConfig } from './email.schema';

/** SKELETON */
export class EmailSender implements Sender<Attempt> {
  constructor(private readonly config: EmailConfig) {}

  async send(attempt: Attempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
