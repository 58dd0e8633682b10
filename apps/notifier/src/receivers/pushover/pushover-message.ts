import { plainText } from '../../templates/plain-text';
import { inPlain, type Rendering } from '../../templates/rendering';
import { truncateRunes } from '../truncate';
import { type PushoverConfig } from './pushover.schema';

/** Source: Pushover's limits, as Alertmanager keeps them. */
const MOST = { title: 250, message: 1024, url: 512 };

/** Who is told, and by which application. */
export interface PushoverKeys {
  readonly token: string;
  readonly user: string;
}

/** What an entry asks for; empty parameters are sent, too. Source: Alertmanager, `pushover`. */
export function pushoverParameters(
  config: PushoverConfig,
  keys: PushoverKeys,
  rendering: Rendering,
): PushoverKeys & Readonly<Record<string, string>> {
  const ttl = seconds(config.ttlMs);
  return {
    token: rendering.secret(keys.token, 'token'),
    user: rendering.secret(keys.user, 'user key'),
    title: truncateRunes(rendering.text(config.title, 'subject'), MOST.title),
    ...(config.monospace && { monospace: '1' }),
    ...messageOf(config, rendering),
    url: truncateRunes(rendering.text(config.url), MOST.url),
    url_title: rendering.text(config.urlTitle),
    priority: rendering.text(config.priority) || inPlain(rendering, defaultPriority(rendering)),
    retry: `${seconds(config.retryMs)}`,
    expire: `${seconds(config.expireMs)}`,
    device: rendering.text(config.device),
    sound: rendering.text(config.sound),
    ...(ttl > 0 && { ttl: `${ttl}` }),
  };
}

/** Never empty: Pushover takes none that is. Never half an element of HTML: it would be shown, or swallow what follows. */
function messageOf({ html, message: source }: PushoverConfig, rendering: Rendering): { html?: '1'; message: string } {
  if (!html) return { message: fitting(rendering.text(source, 'body')) };
  const message = rendering.html(source, 'body');
  if (truncateRunes(message, MOST.message) === message) return { html: '1', message: fitting(message) };
  const { body } = rendering.plain ?? plainText(rendering.facts, 'it is longer than Pushover takes');
  return { message: fitting(body) };
}

function fitting(message: string): string {
  return truncateRunes(message, MOST.message).trim() || '(no details)';
}

function defaultPriority({ facts }: Rendering): string {
  return facts.status === 'firing' ? '2' : '0';
}

function seconds(ms: number): number {
  return Math.trunc(ms / 1000);
}
