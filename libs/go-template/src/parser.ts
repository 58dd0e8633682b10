// Reads a template into trees. Source: Go `text/template/parse`.
import type { BranchNode, BreakNode, ListNode, Node, PipeNode, Source, TemplateNode, Tree } from './ast';
import { wellFormed } from './go-string';
import { quote } from './go/quote';
import { lex, type Token, type TokenKind } from './lexer';
import { ParseFailure } from './parse-failure';
import { MAX_NESTING, PipelineParser } from './parse-pipeline';
import type { TemplateError } from './template-error';
import { TokenStream } from './token-stream';

/** The trees of a text by their names, its own under the name it was given. */
export type ParseResult =
  | { readonly ok: true; readonly trees: ReadonlyMap<string, Tree> }
  | { readonly ok: false; readonly error: TemplateError };

/** Parses a text; functions have to be known by name. */
export function parse(name: string, text: string, hasFunction: (name: string) => boolean): ParseResult {
  const trees = new Map<string, Tree>();
  const stream = new TokenStream(lex(text));
  try {
    new TreeParser({ name, text }, stream, hasFunction, trees).main(name);
    return { ok: true, trees };
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    const { line } = error;
    const reason = wellFormed(error.reason);
    return { ok: false, error: { message: `template: ${name}:${line}: ${reason}`, reason, name, line, column: null } };
  }
}

/** Whether nothing but white space is in it: such a template replaces no other. */
export function isEmptyTree({ root }: Tree): boolean {
  return root.nodes.every((node) => node.kind === 'text' && /^\p{White_Space}*$/u.test(node.text));
}

/** `{{end}}` or `{{else}}`, which close a list. */
interface Closing {
  readonly kind: 'end' | 'else';
  readonly pos: number;
}

class TreeParser {
  readonly #inside: PipelineParser;
  #ranges = 0;

  constructor(
    readonly source: Source,
    readonly stream: TokenStream,
    readonly hasFunction: (name: string) => boolean,
    readonly trees: Map<string, Tree>,
    public nesting = 0,
  ) {
    this.#inside = new PipelineParser(stream, source.name, hasFunction);
  }

  main(name: string): void {
    const { pos } = this.stream.peek();
    const nodes: Node[] = [];
    while (this.stream.peek().kind !== 'eof') {
      if (this.#takesDefine()) {
        this.#nested().#definition();
        continue;
      }
      const node = this.#textOrAction();
      if (isClosing(node)) this.#inside.fail(`unexpected {{${node.kind}}}`);
      nodes.push(node);
    }
    this.#add(name, { kind: 'list', pos, nodes });
  }

