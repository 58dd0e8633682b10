import { goQuote } from '@tocsin/common/labels/go-quote';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Notification } from '../integration';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { slackAnswer } from './slack-answer';
import { type Following, followingOf, type PostedMessage, slackMessage } from './slack-message';
import { type SlackConfig } from './slack.schema';

const UPDATE = 'https://slack.com/api/chat.update';

/** How Slack says that the message to change, or to reply to, is not there, or may not be changed any more. */
const GONE =
  /: (?:message_not_found|thread_not_found|cant_update_message|channel_not_found|edit_window_closed|is_inactive)$/;

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
    const following = followingOf(config, attempt.notification);
    const outcome = await this.post(attempt, address.text, following);
    const isGone = outcome.kind === 'rejected' && GONE.test(outcome.message);
    // Somebody deleted it, or it is too old: whoever is to be paged hears of the alerts in a new one.
    return following !== null && isGone ? this.post(attempt, address.text, null) : outcome;
  }

  private async post(attempt: HttpAttempt, address: string, following: Following | null): Promise<DeliveryOutcome> {
    const { config } = this;
    const made = attempt.message((rendering) => slackMessage(config, rendering, following));
    if (!made.ok) return rejected(made.error);
    const outcome = await postJson(attempt, following?.how === 'update' ? this.updateUrl : address, made.message, {
      timeoutMs: config.timeoutMs,
      maxBodyBytes: MAX_ANSWER_BYTES,
      accepted: (response) => {
        const { outcome, posted } = slackAnswer(response);
        if (posted === null || following?.how === 'reply') return outcome;
        return config.updateMessage || config.thread ? withMessage(attempt.notification, posted) : outcome;
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
