import { type Rendering } from '../../templates/rendering';
import { alertsMessage } from '../webhook/webhook-message';

/** Source: what incident.io takes, bytes. */
const MOST_BYTES = 512 * 1024;

/** What an entry posts, `truncated` alerts having been left out: what webhooks are told. Of a message that is too large only
 *  the first alert is listed, while the rest still speaks of all. Source: Alertmanager, `incidentio`. */
export function incidentioMessage({ facts, plain }: Rendering, truncated: number): string {
  const form = { version: '1', truncated, plain };
  const message = alertsMessage(facts, form);
  if (Buffer.byteLength(message) <= MOST_BYTES) return message;
  return alertsMessage(facts, { ...form, listed: facts.alerts.slice(0, 1) });
}