  #takesDefine(): boolean {
    if (this.stream.peek().kind !== 'leftDelim') return false;
    const mark = this.stream.mark();
    this.stream.next();
    if (this.stream.nextNonSpace().kind === 'define') return true;
    this.stream.reset(mark);
    return false;
  }

  #nested(): TreeParser {
    return new TreeParser(this.source, this.stream, this.hasFunction, this.trees, this.nesting + 1);
  }

  #definition(): void {
    const context = 'define clause';
    const token = this.stream.nextNonSpace();
    const name = this.#templateName(token, context);
    this.#expect('rightDelim', context);
    const { list, next } = this.#itemList();
    if (next.kind !== 'end') this.#inside.fail(`unexpected {{${next.kind}}} in ${context}`);
    this.#add(name, list);
  }

  #add(name: string, root: ListNode): void {
    const tree: Tree = { name, source: this.source, root };
    const known = this.trees.get(name);
    if (known === undefined || isEmptyTree(known)) this.trees.set(name, tree);
    else if (!isEmptyTree(tree)) this.#inside.fail(`template: multiple definition of template ${quote(name)}`);
  }

  #itemList(): { list: ListNode; next: Closing } {
    if (this.nesting >= MAX_NESTING) this.#inside.fail('max nesting depth exceeded');
    this.nesting++;
    const { pos } = this.stream.peekNonSpace();
    const nodes: Node[] = [];
    while (this.stream.peekNonSpace().kind !== 'eof') {
      const node = this.#textOrAction();
      if (isClosing(node)) {
        this.nesting--;
        return { list: { kind: 'list', pos, nodes }, next: node };
      }
      nodes.push(node);
    }
    return this.#inside.fail('unexpected EOF');
  }

  #textOrAction(): Node | Closing {
    const token = this.stream.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', pos: token.pos, text: token.text };
    if (token.kind !== 'leftDelim') this.#inside.unexpected(token, 'input');
    this.#inside.actionLine = token.line;
    const action = this.#action();
    this.#inside.actionLine = 0;
    return action;
  }

  #action(): Node | Closing {
    const token = this.stream.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#break(token.kind, token);
      case 'else':
        return this.#else();
      case 'end':
        return { kind: 'end', pos: this.#expect('rightDelim', 'end').pos };
      case 'if':
      case 'range':
      case 'with':
        return this.#control(token.kind);
      case 'template':
        return this.#template();
      default: {
        this.stream.backup();
        const { pos, line } = this.stream.peek();
        return { kind: 'action', pos, line, pipe: this.#inside.pipeline('command', 'rightDelim') };
      }
    }
  }

  #break(kind: BreakNode['kind'], { pos, line }: Token): BreakNode {
    this.#expect('rightDelim', `{{${kind}}}`);
    if (this.#ranges === 0) this.#inside.fail(`{{${kind}}} outside {{range}}`);
    return { kind, pos, line };
  }

  #else(): Closing {
    const next = this.stream.peekNonSpace();
    if (next.kind === 'if' || next.kind === 'with') return { kind: 'else', pos: next.pos };
    return { kind: 'else', pos: this.#expect('rightDelim', 'else').pos };
  }

  #control(kind: BranchNode['kind']): BranchNode {
    const { variables } = this.#inside;
    const inScope = variables.length;
    const pipe = this.#inside.pipeline(kind, 'rightDelim');
    if (kind === 'range') this.#ranges++;
    const { list, next } = this.#itemList();
    if (kind === 'range') this.#ranges--;
    const elseList = next.kind === 'else' ? this.#elseList(kind, next.pos) : null;
    variables.length = inScope;
    return { kind, pos: pipe.pos, line: pipe.line, pipe, list, elseList };
  }

  #elseList(kind: BranchNode['kind'], pos: number): ListNode {
    if (kind !== 'range' && this.stream.peek().kind === kind) {
      this.stream.next();
      // `else if` shares the `end` of what it is in.
      this.nesting++;
      const inner = this.#control(kind);
      this.nesting--;
      return { kind: 'list', pos, nodes: [inner] };
    }
    const { list, next } = this.#itemList();
    if (next.kind !== 'end') this.#inside.fail(`expected end; found {{${next.kind}}}`);
    return list;
  }

  /** A definition and a call of it in one. */
  #block(): TemplateNode {
    const context = 'block clause';
    const token = this.stream.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#inside.pipeline(context, 'rightDelim');
    const { line } = this.stream;
    const inner = this.#nested();
    const { list, next } = inner.#itemList();
    if (next.kind !== 'end') throw new ParseFailure(`unexpected {{${next.kind}}} in ${context}`, line);
    inner.#add(name, list);
    return { kind: 'template', pos: token.pos, line: token.line, name, pipe };
  }

  #template(): TemplateNode {
    const context = 'template clause';
    const token = this.stream.nextNonSpace();
    const name = this.#templateName(token, context);
    let pipe: PipeNode | null = null;
    if (this.stream.nextNonSpace().kind !== 'rightDelim') {
      this.stream.backup();
      pipe = this.#inside.pipeline(context, 'rightDelim');
    }
    return { kind: 'template', pos: token.pos, line: token.line, name, pipe };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'rawString') this.#inside.unexpected(token, context);
    return this.#inside.unquoted(token);
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.stream.nextNonSpace();
    return token.kind === kind ? token : this.#inside.unexpected(token, context);
  }
}

function isClosing(node: Node | Closing): node is Closing {
  return node.kind === 'end' || node.kind === 'else';
}
