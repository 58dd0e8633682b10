import { type Flag, type FlagSection } from './flag';
import { httpConfigFile } from './http-config-flag';
import { CLUSTER_FLAGS, NOTIFIER_OWN_FLAGS } from './notifier-flags';

/** Where flags of both applications meet in one process, the evaluator's carry this in front. */
const EVALUATOR_PREFIX = 'evaluator.';

/** The evaluator's flags that have a namesake among the notifier's. */
const evaluatorOwnFlags: readonly Flag[] = [
  {
    name: 'config.file',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'File in the form of prometheus.yml: global, rule_files, alerting; other sections are ignored.',
  },
  {
    name: 'web.listen-address',
    kind: 'text',
    default: ':8880',
    placeholder: 'HOST:PORT',
    repeatable: true,
    help: 'Where to serve the rules API and metrics.',
  },
  {
    name: 'web.external-url',
    kind: 'text',
    default: null,
    placeholder: 'URL',
    help: 'URL by which others reach the evaluator. Default: host name and port.',
  },
  {
    name: 'web.config.file',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'TLS, passwords and headers of the server; read again when it changes.',
  },
];

const evaluatorFlags: readonly Flag[] = [
  {
    name: 'rule.file',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    repeatable: true,
    help: 'Rule file besides those of the configuration; the last part of the path may hold *.',
  },
  {
    name: 'datasource.url',
    kind: 'text',
    default: null,
    placeholder: 'URL',
    help: 'Prometheus, or anything with its query API. Without one the evaluator waits.',
  },
  { name: 'datasource.timeout', kind: 'duration', default: '30s', help: 'Limit of one query.' },
  {
    name: 'datasource.basic-auth.username',
    kind: 'text',
    default: null,
    placeholder: 'NAME',
    help: 'User name for the datasource.',
  },
  {
    name: 'datasource.basic-auth.password',
    kind: 'text',
    default: null,
    placeholder: 'TEXT',
    help: 'Password for it; other users of this machine can see flags, so prefer the next one or the environment.',
  },
  {
    name: 'datasource.basic-auth.password-file',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'File with the password.',
  },
  {
    name: 'datasource.bearer-token',
    kind: 'text',
    default: null,
    placeholder: 'TEXT',
    help: 'Bearer token for the datasource; prefer the next one or the environment.',
  },
  {
    name: 'datasource.bearer-token-file',
    kind: 'text',
    default: null,
    placeholder: 'PATH',
    help: 'File with the bearer token.',
  },
  {
    name: 'rules.alert.resend-delay',
    kind: 'duration',
    default: '1m',
    help: 'Least time between two messages about an alert that did not change.',
  },
  {
    name: 'rules.alert.for-outage-tolerance',
    kind: 'duration',
    default: '1h',
    help: 'Longest outage over which a pending alert keeps its `for` time.',
  },
  {
    name: 'notifier.url',
    kind: 'text',
    default: null,
    placeholder: 'URL',
    repeatable: true,
    help: 'Alertmanager or notifier to post alerts to, instead of the notifier beside it.',
  },
];

const storageFlag: Flag = {
  name: 'storage.path',
  kind: 'text',
  default: 'data/',
  placeholder: 'PATH',
  help: 'Folder of the state; one process at a time. Not used with a Redis.',
};

const sharedFlags: FlagSection = {
  title: 'Cluster and logs',
  flags: [
    {
      name: 'redis.url',
      kind: 'text',
      default: null,
      placeholder: 'URL',
      environment: 'REDIS_URL',
      help: 'Redis or Valkey that holds the state and makes a cluster of all that share it: redis://, rediss://, redis+sentinel://HOST,…/MASTER or redis+cluster://HOST,….',
    },
    {
      name: 'redis.prefix',
      kind: 'text',
      default: 'tocsin',
      placeholder: 'TEXT',
      help: 'What keys in Redis begin with; installations that share a Redis differ in it.',
    },
    {
      name: 'log.level',
      kind: 'text',
      default: 'info',
      choices: ['debug', 'info', 'warn', 'error'],
      help: 'Least important lines to log.',
    },
    { name: 'log.format', kind: 'text', default: 'logfmt', choices: ['logfmt', 'json'], help: 'Form of log lines.' },
  ],
};

