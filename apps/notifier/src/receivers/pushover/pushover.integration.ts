import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';
import { goQuery } from '../go-url';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { pushoverParameters } from './pushover-message';
import { type PushoverConfig } from './pushover.schema';

const API_URL = 'https://api.pushover.net/1/messages.json';

/** Alertmanager sends no body, and says that it is a text. */
const NO_BODY = { headers: { 'content-type': 'text/plain' }, body: '' };

/** Sends by Pushover; everything it says is in the address. */
export class PushoverSender implements Sender<HttpAttempt> {
  constructor(
    private readonly config: PushoverConfig,
    private readonly apiUrl = API_URL,
  ) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const token = await settingOf(config.token, config.tokenFile, 'token_file', 'as it is');
    if (!token.ok) return token.outcome;
    const user = await settingOf(config.userKey, config.userKeyFile, 'user_key_file', 'as it is');
    if (!user.ok) return user.outcome;
    const keys = { token: token.text, user: user.text };
    const made = attempt.message((rendering) => pushoverParameters(config, keys, rendering));
    if (!made.ok) return rejected(made.error);
    const secrets = [made.message.token, made.message.user];
    const url = `${this.apiUrl}?${goQuery(made.message)}`;
    const result = await attempt.request('POST', url, { ...NO_BODY, secrets });
    return httpOutcome(result, attempt.nowMs());
  }
}
