import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { discordMessage } from './discord-message';
import { type DiscordConfig } from './discord.schema';

/** Posts to a Discord webhook. */
export class DiscordSender implements Sender<HttpAttempt> {
  constructor(private readonly config: DiscordConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { webhookUrl, webhookUrlFile } = this.config;
    const url = await settingOf(webhookUrl, webhookUrlFile, 'webhook_url_file');
    if (!url.ok) return url.outcome;
    const made = attempt.message((rendering) => discordMessage(this.config, rendering));
    return made.ok ? postJson(attempt, url.text, made.message) : rejected(made.error);
  }
}
