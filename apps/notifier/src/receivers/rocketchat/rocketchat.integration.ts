import { goQuote } from '@tocsin/common/labels/go-quote';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { withPath } from '../go-url';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { withTrailingSlash } from '../trailing-slash';
import { rocketchatAnswer } from './rocketchat-answer';
import { rocketchatMessage } from './rocketchat-message';
import { type RocketchatConfig } from './rocketchat.schema';

/** An answer repeats the message. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Posts to Rocket.Chat by its API. */
export class RocketchatSender implements Sender<HttpAttempt> {
  constructor(private readonly config: RocketchatConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const token = await settingOf(config.token, config.tokenFile, 'token_file');
    if (!token.ok) return token.outcome;
    const tokenId = await settingOf(config.tokenId, config.tokenIdFile, 'token_id_file');
    if (!tokenId.ok) return tokenId.outcome;
    const made = attempt.message((rendering) => rocketchatMessage(config, rendering));
    if (!made.ok) return rejected(made.error);
    const url = withPath(withTrailingSlash(config.apiUrl), 'api/v1/chat.postMessage');
    const outcome = await postJson(attempt, url, made.message, {
      headers: { 'x-auth-token': token.text, 'x-user-id': tokenId.text },
      secrets: [token.text, tokenId.text],
      maxBodyBytes: MAX_ANSWER_BYTES,
      accepted: rocketchatAnswer,
    });
    if (outcome.kind === 'delivered') return outcome;
    return { ...outcome, message: `channel ${goQuote(made.message.channel ?? '')}: ${outcome.message}` };
  }
}
