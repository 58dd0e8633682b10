import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Rendering } from '../../templates/rendering';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { webhookMessage } from './webhook-message';
import { type WebhookConfig } from './webhook.schema';

/** Posts notifications as JSON. */
export class WebhookSender implements Sender<HttpAttempt> {
  constructor(private readonly config: WebhookConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { url, urlFile, timeoutMs, maxAlerts } = this.config;
    const { facts } = attempt;
    const address = await settingOf(url, urlFile, 'url_file');
    if (!address.ok) return address.outcome;
    const shown = facts.atMost(maxAlerts);
    const make = (rendering: Rendering): { url: string; body: string } => ({
      url: rendering.secret(address.text, 'webhook URL'),
      body: webhookMessage(this.config, rendering, facts.alerts.length - shown.alerts.length),
    });
    const made = attempt.message(make, shown);
    if (!made.ok) return rejected(made.error);
    if (made.message.url === '') return rejected('webhook URL is empty after templating');
    return postJson(attempt, made.message.url, made.message.body, { timeoutMs });
  }
}
