import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { truncateRunes } from '../truncate';
import { type RocketchatConfig } from './rocketchat.schema';

/** Source: Rocket.Chat's limit, as Alertmanager keeps it. */
const MOST_TITLE = 1024;

/** In the order of Alertmanager's. */
export interface RocketchatMessage {
  readonly channel: string | undefined;
  readonly [member: string]: unknown;
}

/** What an entry posts. Source: Alertmanager, `rocketchat`. */
export function rocketchatMessage(config: RocketchatConfig, rendering: Rendering): RocketchatMessage {
  return {
    channel: orOmit(rendering.required(config.channel, 'channel')),
    emoji: orOmit(rendering.text(config.emoji)),
    avatar: orOmit(rendering.text(config.iconUrl)),
    attachments: [attachment(config, rendering)],
  };
}

function attachment(config: RocketchatConfig, rendering: Rendering): object {
  const text = (source: string): string | undefined => orOmit(rendering.text(source));
  // What is left of these without their texts may not be valid.
  const fields = rendering.plain === null ? config.fields : [];
  const actions = rendering.plain === null ? config.actions : [];
  return {
    title: orOmit(truncateRunes(rendering.text(config.title, 'subject'), MOST_TITLE)),
    title_link: text(config.titleLink),
    text: orOmit(rendering.text(config.text, 'body')),
    image_url: text(config.imageUrl),
    thumb_url: text(config.thumbUrl),
    color: text(config.color),
    fields: orOmit(
      fields.map(({ title, value, short }) => ({
        short: short ?? config.shortFields,
        title: text(title),
        value: text(value),
      })),
    ),
    // Of the rest Alertmanager sends only that it is not there.
    actions: orOmit(
      actions.map((action) => ({
        type: 'button',
        text: text(action.text),
        url: text(action.url),
        is_webview: false,
        msg: text(action.msg),
        msg_in_chat_window: false,
      })),
    ),
  };
}
