import { readFileSync } from 'node:fs';
import { type ListenAddress, parseListenAddress } from '@tocsin/common/http/listen-address';
import { Secret } from '@tocsin/common/config/secret';
import { reasonOf } from '@tocsin/common/log/log';
import { type Console, UsageError } from './command';
import { parseFeatures } from './features';
import { type FlagValues } from './parse-flags';

/** The notifier's options as its flags say; throws for flags that contradict each other. */
export function notifierOptions(flags: FlagValues, console: Console) {
  checkPeers(flags, console);
  const features = parseFeatures(flags.text('enable-feature'));
  if (!features.ok) throw new UsageError(features.error);
  for (const name of features.withoutEffect) {
    console.err(`tocsin: warning: --enable-feature=${name} has no effect in this version\n`);
  }
  return {
    configFile: flags.text('config.file'),
    listen: flags.texts('web.listen-address').map(listenAddress),
    externalUrl: flags.text('web.external-url') || undefined,
    routePrefix: flags.isSet('web.route-prefix') ? flags.text('web.route-prefix') : undefined,
    matcherMode: features.matcherMode,
    forgetIntervalMs: flags.durationMs('alerts.gc-interval'),
  };
}

/** The evaluator's options; `prefix` is what its flags carry in front where the notifier has namesakes. */
export function evaluatorOptions(flags: FlagValues, prefix: '' | 'evaluator.') {
  return {
    configFile: flags.text(`${prefix}config.file`) || null,
    listen: flags.texts(`${prefix}web.listen-address`).map(listenAddress),
    externalUrl: flags.text(`${prefix}web.external-url`) || undefined,
    ruleFiles: flags.texts('rule.file'),
    datasource: datasourceOptions(flags),
    resendDelayMs: flags.durationMs('rules.alert.resend-delay'),
    forOutageToleranceMs: flags.durationMs('rules.alert.for-outage-tolerance'),
    notifierUrls: flags.texts('notifier.url').map((text) => httpUrl('notifier.url', text)),
  };
}

/** Replicas that do not know of each other would each notify; Alertmanager's peers are told by gossip, ours by Redis. */
function checkPeers(flags: FlagValues, console: Console): void {
  if (!flags.isSet('cluster.peer')) return;
  if (flags.text('redis.url') !== '') {
    console.err('tocsin: warning: --cluster.peer has no effect: all who share the Redis are one cluster\n');
  } else if (!flags.isOn('cluster.allow-independent')) {
    throw new UsageError(
      '--cluster.peer needs a Redis here: without one every replica would send every notification. Set REDIS_URL ' +
        '(the same one for all replicas) and leave the peers out, or say --cluster.allow-independent if that is meant.',
    );
  }
}

function datasourceOptions(flags: FlagValues) {
  const url = flags.text('datasource.url');
  if (url === '') return null;
  const username = flags.text('datasource.basic-auth.username');
  const password = secretOf(flags, 'datasource.basic-auth.password');
  const bearerToken = secretOf(flags, 'datasource.bearer-token');
  if (username !== '' && bearerToken !== null) {
    throw new UsageError('--datasource.basic-auth.username and --datasource.bearer-token exclude each other');
  }
  if (username === '' && password !== null) {
    throw new UsageError('--datasource.basic-auth.password needs --datasource.basic-auth.username');
  }
  return {
    url: httpUrl('datasource.url', url),
    timeoutMs: flags.durationMs('datasource.timeout'),
    basicAuth: username === '' ? null : { username, password: password ?? new Secret('') },
    bearerToken,
  };
}

/** A secret from a flag, or from the file another flag names. */
function secretOf(flags: FlagValues, name: string): Secret | null {
  const text = flags.text(name);
  const file = flags.text(`${name}-file`);
  if (text !== '' && file !== '') throw new UsageError(`--${name} and --${name}-file exclude each other`);
  if (file === '') return text === '' ? null : new Secret(text);
  try {
    return new Secret(readFileSync(file, 'utf8').trim());
  } catch (error) {
    throw new UsageError(`--${name}-file: ${reasonOf(error)}`);
  }
}

function listenAddress(text: string): ListenAddress {
  const parsed = parseListenAddress(text);
  if (!parsed.ok) throw new UsageError(parsed.error);
  return parsed.address;
}

function httpUrl(flag: string, text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new UsageError(`--${flag}: expected a URL such as http://localhost:9090, got '${text}'`);
}
