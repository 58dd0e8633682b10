import { goQuote } from '@tocsin/common/labels/go-quote';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Notification } from '../integration';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { slackAnswer } from './slack-answer';
import { postedBefore, type PostedMessage, slackMessage } from './slack-message';
import { type SlackConfig } from './slack.schema';

const UPDATE = 'https://slack.com/api/chat.update';

/** An answer repeats the message. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Posts to Slack: to an incoming webhook, or as an app to its API. */
export class SlackSender implements Sender<HttpAttempt> {
  constructor(
    private readonly config: SlackConfig,
    /** Where messages are changed. */
    private readonly updateUrl = UPDATE,
  ) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const address = await settingOf(config.apiUrl, config.apiUrlFile, 'api_url_file');
    if (!address.ok) return address.outcome;
    const before = postedBefore(config, attempt.notification);
    const made = attempt.message((rendering) => slackMessage(config, rendering, before));
    if (!made.ok) return rejected(made.error);
    const outcome = await postJson(attempt, before ? this.updateUrl : address.text, made.message, {
      timeoutMs: config.timeoutMs,
      maxBodyBytes: MAX_ANSWER_BYTES,
      accepted: (response) => {
        const { outcome, posted } = slackAnswer(response);
        return config.updateMessage && posted ? withMessage(attempt.notification, posted) : outcome;
      },
    });
    if (outcome.kind === 'delivered') return outcome;
    return { ...outcome, message: `channel ${goQuote(made.message.channel ?? '')}: ${outcome.message}` };
  }
}

/** With Alertmanager's names, so that its messages are found after moving in. */
function withMessage({ receiverData }: Notification, { ts, channel }: PostedMessage): DeliveryOutcome {
  return { kind: 'delivered', receiverData: { ...receiverData, threadTs: ts, channelId: channel } };
}
