// Cuts a template into tokens. Source: Go `text/template/parse`.
import { formatUnicode } from './fmt/format-number';
import { PLAIN } from './fmt/spec';
import { quote } from './go/quote';

/** A keyword is a kind of its own. */
export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'charConstant'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'leftDelim'
  | 'leftParen'
  | 'number'
  | 'pipe'
  | 'rawString'
  | 'rightDelim'
  | 'rightParen'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | '.'
  | Keyword;

type Keyword =
  'block' | 'break' | 'continue' | 'define' | 'else' | 'end' | 'if' | 'range' | 'nil' | 'template' | 'with';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of an error, what is wrong. */
  readonly text: string;
  /** Its place in the source, in UTF-16 units. */
  readonly pos: number;
  readonly line: number;
}

const KEYWORDS: readonly Keyword[] = [
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'nil',
  'template',
  'with',
];
const keywords: ReadonlyMap<string, Keyword> = new Map(KEYWORDS.map((word) => [word, word]));

/** What a name is made of, after its dot or dollar sign. */
const WORD = String.raw`[\p{L}\p{Nd}_]`;
const word = new RegExp(`${WORD}*`, 'uy');
const wordChar = new RegExp(WORD, 'u');
const spaces = /[ \t\r\n]*/y;
const rightDelim = /(?:[ \t\r\n]-)?\}\}/y;
const quoted = /"(?:[^"\\\n]|\\[^\n])*"/y;
const charConstant = /'(?:[^'\\\n]|\\[^\n])*'/y;
const rawQuoted = /`[^`]*`/y;
const digits = String.raw`(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)`;
const number = new RegExp(`[+-]?${digits}i?`, 'y');

/** The tokens of a template; the last one is `eof` or `error`. `{{` and `}}` are the only delimiters. */
export function lex(source: string): Token[] {
  return new Lexer(source).all();
}

class Lexer {
  readonly #tokens: Token[] = [];
  #at = 0;
  #start = 0;
  #line = 1;
  #nextNewline: number;

  constructor(readonly source: string) {
    this.#nextNewline = this.#newlineFrom(0);
  }

  all(): Token[] {
    while (this.#text()) if (!this.#action()) break;
    return this.#tokens;
  }

  /** Everything up to the next delimiter; false at the end. */
  #text(): boolean {
    const open = this.source.indexOf('{{', this.#start);
    const end = open < 0 ? this.source.length : this.#hasMarker(open) ? this.#trimmedEnd(open) : open;
    this.#at = end;
    if (end > this.#start) this.#emit('text');
    if (open < 0) {
      this.#emit('eof');
      return false;
    }
    this.#at = open;
    this.#ignore();
    return true;
  }

  /** Whether the delimiter that opens there takes away the spaces before it. */
  #hasMarker(open: number): boolean {
    return this.source.charAt(open + 2) === '-' && isSpace(this.source.charAt(open + 3));
  }

  #trimmedEnd(open: number): number {
    let end = open;
    while (end > this.#start && isSpace(this.source.charAt(end - 1))) end--;
    return end;
  }

  /** From `{{` to behind `}}`; false where it is wrong. */
  #action(): boolean {
    const marker = this.#hasMarker(this.#at) ? 2 : 0;
    if (this.source.startsWith('/*', this.#at + 2 + marker)) return this.#comment(this.#at + 2 + marker);
    this.#at += 2;
    this.#emit('leftDelim');
    this.#at += marker;
    this.#ignore();
    for (let parens = 0; ;) {
      const close = this.#match(rightDelim);
      if (close !== null) {
        if (parens > 0) return this.#error('unclosed left paren');
        return this.#rightDelim(close);
      }
      const kind = this.#inside();
      if (kind === 'error') return false;
      if (kind === 'leftParen') parens++;
      if (kind === 'rightParen' && --parens < 0) return this.#error('unexpected right paren');
      this.#emit(kind);
    }
  }

  #rightDelim(close: string): boolean {
    const isTrimmed = close.length > 2;
    if (isTrimmed) {
      this.#at += 2;
      this.#ignore();
    }
    this.#at += 2;
    this.#emit('rightDelim');
    if (isTrimmed) {
      this.#at += this.#match(spaces)?.length ?? 0;
      this.#ignore();
    }
    return true;
  }

  #comment(start: number): boolean {
    this.#at = start;
    this.#ignore();
    const close = this.source.indexOf('*/', start + 2);
    if (close < 0) return this.#error('unclosed comment');
    this.#at = close + 2;
    const delim = this.#match(rightDelim);
    if (delim === null) return this.#error('comment ends before closing delimiter');
    this.#at += delim.length;
    if (delim.length > 2) this.#at += this.#match(spaces)?.length ?? 0;
    this.#ignore();
    return true;
  }

  /** Moves past one token and tells its kind. */
  #inside(): TokenKind {
    const char = this.source.charAt(this.#at);
    if (char === '') return this.#fail('unclosed action');
    if (isSpace(char)) return this.#space();
    switch (char) {
      case '=':
        return this.#take(1, 'assign');
      case ':':
        if (this.source.charAt(this.#at + 1) !== '=') return this.#fail('expected :=');
        return this.#take(2, 'declare');
      case '|':
        return this.#take(1, 'pipe');
      case '(':
        return this.#take(1, 'leftParen');
      case ')':
        return this.#take(1, 'rightParen');
      case '"':
        return this.#matched(quoted, 'string') ?? this.#fail('unterminated quoted string');
      case '`':
        return this.#matched(rawQuoted, 'rawString') ?? this.#fail('unterminated raw quoted string');
      case "'":
        return this.#matched(charConstant, 'charConstant') ?? this.#fail('unterminated character constant');
      case '$':
        return this.#name('variable');
      case '.':
        // At the end of the text Go takes it for a number, too.
        return /^[0-9]?$/.test(this.source.charAt(this.#at + 1)) ? this.#number() : this.#name('field');
    }
    if (/[-+0-9]/.test(char)) return this.#number();
    const rune = String.fromCodePoint(this.source.codePointAt(this.#at) ?? 0);
    if (wordChar.test(rune)) return this.#identifier();
    if (/[ -~]/.test(rune)) return this.#take(1, 'char');
    return this.#fail(`unrecognized character in action: ${described(rune)}`);
  }

  #space(): TokenKind {
    this.#at += this.#match(spaces)?.length ?? 0;
    // The last of several may belong to the delimiter.
    if (this.source.startsWith('-}}', this.#at)) this.#at--;
    return 'space';
  }

  #name(kind: 'variable' | 'field'): TokenKind {
    this.#at++;
    const name = this.#match(word) ?? '';
    this.#at += name.length;
    const bad = this.#notEnded();
    if (bad !== null) return this.#fail(`bad character ${bad}`);
    return kind === 'field' && name === '' ? '.' : kind;
  }

  #identifier(): TokenKind {
    const name = this.#match(word) ?? '';
    this.#at += name.length;
    const bad = this.#notEnded();
    if (bad !== null) return this.#fail(`bad character ${bad}`);
    return keywords.get(name) ?? (name === 'true' || name === 'false' ? 'bool' : 'identifier');
  }

  /** The character that may not follow a name, if one does. */
  #notEnded(): string | null {
    const code = this.source.codePointAt(this.#at);
    if (code === undefined) return null;
    const rune = String.fromCodePoint(code);
    if (isSpace(rune) || '.,|:)('.includes(rune) || this.source.startsWith('}}', this.#at)) return null;
    return described(rune);
  }

  #number(): TokenKind {
    if (!this.#scanNumber()) return this.#badNumber();
    const next = this.source.charAt(this.#at);
    if (next !== '+' && next !== '-') return 'number';
    if (!this.#scanNumber() || this.source.charAt(this.#at - 1) !== 'i') return this.#badNumber();
    return 'complex';
  }

  #scanNumber(): boolean {
    this.#at += this.#match(number)?.length ?? 0;
    const code = this.source.codePointAt(this.#at);
    const rune = code === undefined ? '' : String.fromCodePoint(code);
    if (!wordChar.test(rune)) return true;
    this.#at += rune.length;
    return false;
  }

  #badNumber(): 'error' {
    return this.#fail(`bad number syntax: ${quote(this.source.slice(this.#start, this.#at))}`);
  }

  #matched(pattern: RegExp, kind: TokenKind): TokenKind | null {
    const text = this.#match(pattern);
    if (text === null) return null;
    this.#at += text.length;
    return kind;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.source)?.[0] ?? null;
  }

  #take(length: number, kind: TokenKind): TokenKind {
    this.#at += length;
    return kind;
  }

  #emit(kind: TokenKind): void {
    const text = this.source.slice(this.#start, this.#at);
    this.#tokens.push({ kind, text, pos: this.#start, line: this.#line });
    this.#ignore();
  }

  /** Goes on from here. */
  #ignore(): void {
    for (; this.#nextNewline < this.#at; this.#nextNewline = this.#newlineFrom(this.#nextNewline + 1)) this.#line++;
    this.#start = this.#at;
  }

  #newlineFrom(place: number): number {
    const at = this.source.indexOf('\n', place);
    return at < 0 ? Infinity : at;
  }

  #fail(message: string): 'error' {
    this.#tokens.push({ kind: 'error', text: message, pos: this.#start, line: this.#line });
    return 'error';
  }

  #error(message: string): false {
    this.#fail(message);
    return false;
  }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\n';
}

/** A character as `%#U` prints it. */
function described(rune: string): string {
  const code = /[\ud800-\udfff]/u.test(rune) ? 0xfffd : (rune.codePointAt(0) ?? 0);
  return formatUnicode(BigInt(code), { ...PLAIN, sharp: true });
}
