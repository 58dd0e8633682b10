import { parseDuration, parseGoDuration } from '@tocsin/common/time/duration';
import { environmentNames, type Flag } from './flag';

export type ParsedFlags = { ok: true; flags: FlagValues; args: readonly string[] } | { ok: false; error: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** What the flags of a command are set to; every value was checked. Asking for a flag the command lacks throws. */
export class FlagValues {
  constructor(
    private readonly values: ReadonlyMap<string, readonly string[]>,
    private readonly set: ReadonlySet<string>,
  ) {}

  /** '' when the flag has neither value nor default. */
  text(name: string): string {
    return this.texts(name)[0] ?? '';
  }

  texts(name: string): readonly string[] {
    const values = this.values.get(name);
    if (values === undefined) throw new Error(`this command has no flag --${name}`);
    return values;
  }

  isOn(name: string): boolean {
    return this.text(name) === 'true';
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  durationMs(name: string): number {
    return readDurationMs(this.text(name)) ?? 0;
  }

  /** Whether it was given, on the command line or in the environment. */
  isSet(name: string): boolean {
    return this.set.has(name);
  }
}

/**
 * Reads a command line in Alertmanager's style: `--flag value`, `--flag=value`, `--switch`, `--no-switch`; `--` ends
 * the flags. The environment counts where a flag is not given; repeatable flags are parted by commas there.
 */
export function parseFlags(table: readonly Flag[], argv: readonly string[], environment: Environment): ParsedFlags {
  const byName = new Map(table.map((flag) => [flag.name, flag]));
  const given = new Map<string, string[]>();
  const args: string[] = [];

  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? '';
    if (arg === '--') {
      args.push(...argv.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      args.push(arg);
      continue;
    }
    const long = arg.startsWith('--') ? arg.slice(2) : longForm(table, arg);
    if (long === null) return failed(`unknown short flag '${arg.slice(0, 2)}', try --help`);
    const { name, text } = splitAtEquals(long);
    const found = lookUp(byName, name);
    if (found === null || (found.negated && text !== undefined)) {
      return failed(`unknown long flag '--${name}', try --help`);
    }
    const { flag, negated } = found;
    const implied = flag.kind === 'switch' ? String(!negated) : undefined;
    const value = text ?? implied ?? nextValue(argv[++at]);
    if (value === undefined) return failed(`expected argument for flag '--${name}', try --help`);
    const values = given.get(flag.name) ?? [];
    if (values.length > 0 && !flag.repeatable) return failed(`flag '${flag.name}' cannot be repeated, try --help`);
    given.set(flag.name, [...values, value]);
  }

  const values = new Map<string, readonly string[]>();
  const set = new Set<string>();
  for (const flag of table) {
    const { source, texts } = chosenValue(flag, given.get(flag.name), environment);
    const checked = texts.map((text) => check(flag, text));
    const mistake = checked.find((result) => !result.ok);
    if (mistake?.ok === false) return failed(`${source}: ${mistake.error}`);
    values.set(
      flag.name,
      checked.flatMap((result) => (result.ok ? [result.text] : [])),
    );
    if (source !== 'default') set.add(flag.name);
  }
  return { ok: true, flags: new FlagValues(values, set), args };
}

/** `-o json` and `-ojson` as `output` and `output=json`; null: there is no such letter. */
function longForm(table: readonly Flag[], arg: string): string | null {
  const flag = table.find(({ short }) => short === arg[1]);
  if (flag === undefined) return null;
  return arg.length > 2 ? `${flag.name}=${arg.slice(2)}` : flag.name;
}

/** The flag of this name, or the switch whose negation it is. */
function lookUp(byName: ReadonlyMap<string, Flag>, name: string): { flag: Flag; negated: boolean } | null {
  const flag = byName.get(name);
  if (flag !== undefined) return { flag, negated: false };
  const negated = name.startsWith('no-') ? byName.get(name.slice('no-'.length)) : undefined;
  return negated?.kind === 'switch' ? { flag: negated, negated: true } : null;
}

function chosenValue(flag: Flag, given: readonly string[] | undefined, environment: Environment) {
  if (given !== undefined) return { source: `--${flag.name}`, texts: given };
  for (const name of environmentNames(flag)) {
    const text = environment[name];
    // An empty variable is how compose files and unit files leave a setting out.
    if (text !== undefined && text !== '') return { source: name, texts: flag.repeatable ? text.split(',') : [text] };
  }
  return { source: 'default', texts: flag.default === null ? [] : [flag.default] };
}

type Checked = { ok: true; text: string } | { ok: false; error: string };

function check({ kind, choices, mayBeNegative }: Flag, text: string): Checked {
  if (choices !== undefined && !choices.includes(text)) {
    return { ok: false, error: `expected one of ${choices.join(', ')}, got '${text}'` };
  }
  switch (kind) {
    case 'text':
      return { ok: true, text };
    case 'switch':
      if (/^(true|1|yes|on)$/i.test(text)) return { ok: true, text: 'true' };
      if (/^(false|0|no|off)$/i.test(text)) return { ok: true, text: 'false' };
      return { ok: false, error: `expected true or false, got '${text}'` };
    case 'integer':
      return /^-?\d+$/.test(text) ? { ok: true, text } : { ok: false, error: `expected a whole number, got '${text}'` };
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text))
        ? { ok: true, text }
        : { ok: false, error: `expected a number, got '${text}'` };
    case 'duration': {
      const ms = readDurationMs(text);
      if (ms === null) return { ok: false, error: `expected a duration such as 30s, 1h30m or 2d, got '${text}'` };
      if (ms < 0 && !mayBeNegative) return { ok: false, error: `a duration cannot be negative: '${text}'` };
      return { ok: true, text };
    }
  }
}

/** Go's grammar as Alertmanager's flags have it, else Prometheus', which knows days and weeks. */
function readDurationMs(text: string): number | null {
  for (const parsed of [parseGoDuration(text), parseDuration(text)]) if (parsed.ok) return parsed.ms;
  return null;
}

/** A value may look like a negative number, but not like a flag. */
function nextValue(arg: string | undefined): string | undefined {
  return arg === undefined || /^--?[a-z]/i.test(arg) || arg === '--' ? undefined : arg;
}

function splitAtEquals(text: string): { name: string; text: string | undefined } {
  const at = text.indexOf('=');
  return at < 0 ? { name: text, text: undefined } : { name: text.slice(0, at), text: text.slice(at + 1) };
}

function failed(error: string): ParsedFlags {
  return { ok: false, error };
}
