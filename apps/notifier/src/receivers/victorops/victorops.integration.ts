import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Rendering } from '../../templates/rendering';
import { withPath } from '../go-url';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { victoropsMessage } from './victorops-message';
import { type VictoropsConfig } from './victorops.schema';

/** Posts to VictorOps; key and routing key are in the address. */
export class VictoropsSender implements Sender<HttpAttempt> {
  constructor(private readonly config: VictoropsConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const key = await settingOf(config.apiKey, config.apiKeyFile, 'api_key_file');
    if (!key.ok) return key.outcome;
    const make = (rendering: Rendering): { url: string; message: ReadonlyMap<string, string> } => ({
      url: withPath(config.apiUrl, `${key.text}/${rendering.required(config.routingKey, 'routing key')}`),
      message: victoropsMessage(config, rendering),
    });
    const made = attempt.message(make);
    if (!made.ok) return rejected(made.error);
    return postJson(attempt, made.message.url, made.message.message, { secrets: [key.text] });
  }
}
