import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { type EgressPolicy } from '@tocsin/common/http/egress-policy';
import { egressPolicy } from '@tocsin/common/http/egress-rules.client';
import { type ListenAddress, parseListenAddress, systemdSockets } from '@tocsin/common/http/listen-address';
import { Secret } from '@tocsin/common/config/secret';
import { type Console, UsageError } from './command';
import { parseFeatures } from './features';
import { type FlagValues } from './parse-flags';

/** The notifier's options as its flags say; throws for flags that contradict each other. */
export function notifierOptions(flags: FlagValues, console: Console) {
  checkPeers(flags, console);
  if (flags.isOn('cluster.config-from-redis') && flags.text('redis.url') === '') {
    throw new UsageError('--cluster.config-from-redis needs a Redis: set REDIS_URL');
  }
  checkRequired(flags);
  const { matcherMode, ...features } = checkedFeatures(flags, console);
  return {
    configFile: flags.text('config.file'),
    listen: flags.isOn('web.systemd-socket')
      ? socketsOfSystemd()
      : flags.texts('web.listen-address').map(listenAddress),
    externalUrl: flags.text('web.external-url') || undefined,
    routePrefix: flags.text('web.route-prefix') || undefined,
    matcherMode,
    forgetIntervalMs: flags.durationMs('alerts.gc-interval'),
    dataRetentionMs: flags.durationMs('data.retention'),
    maintenanceIntervalMs: flags.durationMs('data.maintenance-interval'),
    maxSilences: positiveOrNull(flags.number('silences.max-silences')),
    maxSilenceBytes: positiveOrNull(flags.number('silences.max-silence-size-bytes')),
    logSilences: flags.isOn('log.silences'),
    perAlertnameLimit: positiveOrNull(flags.number('alerts.per-alertname-limit')),
    dispatchMaintenanceIntervalMs: flags.durationMs('dispatch.maintenance-interval'),
    dispatchStartDelayMs: Math.max(0, flags.durationMs('dispatch.start-delay')),
    restartTimersOnReload: flags.isOn('dispatch.restart-timers-on-reload'),
    getConcurrency: positiveOrNull(flags.number('web.get-concurrency')) ?? Math.max(availableParallelism(), 8),
    webTimeoutMs: positiveOrNull(flags.durationMs('web.timeout')),
    webConfigFile: flags.text('web.config.file') || null,
    egress: egressOf(flags),
    timelineRetentionMs: flags.durationMs('timeline.retention'),
    timelineMaxEntries: flags.number('timeline.max-entries'),
    redisOutageGraceMs: flags.durationMs('redis.outage-grace'),
    configFromRedis: flags.isOn('cluster.config-from-redis'),
    storagePath: flags.text('redis.url') === '' || flags.isSet('storage.path') ? flags.text('storage.path') : null,
    features,
  };
}

function egressOf(flags: FlagValues): EgressPolicy {
  const made = egressPolicy({
    allowedHosts: flags.texts('receiver.allowed-hosts').flatMap((text) => text.split(',')),
    refusePrivate: flags.isOn('receiver.refuse-private-addresses'),
  });
  if (made.ok) return made.policy;
  const [wrong = ''] = made.wrong;
  throw new UsageError(
    `--receiver.allowed-hosts: expected a name, *.name, address or range such as 10.0.0.0/8, got '${wrong}'`,
  );
}

/** Flags that must not be empty or, being times, not 0, by Alertmanager's names of their options. */
const REQUIRED: readonly (readonly [option: string, flag: string])[] = [
  ['ConfigFile', 'config.file'],
  ['DataDir', 'storage.path'],
  ['Retention', 'data.retention'],
  ['MaintenanceInterval', 'data.maintenance-interval'],
  ['AlertGCInterval', 'alerts.gc-interval'],
  ['DispatchMaintenanceInterval', 'dispatch.maintenance-interval'],
];

function checkRequired(flags: FlagValues): void {
  for (const [option, flag] of REQUIRED) {
    const isText = option === 'ConfigFile' || option === 'DataDir';
    const isGiven = isText ? flags.text(flag) !== '' : flags.durationMs(flag) > 0;
    if (isGiven) continue;
    const rule = isText ? 'is required' : 'must be positive';
    throw new UsageError(`alertmanager/app: Options.${option} ${rule} (--${flag})`);
  }
}

function checkedFeatures(flags: FlagValues, console: Console) {
  const parsed = parseFeatures(flags.text('enable-feature'));
  if (!parsed.ok) throw new UsageError(parsed.error);
  const { autoMemoryLimit, ...features } = parsed.features;
  const ratio = flags.number('auto-gomemlimit.ratio');
  if (autoMemoryLimit && (ratio <= 0 || ratio > 1))
    throw new UsageError('--auto-gomemlimit.ratio must be greater than 0 and less than or equal to 1.');
  if (autoMemoryLimit) console.err('tocsin: warning: --enable-feature=auto-gomemlimit has no effect\n');
  return features;
}

function positiveOrNull(value: number): number | null {
  return value > 0 ? value : null;
}

/** The evaluator's options; `prefix` is what its flags carry in front where the notifier has namesakes. */
export function evaluatorOptions(flags: FlagValues, prefix: '' | 'evaluator.') {
  return {
    configFile: flags.text(`${prefix}config.file`) || null,
    listen: flags.texts(`${prefix}web.listen-address`).map(listenAddress),
    externalUrl: flags.text(`${prefix}web.external-url`) || undefined,
    webConfigFile: flags.text(`${prefix}web.config.file`) || null,
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
    throw new UsageError(`--${name}-file ${file}: ${fileReason(error)}`);
  }
}

function socketsOfSystemd(): readonly ListenAddress[] {
  const sockets = systemdSockets(process.env, process.pid);
  if (sockets.length === 0) throw new UsageError('no socket activation file descriptors found');
  return sockets;
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
