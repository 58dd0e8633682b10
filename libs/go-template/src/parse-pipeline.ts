// Pipelines, commands and operands. Source: Go `text/template/parse`.
import type { CommandNode, NumberNode, Operand, PipeNode, VariableNode } from './ast';
import { quote, unquote } from './go/quote';
import type { Token } from './lexer';
import { parseCharConstant, parseNumber } from './parse-number';
import { ParseFailure, tokenText } from './parse-failure';
import { nodeText } from './print-node';
import type { TokenStream } from './token-stream';

/** How deep parentheses, and how deep control actions may stand in each other: what a tree needs of the stack is bounded. */
export const MAX_NESTING = 500;

const STARTS_OPERAND: ReadonlySet<string> = new Set([
  'bool',
  'charConstant',
  'complex',
  '.',
  'field',
  'identifier',
  'number',
  'nil',
  'rawString',
  'string',
  'variable',
  'leftParen',
]);

/** Reads the inside of actions; one for each tree, as each has variables of its own. */
export class PipelineParser {
  /** Variables in scope, innermost last. */
  readonly variables: string[] = ['$'];
  /** Line of the action at hand, 0 between actions. */
  actionLine = 0;
  #parens = 0;

  constructor(
    readonly stream: TokenStream,
    readonly sourceName: string,
    readonly hasFunction: (name: string) => boolean,
  ) {}

  fail(reason: string): never {
    throw new ParseFailure(reason, this.stream.line);
  }

  unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail(`unexpected ${tokenText(token)} in ${context}`);
    if (this.actionLine === 0 || this.actionLine === token.line) this.fail(token.text);
    const started = `started at ${this.sourceName}:${this.actionLine}`;
    this.fail(`${token.text} ${token.text.endsWith(' action') ? '' : 'in action '}${started}`);
  }

  pipeline(context: string, end: 'rightDelim' | 'rightParen'): PipeNode {
    const { pos, line } = this.stream.peekNonSpace();
    const { decl, isAssign } = this.#declarations(context);
    const cmds: CommandNode[] = [];
    for (;;) {
      const token = this.stream.nextNonSpace();
      if (token.kind === end) break;
      if (!STARTS_OPERAND.has(token.kind)) this.unexpected(token, context);
      this.stream.backup();
      cmds.push(this.#command());
    }
    this.#check(cmds, context);
    return { kind: 'pipe', pos, line, isAssign, decl, cmds };
  }

  /** The text of a string token. */
  unquoted(token: Token): string {
    return unquote(token.text) ?? this.fail('invalid syntax');
  }

  #declarations(context: string): Pick<PipeNode, 'decl' | 'isAssign'> {
    const decl: VariableNode[] = [];
    for (;;) {
      const variable = this.stream.peekNonSpace();
      if (variable.kind !== 'variable') return { decl, isAssign: false };
      const mark = this.stream.mark();
      this.stream.next();
      const next = this.stream.peekNonSpace();
      const isLast = next.kind === 'assign' || next.kind === 'declare';
      if (!isLast && !(next.kind === 'char' && next.text === ',')) {
        this.stream.reset(mark);
        return { decl, isAssign: false };
      }
      this.stream.nextNonSpace();
      decl.push({ kind: 'variable', pos: variable.pos, ident: [variable.text] });
      this.variables.push(variable.text);
      if (isLast) return { decl, isAssign: next.kind === 'assign' };
      this.#checkSecondVariable(context, decl.length);
    }
  }

  #checkSecondVariable(context: string, count: number): void {
    if (context !== 'range' || count > 1) this.fail(`too many declarations in ${context}`);
    const { kind } = this.stream.peekNonSpace();
    const isGood = kind === 'variable' || kind === 'rightDelim' || kind === 'rightParen';
    if (!isGood) this.fail('range can only initialize variables');
  }

  #check(cmds: readonly CommandNode[], context: string): void {
    if (cmds.length === 0) this.fail(`missing value for ${context}`);
    const stage = cmds.slice(1).findIndex(({ args }) => isConstant(args[0]));
    if (stage >= 0) this.fail(`non executable command in pipeline stage ${stage + 2}`);
  }

  #command(): CommandNode {
    const { pos } = this.stream.peekNonSpace();
    const args: Operand[] = [];
    for (;;) {
      this.stream.peekNonSpace();
      const operand = this.#operand();
      if (operand !== null) args.push(operand);
      const token = this.stream.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'rightDelim' || token.kind === 'rightParen') this.stream.backup();
      else if (token.kind !== 'pipe') this.unexpected(token, 'operand');
      break;
    }
    if (args.length === 0) this.fail('empty command');
    return { kind: 'command', pos, args };
  }

  #operand(): Operand | null {
    const node = this.#term();
    const { kind, pos } = this.stream.peek();
    if (node === null || kind !== 'field') return node;
    const fields: [string, ...string[]] = [this.stream.next().text.slice(1)];
    while (this.stream.peek().kind === 'field') fields.push(this.stream.next().text.slice(1));
    if (node.kind === 'field' || node.kind === 'variable') {
      return { kind: node.kind, pos, ident: [...node.ident, ...fields] };
    }
    if (isConstant(node)) this.fail(`unexpected . after term ${quote(nodeText(node))}`);
    return { kind: 'chain', pos, node, fields };
  }

  #term(): Operand | null {
    const token = this.stream.nextNonSpace();
    const { kind, pos, text } = token;
    switch (kind) {
      case 'identifier':
        if (!this.hasFunction(text)) this.fail(`function ${quote(text)} not defined`);
        return { kind, pos, name: text };
      case '.':
        return { kind: 'dot', pos };
      case 'nil':
        return { kind, pos };
      case 'variable':
        if (!this.variables.includes(text)) this.fail(`undefined variable ${quote(text)}`);
        return { kind, pos, ident: [text] };
      case 'field':
        return { kind, pos, ident: [text.slice(1)] };
      case 'bool':
        return { kind, pos, value: text === 'true' };
      case 'charConstant':
      case 'complex':
      case 'number':
        return this.#number(token);
      case 'leftParen':
        return this.#parenthesized();
      case 'string':
      case 'rawString':
        return { kind: 'string', pos, quoted: text, text: this.unquoted(token) };
      default:
        this.stream.backup();
        return null;
    }
  }

  #number({ kind, pos, text }: Token): NumberNode {
    const result = kind === 'charConstant' ? parseCharConstant(text) : parseNumber(text);
    if (!result.ok) this.fail(result.message);
    return { kind: 'number', pos, text, ...result.number };
  }

  #parenthesized(): PipeNode {
    if (this.#parens >= MAX_NESTING) this.fail('max expression depth exceeded');
    this.#parens++;
    const pipe = this.pipeline('parenthesized pipeline', 'rightParen');
    this.#parens--;
    return pipe;
  }
}

/** Whether it is a value that cannot be called, nor be asked for fields. */
function isConstant(operand: Operand | undefined): boolean {
  return operand !== undefined && /^(?:bool|dot|nil|number|string)$/.test(operand.kind);
}
