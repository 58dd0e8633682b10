import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type IncidentioConfig } from './incidentio.schema';

/** SKELETON */
export class IncidentioSender implements Sender<HttpAttempt> {
  constructor(private readonly config: IncidentioConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
