import { type Flag, type FlagSection } from './flag';
import { httpConfigFile } from './http-config-flag';

const url: Flag = {
  name: 'notifier.url',
  kind: 'text',
  default: 'http://localhost:9093',
  placeholder: 'URL',
  help: 'Notifier or Alertmanager to ask; a user and password in it are sent as basic authentication.',
};

const timeout: Flag = { name: 'timeout', kind: 'duration', default: '30s', help: 'Limit of a request.' };

const output: Flag = {
  name: 'output',
  short: 'o',
  kind: 'text',
  default: 'table',
  choices: ['table', 'json'],
  help: 'Form of the list.',
};

const quiet: Flag = { name: 'quiet', short: 'q', kind: 'switch', default: 'false', help: 'Print ids only.' };

const comment: Flag = { name: 'comment', short: 'c', kind: 'text', default: null, help: 'Why the silence is there.' };

const start = (help: string): Flag => ({ name: 'start', kind: 'text', default: null, placeholder: 'TIME', help });
const end = (help: string): Flag => ({ name: 'end', kind: 'text', default: null, placeholder: 'TIME', help });

/** `tocsin silence add` */
export const SILENCE_ADD_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      comment,
      { name: 'duration', short: 'd', kind: 'duration', default: '1h', help: 'How long it lasts from its start on.' },
      start('When it begins, RFC 3339. Default: now.'),
      end('When it ends, RFC 3339, instead of --duration.'),
      {
        name: 'author',
        short: 'a',
        kind: 'text',
        default: null,
        help: 'Who makes it. Default: the user of the system.',
      },
      {
        name: 'annotation',
        kind: 'text',
        default: null,
        placeholder: 'NAME=VALUE',
        repeatable: true,
        help: 'Annotation of the silence.',
      },
      { name: 'require-comment', kind: 'switch', default: 'true', help: 'Refuse to make one without a comment.' },
      url,
      httpConfigFile,
      timeout,
    ],
  },
];

/** `tocsin silence query` */
export const SILENCE_QUERY_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      { name: 'expired', kind: 'switch', default: 'false', help: 'Those that are over, instead of the others.' },
      {
        name: 'within',
        kind: 'duration',
        default: null,
        help: 'Only those that end within this time; with --expired those that ended within it.',
      },
      { name: 'created-by', kind: 'text', default: null, help: 'Only those of this author.' },
      { name: 'id', kind: 'text', default: null, help: 'Only the one with this id.' },
      quiet,
      output,
      url,
      httpConfigFile,
      timeout,
    ],
  },
];

/** `tocsin silence expire` */
export const SILENCE_EXPIRE_FLAGS: readonly FlagSection[] = [{ title: 'Flags', flags: [url, httpConfigFile, timeout] }];

/** `tocsin silence update` */
export const SILENCE_UPDATE_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      comment,
      { name: 'duration', short: 'd', kind: 'duration', default: null, help: 'How long it lasts from its start on.' },
      start('When it begins, RFC 3339.'),
      end('When it ends, RFC 3339, instead of --duration.'),
      quiet,
      output,
      url,
      httpConfigFile,
      timeout,
    ],
  },
];
