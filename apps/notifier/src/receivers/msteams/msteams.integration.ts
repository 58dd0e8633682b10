import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { msteamsAnswer } from './msteams-answer';
import { msteamsMessage } from './msteams-message';
import { type MsteamsConfig } from './msteams.schema';

/** Posts to a connector of Microsoft Teams. */
export class MsteamsSender implements Sender<HttpAttempt> {
  constructor(private readonly config: MsteamsConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { webhookUrl, webhookUrlFile } = this.config;
    const url = await settingOf(webhookUrl, webhookUrlFile, 'webhook_url_file');
    if (!url.ok) return url.outcome;
    const made = attempt.message((rendering) => msteamsMessage(this.config, rendering));
    if (!made.ok) return rejected(made.error);
    return postJson(attempt, url.text, made.message, {
      accepted: (response) => msteamsAnswer(response, attempt.nowMs()),
    });
  }
}
