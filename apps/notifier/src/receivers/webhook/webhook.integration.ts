import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { webhookMessage } from './webhook-message';
import { type WebhookConfig } from './webhook.schema';

/** Posts notifications as JSON. */
export class WebhookSender implements Sender<HttpAttempt> {
  constructor(private readonly config: WebhookConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { url, urlFile, timeoutMs } = this.config;
    const address = await settingOf(url, urlFile, 'url_file');
    if (!address.ok) return address.outcome;
    const made = attempt.message((rendering) => ({
      url: rendering.required(address.text, 'webhook URL'),
      body: webhookMessage(this.config, rendering),
    }));
    if (!made.ok) return rejected(made.error);
    if (made.message.url === '') return rejected('webhook URL is empty after templating');
    return postJson(attempt, made.message.url, made.message.body, { timeoutMs });
  }
}
