import { byteLength, firstRunes } from './go-string';
import { quote } from './go/quote';
import type { Token } from './lexer';

/** Thrown where a template is wrong, caught where parsing was started. */
export class ParseFailure extends Error {
  constructor(
    readonly reason: string,
    readonly line: number,
  ) {
    super(reason);
  }
}

const KEYWORD = /^(?:\.|block|break|continue|define|else|end|if|range|nil|template|with)$/;

/** A token as errors name it. */
export function tokenText({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return text;
  if (KEYWORD.test(kind)) return `<${text}>`;
  return byteLength(text) > 10 ? `${quote(firstRunes(text, 10))}...` : quote(text);
}
