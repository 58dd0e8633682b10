import { type Rendering } from '../../templates/rendering';
import { truncateJson } from '../truncate';
import { type MsteamsConfig } from './msteams.schema';

const RED = '8C1A1A';
const GREEN = '2DC72D';

/** Bytes in JSON: Teams takes 28 KB a message and refuses what is longer; Alertmanager leaves it to that. */
export const MOST_IN_TEAMS = { title: 1024, text: 24 * 1024 };

/** The card that an entry posts. Source: Alertmanager, `msteams`. */
export function msteamsMessage({ title, summary, text }: MsteamsConfig, rendering: Rendering): object {
  return {
    '@context': 'http://schema.org/extensions',
    type: 'MessageCard',
    title: truncateJson(rendering.text(title, 'subject'), MOST_IN_TEAMS.title),
    summary: truncateJson(rendering.text(summary, 'subject'), MOST_IN_TEAMS.title),
    text: truncateJson(rendering.text(text, 'body'), MOST_IN_TEAMS.text),
    themeColor: rendering.facts.status === 'firing' ? RED : GREEN,
  };
}
