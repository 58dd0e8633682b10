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
    ...(config.html && { html: '1' }),
    ...(config.monospace && { monospace: '1' }),
    message: messageOf(config, rendering),
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

/** Never empty: Pushover takes none that is. */
function messageOf({ html, message: source }: PushoverConfig, rendering: Rendering): string {
  const message = html ? rendering.html(source, 'body') : rendering.text(source, 'body');
  return truncateRunes(message, MOST.message).trim() || '(no details)';
}

function defaultPriority({ facts }: Rendering): string {
  return facts.status === 'firing' ? '2' : '0';
}

function seconds(ms: number): number {
  return Math.trunc(ms / 1000);
}
