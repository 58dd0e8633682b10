import { type Command } from './command';
import { type Flag, type FlagKind, type FlagSection } from './flag';

const WIDTH = 100;
const INDENT = '  ';

const placeholders: Readonly<Record<FlagKind, string>> = {
  text: 'TEXT',
  switch: '',
  integer: 'N',
  number: 'N',
  duration: 'DURATION',
};

/** What `tocsin --help` prints. */
export function mainHelp(commands: readonly Command[]): string {
  return lines(
    'usage: tocsin <command> [<flags>]',
    '',
    ...wrap(
      'Evaluates Prometheus rules, then groups, routes and delivers the alerts. Reads the files and speaks the APIs of Prometheus and Alertmanager.',
      WIDTH,
    ),
    '',
    ...commandList(commands),
    '',
    'Flags:',
    ...table([
      ['-h, --help', 'This help; after a command, what it does and its flags.'],
      ['    --version', 'The version.'],
    ]),
    '',
    ...ENVIRONMENT,
    '',
    'Examples:',
    `${INDENT}tocsin standalone --config.file=alertmanager.yml --datasource.url=http://localhost:9090`,
    `${INDENT}REDIS_URL=redis://redis:6379 tocsin notifier --config.file=/etc/alertmanager/alertmanager.yml`,
    `${INDENT}tocsin check config alertmanager.yml`,
    `${INDENT}tocsin alert add DiskFull instance=db1 --annotation summary='Disk of db1 is full'`,
    '',
    ...EXIT_CODES,
  );
}

const ENVIRONMENT = wrap(
  'Every flag has a twin in the environment: --web.listen-address is TOCSIN_WEB_LISTEN_ADDRESS. The flag goes first. Of test routes, simulate and template render, --config.file has none. For flags that may be repeated (…) the variable takes values parted by commas.',
  WIDTH,
);

const EXIT_CODES = [
  'Exit codes:',
  ...table([
    ['0', 'Done; a server was asked to stop (SIGTERM, SIGINT) and ended what was under way first.'],
    ['1', 'Wrong usage, mistakes in a checked file, a refused request, a server that could not start or end in time.'],
  ]),
];

/** What `tocsin check --help` prints, where only `check` and another word are a command. */
export function groupHelp(word: string, commands: readonly Command[]): string {
  return lines(
    `usage: tocsin ${word} <command> [<flags>]`,
    '',
    ...commandList(commands),
    '',
    'After a command, --help says what it does and its flags.',
  );
}

function commandList(commands: readonly Command[]): string[] {
  return ['Commands:', ...table(commands.map((command) => [usage(command), command.summary]))];
}

/** What `tocsin COMMAND --help` prints; with it the commands that begin with its name. */
export function commandHelp(command: Command, within: readonly Command[]): string {
  const { details, sections } = command;
  const hasFlags = sections.length > 0;
  return lines(
    `usage: tocsin ${usage(command)}${hasFlags ? ' [<flags>]' : ''}`,
    '',
    ...wrap(`${command.summary} ${details}`.trim(), WIDTH),
    ...(within.length > 0 ? ['', ...commandList(within)] : []),
    ...sections.flatMap((section) => ['', `${section.title}:`, ...sectionHelp(section)]),
    ...(hasFlags ? ['', ...ENVIRONMENT] : []),
    '',
    ...EXIT_CODES,
  );
}

function usage({ name, args }: Command): string {
  return args === null ? name : `${name} ${args}`;
}

function sectionHelp({ flags }: FlagSection): string[] {
  const working = flags.filter(({ needless }) => needless === undefined);
  return [...table(working.map((flag) => [flagUsage(flag), flagHelp(flag)])), ...needlessHelp(flags)];
}

function needlessHelp(flags: readonly Flag[]): string[] {
  const names = flags.filter(({ needless }) => needless).map(({ name }) => `--${name}`);
  if (names.length === 0) return [];
  const text = `Accepted, with a warning and no effect: ${names.join(', ')}.`;
  return wrap(text, WIDTH - INDENT.length).map((line) => INDENT + line);
}

/** `--flag=VALUE`, as the help shows it. */
export function flagUsage(flag: Flag): string {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  if (flag.kind === 'switch') return `${short}--[no-]${flag.name}`;
  const value = flag.choices?.join('|') ?? flag.placeholder ?? placeholders[flag.kind];
  return `${short}--${flag.name}=${value}${flag.repeatable ? ' …' : ''}`;
}

function flagHelp({ help, environment, default: byDefault, kind }: Flag): string {
  const alsoFrom = environment === undefined ? '' : ` Also from the environment: ${environment}.`;
  const isTold = byDefault !== null && byDefault !== '' && kind !== 'switch';
  return `${help}${alsoFrom}${isTold ? ` (default ${byDefault})` : ''}`;
}

/** Two columns; a left side that is too wide has its line to itself. */
function table(rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const left = Math.min(40, Math.max(...rows.map(([name]) => name.length)));
  return rows.flatMap(([name, text]) => {
    const wrapped = wrap(text, WIDTH - left - 2 * INDENT.length);
    const pad = INDENT + ' '.repeat(left) + INDENT;
    const [first = '', ...rest] = name.length > left ? ['', ...wrapped] : wrapped;
    return [`${INDENT}${name.padEnd(left)}${INDENT}${first}`.trimEnd(), ...rest.map((line) => pad + line)];
  });
}

function wrap(text: string, width: number): string[] {
  const wrapped: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      wrapped.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...wrapped, line];
}

function lines(...parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}
