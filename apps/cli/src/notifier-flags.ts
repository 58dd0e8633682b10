import { type Flag, type FlagSection } from './flag';

/** The notifier's own flags: Alertmanager's, with their names, defaults and meaning, and some more. */
export const NOTIFIER_OWN_FLAGS: FlagSection = {
  title: 'Notifier',
  flags: [
    {
      name: 'config.file',
      kind: 'text',
      default: 'alertmanager.yml',
      placeholder: 'PATH',
      help: 'Routes and receivers, as Alertmanager reads them.',
    },
    {
      name: 'web.listen-address',
      kind: 'text',
      default: ':9093',
      placeholder: 'HOST:PORT',
      repeatable: true,
      help: 'Where to serve the API and metrics.',
    },
    {
      name: 'web.systemd-socket',
      kind: 'switch',
      default: 'false',
      help: 'Serve on the sockets systemd hands over instead of --web.listen-address.',
    },
    {
      name: 'web.config.file',
      kind: 'text',
      default: null,
      placeholder: 'PATH',
      help: 'TLS, passwords and headers of the server; read again when it changes.',
    },
    {
      name: 'web.external-url',
      kind: 'text',
      default: null,
      placeholder: 'URL',
      help: 'URL by which others reach the notifier; it is in notifications. Default: host name and port.',
    },
    {
      name: 'web.route-prefix',
      kind: 'text',
      default: null,
      placeholder: 'PATH',
      help: 'Path prefix of everything served. Default: the path of --web.external-url.',
    },
    {
      name: 'web.get-concurrency',
      kind: 'integer',
      default: '0',
      help: 'GET requests answered at once; more are refused with 503. 0 or less: processors, at least 8.',
    },
    {
      name: 'web.timeout',
      kind: 'duration',
      default: '0s',
      mayBeNegative: true,
      help: 'Limit of one request, after which it is answered 503. 0 or less: none.',
    },
    {
      name: 'data.retention',
      kind: 'duration',
      default: '120h',
      mayBeNegative: true,
      help: 'How long expired silences are kept.',
    },
    {
      name: 'data.maintenance-interval',
      kind: 'duration',
      default: '15m',
      mayBeNegative: true,
      help: 'How often what is older than --data.retention is forgotten.',
    },
    {
      name: 'silences.max-silences',
      kind: 'integer',
      default: '0',
      help: 'Most silences, expired ones included. 0 or less: no limit.',
    },
    {
      name: 'silences.max-silence-size-bytes',
      kind: 'integer',
      default: '0',
      help: 'Largest silence, bytes. 0 or less: no limit.',
    },
    { name: 'log.silences', kind: 'switch', default: 'false', help: 'Log every change of a silence.' },
    {
      name: 'alerts.gc-interval',
      kind: 'duration',
      default: '30m',
      mayBeNegative: true,
      help: 'How often alerts that have ended, and whose end was told, are forgotten.',
    },
    {
      name: 'alerts.per-alertname-limit',
      kind: 'integer',
      default: '0',
      help: 'Most alerts of one alertname. 0 or less: no limit.',
    },
    {
      name: 'dispatch.maintenance-interval',
      kind: 'duration',
      default: '30s',
      mayBeNegative: true,
      help: 'How often groups that became empty are looked for.',
    },
    {
      name: 'dispatch.start-delay',
      kind: 'duration',
      default: '0s',
      mayBeNegative: true,
      help: 'How long after the start nothing is notified, so that senders can tell their alerts first.',
    },
    {
      name: 'dispatch.restart-timers-on-reload',
      kind: 'switch',
      default: 'false',
      help: 'On a reload let every group start anew, as Alertmanager does.',
    },
    {
      name: 'receiver.allowed-hosts',
      kind: 'text',
      default: null,
      placeholder: 'HOST|RANGE',
      repeatable: true,
      help: 'Where receivers may be: names, *.names, addresses, ranges. Default: anywhere.',
    },
    {
      name: 'receiver.refuse-private-addresses',
      kind: 'switch',
      default: 'false',
      help: 'Send nothing to private and metadata addresses that --receiver.allowed-hosts does not hold.',
    },
    {
      name: 'timeline.retention',
      kind: 'duration',
      default: '48h',
      help: 'How long the timeline of decisions is kept.',
    },
    {
      name: 'timeline.max-entries',
      kind: 'integer',
      default: '200000',
      help: 'Most entries of the timeline; the oldest go first.',
    },
    {
      name: 'redis.outage-grace',
      kind: 'duration',
      default: '30s',
      help: 'How long a Redis may be away before each notifier notifies on its own.',
    },
    {
      name: 'enable-feature',
      kind: 'text',
      default: '',
      placeholder: 'NAME,…',
      help: 'Features to switch on: classic-mode or utf8-strict-mode (how matchers are read), alert-names-in-metrics, receiver-name-in-metrics, group-key-in-metrics, event-recorder, auto-gomemlimit (accepted, without effect).',
    },
    {
      name: 'auto-gomemlimit.ratio',
      kind: 'number',
      default: '0.9',
      help: 'Accepted and checked, without effect: memory is not limited by the feature auto-gomemlimit.',
    },
  ],
};

/** What Alertmanager's gossip cluster is set up with. */
export const CLUSTER_FLAGS: FlagSection = {
  title: "Alertmanager's cluster (here a Redis makes the cluster)",
  flags: [
    {
      name: 'cluster.peer',
      kind: 'text',
      default: null,
      placeholder: 'HOST:PORT',
      repeatable: true,
      help: 'Refused without a Redis, since each replica would notify; needless with one.',
    },
    {
      name: 'cluster.allow-independent',
      kind: 'switch',
      default: 'false',
      help: 'Start in spite of --cluster.peer without a Redis: every replica notifies on its own.',
    },
    {
      name: 'cluster.config-from-redis',
      kind: 'switch',
      default: 'false',
      help: 'Take the configuration that was pushed to the Redis, the same for all notifiers.',
    },
    needless('cluster.listen-address', 'text', '0.0.0.0:9094'),
    needless('cluster.advertise-address', 'text', null),
    needless('cluster.peer-name', 'text', null),
    needless('cluster.peer-timeout', 'duration', '15s'),
    needless('cluster.peers-resolve-timeout', 'duration', '15s'),
    needless('cluster.gossip-interval', 'duration', '200ms'),
    needless('cluster.pushpull-interval', 'duration', '1m'),
    needless('cluster.tcp-timeout', 'duration', '10s'),
    needless('cluster.probe-timeout', 'duration', '500ms'),
    needless('cluster.probe-interval', 'duration', '1s'),
    needless('cluster.settle-timeout', 'duration', '1m'),
    needless('cluster.reconnect-interval', 'duration', '10s'),
    needless('cluster.reconnect-timeout', 'duration', '6h'),
    needless('cluster.tls-config', 'text', null),
    needless('cluster.allow-insecure-public-advertise-address-discovery', 'switch', 'false'),
    needless('cluster.label', 'text', null),
  ],
};

/** A flag of the gossip that there is nothing to set of here. */
function needless(name: string, kind: Flag['kind'], byDefault: string | null): Flag {
  return { name, kind, default: byDefault, help: 'Accepted, without effect.', needless: true };
}
