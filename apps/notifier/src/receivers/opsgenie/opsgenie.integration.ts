import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Rendering } from '../../templates/rendering';
import { postJson } from '../post-json';
import { isSet } from '../rules';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { opsgenieRequests, type OpsgenieRequest } from './opsgenie-message';
import { type OpsgenieConfig } from './opsgenie.schema';

/** Asked too often, Opsgenie says 429. */
const RETRY_CODES: ReadonlySet<number> = new Set([429]);

/** Opens and closes alerts of Opsgenie. */
export class OpsgenieSender implements Sender<HttpAttempt> {
  constructor(private readonly config: OpsgenieConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const setting = await settingOf(config.apiKey, config.apiKeyFile, 'api_key_file', 'as it is');
    if (!setting.ok) return setting.outcome;
    const make = (rendering: Rendering): { key: string; requests: readonly OpsgenieRequest[] } => {
      const key = rendering.secret(setting.text, 'API key');
      return { key: isSet(config.apiKeyFile) ? key.trim() : key, requests: opsgenieRequests(config, rendering) };
    };
    const made = attempt.message(make);
    if (!made.ok) return rejected(made.error);
    const { key, requests } = made.message;
    const headers = { authorization: `GenieKey ${key}` };
    for (const { method, url, body } of requests) {
      const options = { method, headers, secrets: [key], retryCodes: RETRY_CODES };
      const outcome = await postJson(attempt, url, body, options);
      if (outcome.kind !== 'delivered') return outcome;
    }
    return { kind: 'delivered' };
  }
}
