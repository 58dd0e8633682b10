import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { type Notification } from '../integration';
import { truncateRunes } from '../truncate';
import { type SlackConfig } from './slack.schema';

/** Source: Slack's limit, as Alertmanager keeps it. */
const MOST_TITLE = 1024;

/** Parts of a message that Slack reads as its markup, unless `mrkdwn_in` says. */
const MARKUP_IN: readonly string[] = ['fallback', 'pretext', 'text'];

/** A message that was posted, in Slack's names. */
export interface PostedMessage {
  readonly ts: string;
  readonly channel: string;
}

/** What a notification is about to do with the message that was posted before. */
export interface Following {
  readonly how: 'update' | 'reply';
  readonly posted: PostedMessage;
}

/** The message that this one changes, or is a reply to; null: it stands by itself. */
export function followingOf(
  { updateMessage, thread }: SlackConfig,
  { receiverData: { threadTs, channelId } }: Notification,
): Following | null {
  if (!updateMessage && !thread) return null;
  if (typeof threadTs !== 'string' || typeof channelId !== 'string' || threadTs === '' || channelId === '') return null;
  return { how: updateMessage ? 'update' : 'reply', posted: { ts: threadTs, channel: channelId } };
}

/** In the order of Alertmanager's. */
export interface SlackMessage {
  /** Undefined: the webhook's own. */
  readonly channel: string | undefined;
  readonly [member: string]: unknown;
}

/** What an entry posts, or changes a posted message to. Source: Alertmanager, `slack`. */
export function slackMessage(config: SlackConfig, rendering: Rendering, following: Following | null): SlackMessage {
  const text = (source: string): string | undefined => orOmit(rendering.text(source));
  return {
    channel: following?.posted.channel ?? orOmit(channelOf(config, rendering)),
    ...(following && { [following.how === 'update' ? 'ts' : 'thread_ts']: following.posted.ts }),
    username: text(config.username),
    icon_emoji: text(config.iconEmoji),
    icon_url: text(config.iconUrl),
    link_names: orOmit(config.linkNames),
    text: config.messageText === '' ? undefined : orOmit(rendering.text(config.messageText, 'subject')),
    attachments: [attachment(config, rendering)],
  };
}

/** Where it fails nothing is said of it: an incoming webhook has a channel of its own, and Slack refuses the rest. */
function channelOf({ channel }: SlackConfig, rendering: Rendering): string {
  return rendering.facts.notification.plain ? rendering.required(channel, 'channel') : rendering.text(channel);
}

function attachment(config: SlackConfig, rendering: Rendering): object {
  const text = (source: string): string | undefined => orOmit(rendering.text(source));
  // What is left of these without their texts may not be valid.
  const fields = rendering.plain === null ? config.fields : [];
  const actions = rendering.plain === null ? config.actions : [];
  return {
    title: orOmit(truncateRunes(rendering.text(config.title, 'subject'), MOST_TITLE)),
    title_link: text(config.titleLink),
    pretext: text(config.pretext),
    text: rendering.text(config.text, 'body'),
    fallback: rendering.text(config.fallback, 'subject'),
    callback_id: rendering.text(config.callbackId),
    fields: orOmit(
      fields.map(({ title, value, short }) => ({
        title: text(title),
        value: text(value),
        short: short ?? config.shortFields,
      })),
    ),
    actions: orOmit(
      actions.map((action) => ({
        type: text(action.type),
        text: text(action.text),
        url: text(action.url),
        style: text(action.style),
        name: text(action.name),
        value: text(action.value),
        confirm: action.confirm ? confirmation(action.confirm, rendering) : undefined,
      })),
    ),
    image_url: text(config.imageUrl),
    thumb_url: text(config.thumbUrl),
    footer: rendering.text(config.footer),
    color: text(config.color),
    mrkdwn_in: config.mrkdwnIn.length > 0 ? config.mrkdwnIn : MARKUP_IN,
  };
}

type Confirm = NonNullable<SlackConfig['actions'][number]['confirm']>;

function confirmation(confirm: Confirm, rendering: Rendering): object {
  return {
    text: orOmit(rendering.text(confirm.text)),
    title: orOmit(rendering.text(confirm.title)),
    ok_text: orOmit(rendering.text(confirm.okText)),
    dismiss_text: orOmit(rendering.text(confirm.dismissText)),
  };
}
