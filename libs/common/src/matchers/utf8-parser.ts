import { goUnquote } from '../labels/go-quote';
import { type ParsedList } from './classic-parser';
import { createMatcher, goSpace, type Matcher, type MatchOp, reservedChar } from './matcher';

/** A list in the grammar with quoted names. Source: Alertmanager `matcher/parse.Matchers`; columns count characters. */
export function parseUtf8Matchers(text: string): ParsedList {
  try {
    return { ok: true, matchers: new Parser(scan(text)).parse() };
  } catch (error) {
    if (error instanceof MatcherSyntaxError) return { ok: false, error: error.message };
    throw error;
  }
}

/** Stays inside this file: the parser is easier to read when it can stop anywhere. */
class MatcherSyntaxError extends Error {}

type Token =
  | { kind: '{' | '}' | ',' | 'op' | 'quoted' | 'unquoted'; text: string; start: number; end: number }
  | { kind: 'end' }
  | { kind: 'error'; message: string };

type Word = Exclude<Token, { kind: 'end' } | { kind: 'error' }>;

/** All tokens; the last is the end or the first error, so that the parser meets it in its turn. */
function scan(text: string): Token[] {
  const chars = [...text];
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < chars.length && goSpace.test(chars[at]!)) at++;
    const token = scanToken(chars, at);
    tokens.push(token);
    if (token.kind === 'end' || token.kind === 'error') return tokens;
    at = token.end;
  }
}

function scanToken(chars: readonly string[], start: number): Token {
  const char = chars[start];
  const word = (kind: Word['kind'], end: number): Word => ({
    kind,
    text: chars.slice(start, end).join(''),
    start,
    end,
  });
  const fail = (end: number, problem: string): Token => ({
    kind: 'error',
    message: `${start}:${end}: ${chars.slice(start, end).join('')}: ${problem}`,
  });
  if (char === undefined) return { kind: 'end' };
  if (char === '{' || char === '}' || char === ',') return word(char, start + 1);
  if (char === '"') {
    const end = endOfQuoted(chars, start);
    return end === null ? fail(chars.length, 'missing end "') : word('quoted', end);
  }
  if (char === '=') return word('op', chars[start + 1] === '~' ? start + 2 : start + 1);
  if (char === '!') {
    const next = chars[start + 1];
    if (next === '=' || next === '~') return word('op', start + 2);
    if (next !== undefined) return fail(start + 1, "expected one of '=~'");
    return { kind: 'error', message: `${start}:${start + 1}: unexpected end of input, expected one of '=~'` };
  }
  let end = start;
  while (end < chars.length && !reservedChar.test(chars[end]!)) end++;
  return end === start ? fail(start + 1, 'invalid input') : word('unquoted', end);
}

/** Index behind the closing quote, null when there is none. */
function endOfQuoted(chars: readonly string[], start: number): number | null {
  for (let at = start + 1; at < chars.length; at++) {
    if (chars[at] === '\\') at++;
    else if (chars[at] === '"') return at + 1;
  }
  return null;
}

class Parser {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Matcher[] {
    const matchers: Matcher[] = [];
    const opened = this.peekWord()?.kind === '{';
    if (opened) this.next++;
    // The end of input or a brace may follow the brace, every matcher and every comma.
    while (this.peekWord() !== null && this.peekWord()?.kind !== '}') {
      matchers.push(this.matcher());
      if (this.peekWord('expected a comma or close brace') === null) break;
      if (this.expect([',', '}'], 'expected a comma or close brace', false).kind === '}') break;
      this.next++;
      if (this.peekWord('expected a matcher or close brace after comma') === null) break;
      this.expect(['}', 'quoted', 'unquoted'], 'expected a matcher or close brace after comma', false);
    }
    this.closeBrace(opened);
    const rest = this.peekWord('expected end of input');
    if (rest !== null) throw new MatcherSyntaxError(`${at(rest)}: ${rest.text}: expected end of input`);
    return matchers;
  }

  private matcher(): Matcher {
    const name = unquote(this.expect(['quoted', 'unquoted'], 'expected label name'));
    const op = this.expect(['op'], "expected an operator such as '=', '!=', '=~' or '!~'").text;
    const value = unquote(this.expect(['quoted', 'unquoted'], 'expected label value'));
    const created = createMatcher(name, op as MatchOp, value);
    if (!created.ok) throw new MatcherSyntaxError(`failed to create matcher: ${created.error}`);
    return created.matcher;
  }

  private closeBrace(opened: boolean): void {
    const word = this.peekWord();
    if (opened && word === null) {
      throw new MatcherSyntaxError(`0:${this.lastColumn()}: end of input: expected close brace`);
    }
    if (!opened && word !== null) throw new MatcherSyntaxError(`0:${word.end}: }: expected opening brace`);
    if (opened) this.next++;
  }

  private lastColumn(): number {
    const last = this.tokens[this.next - 1];
    return last !== undefined && 'end' in last ? last.end : 0;
  }

  /** The next word, null at the end of input; `wanted` completes the message when the text cannot be scanned. */
  private peekWord(wanted?: string): Word | null {
    const token = this.tokens[this.next] ?? { kind: 'end' };
    if (token.kind === 'error') throw new MatcherSyntaxError(wanted ? `${token.message}: ${wanted}` : token.message);
    return token.kind === 'end' ? null : token;
  }

  private expect(kinds: readonly Word['kind'][], wanted: string, consume = true): Word {
    const word = this.peekWord(wanted);
    if (word === null) throw new MatcherSyntaxError(`end of input: ${wanted}`);
    if (!kinds.includes(word.kind)) throw new MatcherSyntaxError(`${at(word)}: unexpected ${word.text}: ${wanted}`);
    if (consume) this.next++;
    return word;
  }
}

function at(word: Word): string {
  return `${word.start}:${word.end}`;
}

function unquote(word: Word): string {
  if (word.kind !== 'quoted') return word.text;
  const unquoted = goUnquote(word.text);
  if (!unquoted.ok) throw new MatcherSyntaxError(`${at(word)}: ${word.text}: invalid input`);
  return unquoted.text;
}
