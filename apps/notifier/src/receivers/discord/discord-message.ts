import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { truncateRunes } from '../truncate';
import { type DiscordConfig } from './discord.schema';

const RED = 0x992d22;
const GREEN = 0x2ecc71;

/** Source: Discord's limits, as Alertmanager keeps them. */
const MOST = { title: 256, description: 4096, content: 2000 };

/** What an entry posts. Source: Alertmanager, `discord`. */
export function discordMessage(config: DiscordConfig, rendering: Rendering): object {
  const { facts } = rendering;
  return {
    content: truncateRunes(rendering.text(config.content), MOST.content),
    embeds: [
      {
        title: truncateRunes(rendering.text(config.title, 'subject'), MOST.title),
        description: truncateRunes(rendering.text(config.message, 'body'), MOST.description),
        color: facts.status === 'firing' ? RED : GREEN,
      },
    ],
    username: orOmit(config.username),
    avatar_url: orOmit(config.avatarUrl),
  };
}
