import { ProblemError, type Problem } from '@tocsin/common/http/http.errors';
import { type Log } from '@tocsin/common/log/log';
import { compileRegex } from '@tocsin/common/matchers/compile-regex';
import { type Matcher } from '@tocsin/common/matchers/matcher';
import { type MatcherMode, type MatcherWarning, parseMatcher } from '@tocsin/common/matchers/parse-matchers';
import { type AlertFilter } from '../alert-queries';

/** Query parameters as the router reads them: repeated ones are lists. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A matcher that only the classic grammar reads this way. */
export interface InputWarning {
  readonly input: string;
  readonly warning: MatcherWarning;
}

export type Parsed<Value> =
  { ok: true; value: Value; warnings: readonly InputWarning[] } | { ok: false; problem: Problem };

/** Parameters of `GET /alerts` and `GET /alerts/groups`; `muted` concerns groups only. */
export function parseAlertFilter(query: Query, mode: MatcherMode): Parsed<AlertFilter> {
  const filter = parseMatcherList(query['filter'], mode);
  if (!filter.ok) return filter;
  const receiver = parseReceiver(lastOf(query['receiver']));
  if (!receiver.ok) return receiver;
  const receiverMatchers = parseReceiverMatchers(query, mode);
  if (!receiverMatchers.ok) return receiverMatchers;
  return {
    ok: true,
    value: {
      active: parseBoolean(query['active']),
      silenced: parseBoolean(query['silenced']),
      inhibited: parseBoolean(query['inhibited']),
      muted: parseBoolean(query['muted']),
      matchers: filter.value,
      receiver: receiver.value,
      receiverMatchers: receiverMatchers.value,
    },
    warnings: [...filter.warnings, ...receiverMatchers.warnings],
  };
}

export function parseReceiverMatchers(query: Query, mode: MatcherMode): Parsed<readonly Matcher[]> {
  return parseMatcherList(query['receiver_matchers'], mode, 'failed to parse receiver_matchers param: ');
}

/** The value; throws for refused parameters and says in the log what was read the classic way. */
export function accepted<Value>(parsed: Parsed<Value>, log: Log): Value {
  if (!parsed.ok) throw new ProblemError(parsed.problem);
  for (const { input, warning } of parsed.warnings) {
    log.warn('Matcher is read by the classic grammar; write it as suggested', { origin: 'api', input, ...warning });
  }
  return parsed.value;
}

/** One matcher each; errors are those of the matcher grammar. */
export function parseMatcherList(value: Query[string], mode: MatcherMode, prefix = ''): Parsed<readonly Matcher[]> {
  const matchers: Matcher[] = [];
  const warnings: InputWarning[] = [];
  for (const input of listOf(value)) {
    const parsed = parseMatcher(input, mode);
    if (!parsed.ok) return refuse(prefix + parsed.error);
    matchers.push(parsed.matcher);
    if (parsed.warning !== undefined) warnings.push({ input, warning: parsed.warning });
  }
  return { ok: true, value: matchers, warnings };
}

function parseReceiver(pattern: string | undefined): Parsed<AlertFilter['receiver']> {
  if (pattern === undefined || pattern === '') return { ok: true, value: null, warnings: [] };
  const compiled = compileRegex(pattern);
  if (!compiled.ok) return refuse(`failed to parse receiver param: ${compiled.error}`);
  return { ok: true, value: compiled.regex, warnings: [] };
}

/** All boolean parameters default to true and never fail. Source: go-openapi `swag.ConvertBool`. */
export function parseBoolean(value: Query[string]): boolean {
  const text = lastOf(value);
  return text === undefined || text === '' || truths.has(text.toLowerCase());
}

const truths: ReadonlySet<string> = new Set([
  'true',
  '1',
  'yes',
  'ok',
  'y',
  'on',
  'selected',
  'checked',
  't',
  'enabled',
]);

function lastOf(value: Query[string]): string | undefined {
  return listOf(value).at(-1);
}

function listOf(value: Query[string]): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function refuse(message: string): { ok: false; problem: Problem } {
  return { ok: false, problem: { kind: 'bad-request', message } };
}
