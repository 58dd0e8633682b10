import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { msteamsv2Message } from './msteamsv2-message';
import { type Msteamsv2Config } from './msteamsv2.schema';

/** Posts to a workflow of Microsoft Teams. */
export class Msteamsv2Sender implements Sender<HttpAttempt> {
  constructor(private readonly config: Msteamsv2Config) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { webhookUrl, webhookUrlFile } = this.config;
    const url = await settingOf(webhookUrl, webhookUrlFile, 'webhook_url_file');
    if (!url.ok) return url.outcome;
    const made = attempt.message((rendering) => msteamsv2Message(this.config, rendering));
    return made.ok ? postJson(attempt, url.text, made.message) : rejected(made.error);
  }
}
