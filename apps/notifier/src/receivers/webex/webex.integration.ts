import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { postJson } from '../post-json';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { webexMessage } from './webex-message';
import { type WebexConfig } from './webex.schema';

/** Posts to a room of Webex; the token is in `http_config`. */
export class WebexSender implements Sender<HttpAttempt> {
  constructor(private readonly config: WebexConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const made = attempt.message((rendering) => webexMessage(this.config, rendering));
    return made.ok ? postJson(attempt, this.config.apiUrl, made.message) : rejected(made.error);
  }
}
