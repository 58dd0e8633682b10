import { type Flag, type FlagSection } from './flag';
import { httpConfigFile } from './http-config-flag';

const url: Flag = {
  name: 'notifier.url',
  kind: 'text',
  default: 'http://localhost:9093',
  placeholder: 'URL',
  help: 'Notifier that is to tell it; a user and password in it are sent as basic authentication.',
};

/** `tocsin receivers test` */
export const RECEIVERS_TEST_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      {
        name: 'label',
        kind: 'text',
        default: null,
        placeholder: 'NAME=VALUE',
        repeatable: true,
        help: 'Label of the alert. Without an alertname it is TocsinTest.',
      },
      {
        name: 'annotation',
        kind: 'text',
        default: null,
        placeholder: 'NAME=VALUE',
        repeatable: true,
        help: 'Annotation of the alert.',
      },
      { name: 'resolved', kind: 'switch', default: 'false', help: 'Tell it that the alert has ended.' },
      {
        name: 'resolve',
        kind: 'switch',
        default: null,
        help: 'Tell it right after that the alert has ended. Default: only those that open incidents.',
      },
      {
        name: 'integration',
        kind: 'text',
        default: null,
        placeholder: 'KIND/INDEX',
        help: 'The only one to tell, such as slack/0. Default: all of the receiver.',
      },
      {
        name: 'output',
        short: 'o',
        kind: 'text',
        default: 'text',
        choices: ['text', 'json'],
        help: 'Form of the answer.',
      },
      url,
      httpConfigFile,
      { name: 'timeout', kind: 'duration', default: '2m', help: 'Limit of the request.' },
    ],
  },
];

/** `tocsin template render` */
export const TEMPLATE_RENDER_FLAGS: readonly FlagSection[] = [
  {
    title: 'Flags',
    flags: [
      {
        name: 'template.glob',
        kind: 'text',
        default: null,
        placeholder: 'GLOB',
        repeatable: true,
        help: 'Files of templates that the text may use; *.hbs are Handlebars.',
      },
      { name: 'template.text', kind: 'text', default: null, help: 'The template to render.' },
      {
        name: 'template.type',
        kind: 'text',
        default: 'text',
        choices: ['text', 'html'],
        help: 'Whether it is escaped as HTML needs it.',
      },
      {
        name: 'template.data',
        kind: 'text',
        default: null,
        placeholder: 'PATH',
        help: 'JSON file with what the template sees, as amtool takes it. Default: two simple alerts.',
      },
      {
        name: 'template.language',
        kind: 'text',
        default: null,
        choices: ['go', 'handlebars'],
        help: 'Language of the text. Default: that of the configuration, else go.',
      },
      {
        name: 'config.file',
        kind: 'text',
        default: null,
        placeholder: 'PATH',
        help: 'Configuration whose templates the text may use; not taken from the environment.',
        isTyped: true,
      },
    ],
  },
];
