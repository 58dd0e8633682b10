import { goQuote } from '@tocsin/common/labels/go-quote';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { mattermostMessage } from './mattermost-message';
import { type MattermostConfig } from './mattermost.schema';

/** Posts to an incoming webhook of Mattermost. */
export class MattermostSender implements Sender<HttpAttempt> {
  constructor(private readonly config: MattermostConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { webhookUrl, webhookUrlFile } = this.config;
    const url = await settingOf(webhookUrl, webhookUrlFile, 'webhook_url_file');
    if (!url.ok) return url.outcome;
    if (url.text === '') return rejected('webhook url missing');
    const made = attempt.message((rendering) => mattermostMessage(this.config, rendering));
    if (!made.ok) return rejected(made.error);
    const outcome = await postJson(attempt, url.text, made.message);
    if (outcome.kind === 'delivered') return outcome;
    return { ...outcome, message: `channel ${goQuote(made.message.channel ?? '')}: ${outcome.message}` };
  }
}
