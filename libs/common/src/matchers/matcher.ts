import { goQuote } from '../labels/go-quote';
import { compareBytes, labelValue, type Labels } from '../labels/label-set';
import { compileRegex, type LabelRegex } from './compile-regex';

export type MatchOp = '=' | '!=' | '=~' | '!~';

/** A condition on one label. */
export interface Matcher {
  readonly name: string;
  readonly op: MatchOp;
  readonly value: string;
  /** Compiled `value` of `=~` and `!~`; null for the other two. */
  readonly regex: LabelRegex | null;
  /** Whether a label value satisfies it; an absent label has the value ''. */
  matches(value: string): boolean;
}

export type CreatedMatcher = { ok: true; matcher: Matcher } | { ok: false; error: string };

/** A matcher, or RE2's complaint about its regex. */
export function createMatcher(name: string, op: MatchOp, value: string): CreatedMatcher {
  switch (op) {
    case '=':
      return { ok: true, matcher: { name, op, value, regex: null, matches: (actual) => actual === value } };
    case '!=':
      return { ok: true, matcher: { name, op, value, regex: null, matches: (actual) => actual !== value } };
    case '=~':
    case '!~': {
      const compiled = compileRegex(value);
      if (!compiled.ok) return compiled;
      const { regex } = compiled;
      const wanted = op === '=~';
      return { ok: true, matcher: { name, op, value, regex, matches: (actual) => regex.test(actual) === wanted } };
    }
  }
}

/** Whether the labels satisfy all matchers. */
export function matchesLabels(matchers: readonly Matcher[], labels: Labels): boolean {
  for (const matcher of matchers) {
    if (!matcher.matches(labelValue(labels, matcher.name) ?? '')) return false;
  }
  return true;
}

/** `name="value"`; both sides quoted as Go does when the name holds a reserved character. */
export function matcherText(matcher: Pick<Matcher, 'name' | 'op' | 'value'>): string {
  const { name, op, value } = matcher;
  if (reservedChar.test(name)) return `${goQuote(name)}${op}${goQuote(value)}`;
  return `${name}${op}"${value.replace(/[\\\n"]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))}"`;
}

/** `{m1,m2}`, in the order given. */
export function matchersText(matchers: readonly Pick<Matcher, 'name' | 'op' | 'value'>[]): string {
  return `{${matchers.map(matcherText).join(',')}}`;
}

/** Order of matchers in a route or rule: name, value, then `=`, `!=`, `=~`, `!~`. */
export function compareMatchers(a: Matcher, b: Matcher): number {
  return compareBytes(a.name, b.name) || compareBytes(a.value, b.value) || opOrder[a.op] - opOrder[b.op];
}

const opOrder: Readonly<Record<MatchOp, number>> = { '=': 0, '!=': 1, '=~': 2, '!~': 3 };

const spaces = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** White space as Go's `unicode.IsSpace` sees it. */
export const goSpace = new RegExp(`[${spaces}]`);

/** What cannot stand in an unquoted name or value of the UTF-8 grammar. */
export const reservedChar = new RegExp(`[${spaces}{}!=~,\\\\"'\`]`);
