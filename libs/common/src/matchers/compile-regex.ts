import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { leadingTexts } from './leading-texts';
import { nativePattern } from './native-pattern';

/** What is known of the values a regex matches. */
export interface RegexShape {
  /** All of them, where the pattern is literal text or alternatives of it; else null. */
  readonly literals: ReadonlySet<string> | null;
  /** Each starts with one of these, none of which starts with another; `['']` where nothing is known. */
  readonly prefixes: readonly string[];
  /** All of them end with it; '' where nothing is known. */
  readonly suffix: string;
}

/** An anchored label regex with RE2 semantics: linear time, `.` excludes the newline. */
export interface LabelRegex extends RegexShape {
  test(value: string): boolean;
}

export type CompiledRegex = { ok: true; regex: LabelRegex } | { ok: false; error: string };

/** Compiles `^(?:pattern)$`. Errors read as Go prints them: `error parsing regexp: …`. */
export function compileRegex(pattern: string): CompiledRegex {
  const simple = simpleRegex(pattern);
  if (simple !== null) return { ok: true, regex: simple };
  try {
    const compiled = compile(`^(?:${pattern})$`);
    const { literals, prefixes, suffix } = shapeOf(pattern);
    const test =
      literals !== null
        ? (value: string): boolean => literals.has(value)
        : (value: string): boolean => prefixes.some((prefix) => value.startsWith(prefix)) && compiled.test(value);
    return { ok: true, regex: { test, literals, prefixes, suffix } };
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, error: describe(error) };
    throw error;
  }
}

/** The same without compiling it, which is the slow part; for a pattern that compiles. */
export function regexShape(pattern: string): RegexShape {
  return simpleRegex(pattern) ?? shapeOf(pattern);
}

export type CheckedPattern = { ok: true; findsEmpty: boolean } | { ok: false; error: string };

/** Whether a pattern compiles as it is written, without anchors, and is found in the empty text. Errors as above. */
export function checkPattern(pattern: string): CheckedPattern {
  try {
    return { ok: true, findsEmpty: compile(pattern).matcher('').find() };
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, error: describe(error) };
    throw error;
  }
}

/** Go lets two groups have the same name. Nothing here asks for names. */
function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const isTwin = error instanceof RE2JSSyntaxException && error.getDescription() === 'duplicate capture group name';
    if (!isTwin) throw error;
    return RE2JS.compile(pattern.replace(/(\\.)|\(\?P?<\w+>/gsu, (_, escaped: string | undefined) => escaped ?? '('));
  }
}

function shapeOf(pattern: string): RegexShape {
  const { texts, isExact } = leadingTexts(pattern);
  return { literals: isExact ? new Set(texts) : null, prefixes: isExact ? prefixesOf(texts) : texts, suffix: '' };
}

function prefixesOf(literals: readonly string[]): readonly string[] {
  return literals.length === 1 ? literals : NO_PREFIX;
}

const NO_PREFIX: readonly string[] = Object.freeze(['']);

function describe(error: RE2JSException): string {
  if (!(error instanceof RE2JSSyntaxException)) return `error parsing regexp: ${error.message}`;
  // Go shows the empty text, too, where nothing is to be shown.
  return `error parsing regexp: ${error.getDescription()}: \`${error.getPattern() ?? ''}\``;
}

/** Most patterns in configurations are literals, alternations of them, or text with something variable in one place. */
function simpleRegex(pattern: string): LabelRegex | null {
  const alternatives = literalAlternatives(pattern);
  if (alternatives !== null) {
    const literals = new Set(alternatives);
    return { test: (value) => literals.has(value), literals, prefixes: prefixesOf(alternatives), suffix: '' };
  }
  return wildcardRegex(pattern) ?? nativeRegex(pattern);
}

function nativeRegex(pattern: string): LabelRegex | null {
  const native = nativePattern(pattern);
  if (native === null) return null;
  const { regex, suffix } = native;
  return { test: (value) => regex.test(value), literals: null, prefixes: leadingTexts(pattern).texts, suffix };
}

function literalAlternatives(pattern: string): string[] | null {
  const whole = literalText(pattern);
  if (whole !== null) return [whole];
  const grouped = /^\((?:\?:)?([^()]*)\)$/s.exec(pattern);
  const literals: string[] = [];
  for (const alternative of (grouped?.[1] ?? pattern).split('|')) {
    const literal = literalText(alternative);
    // A backslash at the end escaped the `|` (or is an error): RE2 shall judge.
    if (literal === null) return null;
    literals.push(literal);
  }
  return literals;
}

/** `text`, `.*text`, `text.+` and the like; `.*` and `.+` alone. */
function wildcardRegex(pattern: string): LabelRegex | null {
  const parts = /^(\.[*+])?(.*?)(\.[*+])?$/.exec(pattern);
  if (parts === null) return null;
  const [, lead = '', middle = '', trail = ''] = parts;
  const literal = literalText(middle);
  if (literal === null || lead + trail === '') return null;
  // Wildcards that touch each other count characters, not UTF-16 units: rare, so left to RE2.
  if (literal === '' && lead !== '' && trail !== '') return null;
  const before = lead === '.+' ? 1 : 0;
  const after = trail === '.+' ? 1 : 0;
  const fits = (value: string): boolean => {
    if (lead === '') return value.startsWith(literal);
    if (trail === '') return value.endsWith(literal);
    const at = value.indexOf(literal, before);
    return at !== -1 && at + literal.length + after <= value.length;
  };
  return {
    test: (value) => value.length >= before + literal.length + after && fits(value) && !value.includes('\n'),
    literals: null,
    prefixes: lead === '' ? [literal] : NO_PREFIX,
    suffix: trail === '' ? literal : '',
  };
}

const onlyLiteral = /^(?:[^\\.+*?()|[\]{}^$]|\\[!-/:-@[-`{-~ ])*$/;

/** The text a pattern stands for when it has no operator; only punctuation may be escaped. */
function literalText(pattern: string): string | null {
  return onlyLiteral.test(pattern) ? pattern.replace(/\\(.)/g, '$1') : null;
}
