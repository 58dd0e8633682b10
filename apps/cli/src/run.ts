import { reasonOf } from '@tocsin/common/log/log';
import { type Command, type Console, UsageError } from './command';
import { COMMANDS } from './commands';
import { expandArgs } from './expand-args';
import { commandHelp, groupHelp, mainHelp } from './help';
import { parseFlags } from './parse-flags';
import { BUILD, versionText } from './version';

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs one command line to its end; returns the exit code. */
export async function runTocsin(
  typed: readonly string[],
  environment: Environment,
  console: Console,
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  const fail = (message: string): number => {
    console.err(`tocsin: error: ${message}\n`);
    return 1;
  };
  let argv: readonly string[];
  try {
    argv = expandArgs(typed);
  } catch (error) {
    return fail(reasonOf(error));
  }
  const words = argv.slice(0, firstFlag(argv));
  const command = findCommand(commands, words);
  const options = beforeDoubleDash(argv);

  if (options.includes('--version')) {
    console.out(versionText(BUILD));
    return 0;
  }
  if (options.includes('--help') || options.includes('-h')) {
    console.out(help(commands, command, words));
    return 0;
  }
  if (command === null) return fail(whatWasExpected(commands, words));

  const rest = argv.slice(command.name.split(' ').length);
  const table = command.sections.flatMap((section) => section.flags);
  const parsed = parseFlags(table, rest, environment);
  if (!parsed.ok) return fail(parsed.error);
  const [unexpected] = parsed.args;
  const within = commandsWithin(commands, command.name);
  // A bare word where other words make commands is one of them, mistyped. What has an operator is a matcher.
  if (within.length > 0 && unexpected !== undefined && !/[=~]/.test(unexpected)) {
    return fail(unknownWithin(`${command.name} ${unexpected}`, within));
  }
  if (command.args === null && unexpected !== undefined) return fail(`unexpected ${unexpected}, try --help`);
  if (command.args !== null && !command.args.startsWith('[') && unexpected === undefined) {
    return fail(`required argument '${command.args}' not provided, try --help`);
  }

  for (const flag of table) {
    // An empty address is how Alertmanager's cluster is switched off: nothing is expected of it.
    if (flag.needless && parsed.flags.isSet(flag.name) && parsed.flags.text(flag.name) !== '')
      console.err(`tocsin: warning: --${flag.name} has no effect: a Redis makes the cluster\n`);
  }
  try {
    const run = await command.load();
    return await run(parsed.flags, parsed.args, console);
  } catch (error) {
    if (!(error instanceof Error)) return fail(String(error));
    const isExpected = error instanceof UsageError || 'code' in error;
    return fail(isExpected ? reasonOf(error) : (error.stack ?? error.message));
  }
}

function firstFlag(argv: readonly string[]): number {
  const at = argv.findIndex((arg) => arg.startsWith('-'));
  return at < 0 ? argv.length : at;
}

function beforeDoubleDash(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf('--');
  return at < 0 ? argv : argv.slice(0, at);
}

function findCommand(commands: readonly Command[], words: readonly string[]): Command | null {
  return commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' ')) ?? null;
}

function help(commands: readonly Command[], command: Command | null, words: readonly string[]): string {
  const [word = ''] = words;
  const within = commandsWithin(commands, command?.name ?? word);
  if (command !== null) return commandHelp(command, within);
  return within.length > 0 ? groupHelp(word, within) : mainHelp(commands);
}

/** The commands that begin with these words and go on. */
function commandsWithin(commands: readonly Command[], words: string): Command[] {
  return commands.filter(({ name }) => name.startsWith(`${words} `));
}

function whatWasExpected(commands: readonly Command[], words: readonly string[]): string {
  const [word] = words;
  if (word === undefined) return 'expected a command, try --help';
  const within = commandsWithin(commands, word);
  if (within.length === 0) return `unknown command '${word}', try --help`;
  return words.length > 1 ? unknownWithin(words.slice(0, 2).join(' '), within) : `${expected(within)}, try --help`;
}

function unknownWithin(typed: string, within: readonly Command[]): string {
  return `unknown command '${typed}': ${expected(within)}, try --help`;
}

function expected(within: readonly Command[]): string {
  const names = within.map(({ name }) => `'${name}'`);
  const last = names.pop() ?? '';
  return `expected ${names.length > 0 ? `${names.join(', ')} or ${last}` : last}`;
}
