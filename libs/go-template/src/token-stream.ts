import type { Token } from './lexer';

const END: Token = { kind: 'eof', text: 'EOF', pos: 0, line: 1 };

/** The tokens of a text, read by the trees that it defines one after the other. */
export class TokenStream {
  #next = 0;
  #furthest = 0;

  /** The last of the tokens is met again and again. */
  constructor(readonly tokens: readonly Token[]) {}

  next(): Token {
    const token = this.#token(this.#next++);
    this.#furthest = Math.max(this.#furthest, this.#next);
    return token;
  }

  backup(): void {
    this.#next--;
  }

  peek(): Token {
    const token = this.next();
    this.backup();
    return token;
  }

  nextNonSpace(): Token {
    for (;;) {
      const token = this.next();
      if (token.kind !== 'space') return token;
    }
  }

  /** Also skips the spaces. */
  peekNonSpace(): Token {
    const token = this.nextNonSpace();
    this.backup();
    return token;
  }

  /** Where to come back to with `reset`. */
  mark(): number {
    return this.#next;
  }

  reset(mark: number): void {
    this.#next = mark;
  }

  /** The line errors are reported on: that of the furthest token looked at. */
  get line(): number {
    return this.#token(this.#furthest - 1).line;
  }

  #token(place: number): Token {
    return this.tokens[Math.min(Math.max(place, 0), this.tokens.length - 1)] ?? END;
  }
}
