import { type Rendering } from '../../templates/rendering';
import { orOmit } from '../go-json';
import { truncateBytes } from '../truncate';
import { type WebexConfig } from './webex.schema';

/** Source: Webex's limit, as Alertmanager keeps it. */
const MOST_BYTES = 7439;

/** What an entry posts. Source: Alertmanager, `webex`. */
export function webexMessage({ message, roomId }: WebexConfig, rendering: Rendering): object {
  return {
    markdown: truncateBytes(rendering.text(message, 'body'), MOST_BYTES),
    roomId: orOmit(rendering.required(roomId, 'room_id')),
  };
}
