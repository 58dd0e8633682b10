import { type Flag, type FlagSection } from './flag';
import { httpConfigFile } from './http-config-flag';

const url: Flag = {
  name: 'notifier.url',
  kind: 'text',
  default: 'http://localhost:9093',
  placeholder: 'URL',
  help: 'Notifier to ask; a user and password in it are sent as basic authentication.',
};

const output: Flag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  default: 'text',
  choices: ['text', 'json'],
  help: 'Form of the answer.',
};

const timeout: Flag = { name: 'timeout', kind: 'duration', default: '30s', help: 'Limit of the request.' };

const configFile: Flag = {
  name: 'config.file',
  kind: 'text',
  default: null,
  placeholder: 'PATH',
  help: 'Configuration to use instead of the one the file names; not taken from the environment.',
  isTyped: true,
};

/** `tocsin timeline` */
export const TIMELINE_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      filter('fingerprint', 'HEX', 'Only what is about the alert with this fingerprint.'),
      filter('group', 'ID', 'Only what is about this group.'),
      filter('receiver', 'NAME', 'Only what is about this receiver.'),
      filter('integration', 'KEY', 'Only what is about this integration: receiver/kind/index.'),
      filter(
        'kind',
        'KIND',
        'Only this kind: received, verdict, attempt, delivered, dead-letter, silence, config, cluster, system.',
      ),
      filter('from', 'TIME', 'Not before this time, RFC 3339.'),
      filter('to', 'TIME', 'Not after this time, RFC 3339.'),
      { name: 'limit', kind: 'integer', default: '100', help: 'Most events, the newest ones; at most 1000.' },
      output,
      url,
      httpConfigFile,
      timeout,
    ],
  },
];

/** `tocsin explain` */
export const EXPLAIN_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      filter('at', 'TIME', 'Instant to see it from, RFC 3339. Default: now.'),
      output,
      url,
      httpConfigFile,
      timeout,
    ],
  },
];

/** `tocsin simulate` */
export const SIMULATE_FLAGS: readonly FlagSection[] = [
  { title: 'Flags', flags: [configFile, output, url, httpConfigFile, timeout] },
];

/** `tocsin test routes` */
export const TEST_ROUTES_FLAGS: readonly FlagSection[] = [{ title: 'Flags', flags: [configFile] }];

function filter(name: string, placeholder: string, help: string): Flag {
  return { name, kind: 'text', default: null, placeholder, help };
}
