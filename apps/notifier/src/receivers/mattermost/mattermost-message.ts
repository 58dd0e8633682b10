import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { truncateRunes } from '../truncate';
import { type MattermostConfig } from './mattermost.schema';

/** Source: Mattermost's limit, as Alertmanager keeps it. */
const MOST_TEXT = 16_383;

const PRIORITIES: ReadonlySet<string> = new Set(['urgent', 'important', 'standard']);

/** In the order of Alertmanager's. */
export interface MattermostMessage {
  readonly channel: string | undefined;
  readonly [member: string]: unknown;
}

/** What an entry posts: its attachments with a text before them, or all of it as one. Source: Alertmanager, `mattermost`. */
export function mattermostMessage(config: MattermostConfig, rendering: Rendering): MattermostMessage {
  const text = (source: string): string | undefined => orOmit(rendering.text(source));
  // What is left of these without their texts is not worth reading.
  const attachments = rendering.plain === null ? config.attachments : [];
  const isOne = attachments.length === 0;
  return {
    text: isOne ? undefined : orOmit(truncateRunes(rendering.text(config.text), MOST_TEXT)),
    channel: orOmit(channelOf(config, rendering)),
    username: text(config.username),
    icon_url: text(config.iconUrl),
    icon_emoji: text(config.iconEmoji),
    attachments: (isOne ? [config] : attachments).map((attachment) => attachmentOf(attachment, rendering)),
    type: text(config.type),
    props: config.props === null || config.props.card === '' ? undefined : { card: text(config.props.card) },
    priority: priorityOf(config, rendering),
  };
}

/** Where it fails nothing is said of it: a webhook has a channel of its own. */
function channelOf({ channel }: MattermostConfig, rendering: Rendering): string {
  return rendering.facts.notification.plain ? rendering.required(channel, 'channel') : rendering.text(channel);
}

function attachmentOf(attachment: MattermostConfig['attachments'][number], rendering: Rendering): object {
  const text = (source: string): string | undefined => orOmit(rendering.text(source));
  const fields = rendering.plain === null ? attachment.fields : [];
  return {
    fallback: orOmit(rendering.text(attachment.fallback, 'subject')),
    color: text(attachment.color),
    pretext: text(attachment.pretext),
    text: orOmit(rendering.text(attachment.text, 'body')),
    author_name: text(attachment.authorName),
    author_link: text(attachment.authorLink),
    author_icon: text(attachment.authorIcon),
    title: orOmit(rendering.text(attachment.title, 'subject')),
    title_link: text(attachment.titleLink),
    fields: orOmit(
      fields.map(({ title, value, short }) => ({ title: text(title), value: text(value), short: short ?? undefined })),
    ),
    thumb_url: text(attachment.thumbUrl),
    footer: text(attachment.footer),
    footer_icon: text(attachment.footerIcon),
    image_url: text(attachment.imageUrl),
  };
}

/** Only what Mattermost takes together: it refuses the rest. */
function priorityOf({ priority }: MattermostConfig, rendering: Rendering): object | undefined {
  if (priority === null || priority.priority === '') return undefined;
  const wanted = rendering.text(priority.priority).toLowerCase();
  const word = PRIORITIES.has(wanted) ? wanted : 'standard';
  return {
    priority: word,
    requested_ack: orOmit(priority.requestedAck && word !== 'standard'),
    persistent_notifications: orOmit(priority.persistentNotifications && word === 'urgent'),
  };
}
