import { goQuote } from '@tocsin/common/labels/go-quote';
import { parseMatcher } from '@tocsin/common/matchers/parse-matchers';
import { callNotifier } from './call-api';
import { type RunCommand, UsageError } from './command';
import { type FlagValues } from './parse-flags';

/** `tocsin alert add`. Source: amtool, command `alert add`. */
export const alertAdd: RunCommand = async (flags, args) => {
  const alert = alertFromArguments(flags, args);
  await callNotifier(flags, { method: 'POST', path: '/api/v2/alerts', body: [alert] });
  return 0;
};

/** One alert as `POST /api/v2/alerts` takes it. */
export interface PostedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string;
  endsAt?: string;
  generatorURL?: string;
}

/** Reads labels and flags; throws for what cannot be meant. */
export function alertFromArguments(flags: FlagValues, args: readonly string[]): PostedAlert {
  return {
    labels: labelsFromArguments(args),
    annotations: pairsFromFlags(flags.texts('annotation'), 'annotations'),
    ...optional('startsAt', time(flags, 'start')),
    ...optional('endsAt', time(flags, 'end')),
    ...optional('generatorURL', flags.text('generator-url')),
  };
}

/** Labels as they are typed: `name=value`, and of a first one without `=` the value of `alertname`. */
export function labelsFromArguments([first = '', ...others]: readonly string[]): Record<string, string> {
  const named = parseMatcher(first, 'fallback').ok ? first : `alertname=${goQuote(first)}`;
  return pairsFromFlags([named, ...others], 'labels');
}

/** `name=value` pairs; throws for what is none. `what` they are, for messages. */
export function pairsFromFlags(texts: readonly string[], what: string): Record<string, string> {
  const entries = texts.map((text) => {
    const parsed = parseMatcher(text, 'fallback');
    if (!parsed.ok) throw new UsageError(parsed.error);
    const { name, op, value } = parsed.matcher;
    if (op !== '=') throw new UsageError(`${what} must be specified as name=value pairs: ${text}`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}

function time(flags: FlagValues, name: string): string {
  const text = flags.text(name);
  if (text === '' || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return text;
  throw new UsageError(`--${name}: expected a time such as 2026-01-31T12:00:00Z, got '${text}'`);
}

function optional<Name extends string>(name: Name, text: string): { [K in Name]?: string } {
  return text === '' ? {} : ({ [name]: text } as { [K in Name]: string });
}
