import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import { canBackquote, quote } from './quote';

export type MatchResult = { ok: true; isMatch: boolean } | { ok: false; error: string };
export type ReplaceResult = { ok: true; text: string } | { ok: false; error: string };

/** Whether a pattern is found anywhere in a text. Errors read as Go's: `error parsing regexp: …`. Source: Go
 *  `regexp.MatchString`. */
export function matchString(pattern: string, text: string): MatchResult {
  const compiled = compile(pattern);
  return compiled.ok ? { ok: true, isMatch: compiled.regex.matcher(text).find() } : compiled;
}

/** Replaces all that a pattern matches; `$1`, `${1}` and `${name}` stand for what groups matched, `$$` for a dollar. `allow`
 *  is told the length of the text as it grows. The error is that of a Go program that takes the pattern for a good one.
 *  Source: Go `regexp.MustCompile`, `Regexp.ReplaceAllString`. */
export function replaceAllString(
  pattern: string,
  replacement: string,
  text: string,
  allow: (length: number) => void,
): ReplaceResult {
  const compiled = compile(pattern);
  if (!compiled.ok) {
    const shown = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern);
    return { ok: false, error: `regexp: Compile(${shown}): ${compiled.error}` };
  }
  const matcher = compiled.regex.matcher(text);
  const pieces = templatePieces(replacement, compiled.regex);
  let replaced = '';
  let copied = 0;
  for (let from = 0; from <= text.length && matcher.find(from);) {
    const start = matcher.start();
    const end = matcher.end();
    replaced += text.slice(copied, start);
    // An empty match right behind another one is none.
    if (end > copied || start === 0)
      for (const piece of pieces) replaced += pieceText(piece, matcher.group.bind(matcher));
    allow(replaced.length);
    copied = end;
    from = end > from ? end : from + charLength(text, from);
  }
  return { ok: true, text: replaced + text.slice(copied) };
}

function charLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** Text, or the number of a group. */
type Piece = string | number;

function pieceText(piece: Piece, group: (number: number) => string | null): string {
  return typeof piece === 'string' ? piece : (group(piece) ?? '');
}

/** Takes a replacement apart; groups that the pattern does not have are left out. */
function templatePieces(replacement: string, regex: RE2JS): Piece[] {
  const names = regex.namedGroups();
  const pieces: Piece[] = [];
  let plainFrom = 0;
  for (const { 0: written, 1: braced, 2: bare, index } of replacement.matchAll(reference)) {
    pieces.push(replacement.slice(plainFrom, index));
    plainFrom = index + written.length;
    const name = braced ?? bare;
    if (name === undefined) {
      pieces.push('$');
      continue;
    }
    const group = groupNumber(name, names);
    if (group !== null && group <= regex.groupCount()) pieces.push(group);
  }
  pieces.push(replacement.slice(plainFrom));
  return pieces;
}

const reference = /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu;

function groupNumber(name: string, names: Readonly<Record<string, number>>): number | null {
  if (/^\d+$/.test(name) && (name === '0' || !name.startsWith('0')) && name.length < 9) return Number(name);
  return Object.hasOwn(names, name) ? (names[name] ?? null) : null;
}

type Compiled = { ok: true; regex: RE2JS } | { ok: false; error: string };

/** Patterns come from templates, so there are few; the limit is for those that are put together while executing. */
const maxCompiled = 200;
const compiledPatterns = new Map<string, Compiled>();

function compile(pattern: string): Compiled {
  const known = compiledPatterns.get(pattern);
  if (known !== undefined) return known;
  const compiled = compileNew(pattern);
  if (compiledPatterns.size >= maxCompiled) compiledPatterns.clear();
  compiledPatterns.set(pattern, compiled);
  return compiled;
}

function compileNew(pattern: string): Compiled {
  try {
    return { ok: true, regex: RE2JS.compile(pattern) };
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, error: describe(error, pattern) };
    throw error;
  }
}

function describe(error: RE2JSException, pattern: string): string {
  if (!(error instanceof RE2JSSyntaxException)) return `error parsing regexp: ${error.message}`;
  const what = error.getDescription();
  // Without a place it is the whole, or the nothing behind a backslash.
  const place = error.getPattern() ?? (what.startsWith('trailing backslash') ? '' : pattern);
  return `error parsing regexp: ${what}: \`${place}\``;
}