/** `tocsin notifier` */
export const NOTIFIER_FLAGS: readonly FlagSection[] = [
  { ...NOTIFIER_OWN_FLAGS, flags: [...NOTIFIER_OWN_FLAGS.flags, storageFlag] },
  sharedFlags,
  CLUSTER_FLAGS,
];

/** `tocsin evaluator` */
export const EVALUATOR_FLAGS: readonly FlagSection[] = [
  { title: 'Evaluator', flags: [...evaluatorOwnFlags, ...evaluatorFlags, storageFlag] },
  sharedFlags,
];

/** `tocsin standalone` */
export const STANDALONE_FLAGS: readonly FlagSection[] = [
  NOTIFIER_OWN_FLAGS,
  { title: 'Evaluator', flags: [...evaluatorOwnFlags.map(prefixed), ...evaluatorFlags] },
  {
    title: 'Both',
    flags: [
      storageFlag,
      {
        name: 'quickstart.printer',
        kind: 'switch',
        default: 'false',
        help: "Print what the quick start's receiver is sent, and how to begin. `npm start` sets it.",
      },
    ],
  },
  sharedFlags,
  CLUSTER_FLAGS,
];

/** `tocsin check config` */
export const CHECK_CONFIG_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      {
        name: 'lint',
        kind: 'switch',
        default: 'false',
        help: 'Warn also of what is valid and yet hardly meant, such as routes that no alert gets to.',
      },
      {
        name: 'enable-feature',
        kind: 'text',
        default: '',
        placeholder: 'NAME,…',
        help: 'As the notifier is started with: classic-mode and utf8-strict-mode change how matchers are read.',
      },
    ],
  },
];

/** `tocsin alert add` */
export const ALERT_ADD_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      {
        name: 'notifier.url',
        kind: 'text',
        default: 'http://localhost:9093',
        placeholder: 'URL',
        help: 'Notifier or Alertmanager to post to; a user and password in it are sent as basic authentication.',
      },
      httpConfigFile,
      {
        name: 'annotation',
        kind: 'text',
        default: null,
        placeholder: 'NAME=VALUE',
        repeatable: true,
        help: 'Annotation of the alert.',
      },
      {
        name: 'start',
        kind: 'text',
        default: null,
        placeholder: 'TIME',
        help: 'When it began, RFC 3339. Default: now.',
      },
      {
        name: 'end',
        kind: 'text',
        default: null,
        placeholder: 'TIME',
        help: 'When it ended or will, RFC 3339. Default: it fires until resolve_timeout passes.',
      },
      { name: 'generator-url', kind: 'text', default: null, placeholder: 'URL', help: 'Where the alert comes from.' },
      { name: 'timeout', kind: 'duration', default: '30s', help: 'Limit of the request.' },
    ],
  },
];

const apiFlags: readonly Flag[] = [
  {
    name: 'notifier.url',
    kind: 'text',
    default: 'http://localhost:9093',
    placeholder: 'URL',
    help: 'Notifier to ask; a user and password in it are sent as basic authentication.',
  },
  httpConfigFile,
  { name: 'timeout', kind: 'duration', default: '30s', help: 'Limit of a request.' },
];

/** `tocsin dead-letters list` */
export const DEAD_LETTERS_LIST_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      ...apiFlags,
      {
        name: 'output',
        short: 'o',
        kind: 'text',
        default: 'table',
        choices: ['table', 'json'],
        help: 'Form of the list.',
      },
    ],
  },
];

/** `tocsin dead-letters replay` */
export const DEAD_LETTERS_REPLAY_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      ...apiFlags,
      {
        name: 'receiver',
        kind: 'text',
        default: null,
        placeholder: 'NAME',
        help: 'Replay all dead letters of this receiver.',
      },
    ],
  },
];

/** `tocsin config push` */
export const CONFIG_PUSH_FLAGS: readonly FlagSection[] = [{ title: 'Flags', flags: apiFlags }];

/** `tocsin dead-letters drop` */
export const DEAD_LETTERS_DROP_FLAGS: readonly FlagSection[] = [{ title: 'Flags', flags: apiFlags }];

/** `tocsin webhook-printer` */
export const WEBHOOK_PRINTER_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      {
        name: 'web.listen-address',
        kind: 'text',
        default: '127.0.0.1:5001',
        placeholder: 'HOST:PORT',
        help: 'Where to take webhooks.',
      },
    ],
  },
];

function prefixed(flag: Flag): Flag {
  return { ...flag, name: EVALUATOR_PREFIX + flag.name };
}
