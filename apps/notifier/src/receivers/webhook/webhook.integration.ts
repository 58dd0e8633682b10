import { readFile } from 'node:fs/promises';
import { HttpClient } from '@tocsin/common/http/http-client.client';
import { type Clock } from '@tocsin/common/time/clock';
import { type DeliveryLimits, type OnMuted } from '../../delivery/delivery-limits';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';
import { type Integration, type Notification } from '../integration';
import { type IntegrationContext } from '../integration-context';
import { webhookMessage } from './webhook-message';
import { notYetInWebhook, type WebhookConfig } from './webhook.schema';

/** Posts notifications as JSON. */
export class WebhookIntegration implements Integration {
  readonly kind = 'webhook';
  readonly key: string;
  private readonly http: HttpClient;
  private readonly clock: Clock;

  /** Throws when a TLS file cannot be read or used. */
  constructor(
    readonly receiver: string,
    readonly index: number,
    private readonly config: WebhookConfig,
    private readonly context: IntegrationContext,
  ) {
    this.key = `${receiver}/webhook/${index}`;
    this.clock = context.clock;
    this.http = new HttpClient(config.httpConfig, context);
  }

  get sendResolved(): boolean {
    return this.config.sendResolved;
  }

  get onMuted(): OnMuted | null {
    return this.config.onMuted;
  }

  get limits(): DeliveryLimits {
    return this.config.limits;
  }

  async notify(notification: Notification, signal: AbortSignal): Promise<DeliveryOutcome> {
    const { maxAlerts, timeoutMs } = this.config;
    const notYet = notYetInWebhook(this.config);
    if (notYet !== null) return rejected(notYet);
    const url = await this.url();
    if (typeof url !== 'string') return url;
    const externalUrl = this.context.externalUrl();
    const body = webhookMessage(notification, { receiver: this.receiver, externalUrl, maxAlerts });
    const result = await this.http.post(url, { headers, body, signal, ...(timeoutMs > 0 && { timeoutMs }) });
    return httpOutcome(result, this.clock.nowMs());
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async url(): Promise<string | DeliveryOutcome> {
    const { url, urlFile } = this.config;
    if (urlFile === '') return url.reveal();
    let text: string;
    try {
      text = (await readFile(urlFile, 'utf8')).trim();
    } catch (error) {
      return { kind: 'retryable', reason: 'other', message: `read url_file: ${(error as Error).message}` };
    }
    if (text === '') return rejected('webhook URL is empty after templating');
    return text.includes('{{')
      ? rejected('a template in url_file is not supported yet by this version of Tocsin')
      : text;
  }
}

const headers = { 'content-type': 'application/json' };

function rejected(message: string): DeliveryOutcome {
  return { kind: 'rejected', reason: 'other', message };
}
