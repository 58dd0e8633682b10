import { type Rendering } from '../../templates/rendering';
import { MOST_IN_TEAMS } from '../msteams/msteams-message';
import { truncateJson } from '../truncate';
import { type Msteamsv2Config } from './msteamsv2.schema';

/** The message with an adaptive card that an entry posts. Source: Alertmanager, `msteamsv2`. */
export function msteamsv2Message({ title, text }: Msteamsv2Config, rendering: Rendering): object {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body: [
      {
        type: 'TextBlock',
        text: truncateJson(rendering.text(title, 'subject'), MOST_IN_TEAMS.title),
        weight: 'Bolder',
        size: 'Medium',
        wrap: true,
        style: 'heading',
        color: rendering.facts.status === 'firing' ? 'Attention' : 'Good',
      },
      {
        type: 'TextBlock',
        text: truncateJson(rendering.text(text, 'body'), MOST_IN_TEAMS.text),
        wrap: true,
      },
    ],
    msteams: { width: 'full' },
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}
