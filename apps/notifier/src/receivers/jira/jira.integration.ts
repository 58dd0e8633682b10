import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { type JiraConfig } from './jira.schema';

/** SKELETON */
export class JiraSender implements Sender<HttpAttempt> {
  constructor(private readonly config: JiraConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    return rejected(`${attempt.facts.receiver} ${this.config.sendResolved}`);
  }
}
