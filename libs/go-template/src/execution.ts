import type { AnyNode, Tree } from './ast';
import { type Budget, LimitExceeded } from './budget';
import { byteLength, wellFormed } from './go-string';
import { quote } from './go/quote';
import { nodeText } from './print-node';
import { type Slot } from './slot';
import type { TemplateError } from './template-error';

/** Thrown where an execution ends, caught where it was started. */
export class ExecutionFailure extends Error {
  constructor(readonly error: TemplateError) {
    super(error.message);
  }
}

/** How a statement ends: `break` and `continue` go up to the range they are in. */
export type Signal = 'next' | 'break' | 'continue';

/** A template ready to be run. */
export interface Program {
  readonly tree: Tree;
  /** How deep its statements stand in each other: what it needs of the stack. */
  readonly height: number;
  run(execution: Execution, dot: Slot): Signal;
}

/** Everything that changes while one template is executed. */
export class Execution {
  output = '';
  /** The node last looked at, for errors. */
  node: AnyNode | null = null;
  /** Variables, innermost last; what is at `#top` and beyond is left over. */
  readonly #names: string[] = [];
  readonly #values: Slot[] = [];
  #top = 0;
  /** Where the variables of the template at hand begin: none are inherited. */
  #base = 0;
  #depth = 0;
  #height = 0;
  #program: Program;

  constructor(
    readonly budget: Budget,
    readonly lookup: (name: string) => Program | undefined,
    program: Program,
  ) {
    this.#program = program;
  }

  /** To be asked before a template is called. */
  checkDepth(program: Program): void {
    const { maxDepth } = this.budget.limits;
    if (this.#depth > maxDepth) this.fail(`exceeded maximum template depth (${maxDepth})`);
    if (this.#height + program.height > MAX_HEIGHT) this.fail(`exceeded maximum nesting depth (${MAX_HEIGHT})`);
  }

  /** Runs a template with a dot and variables of its own. */
  call(program: Program, dot: Slot): void {
    const caller = this.#program;
    const base = this.#base;
    this.#base = this.mark();
    this.#depth++;
    this.#height += program.height;
    this.#program = program;
    this.push('$', dot);
    program.run(this, dot);
    this.pop(this.#base);
    this.#program = caller;
    this.#height -= program.height;
    this.#depth--;
    this.#base = base;
  }

  write(text: string): void {
    this.output += text;
    this.budget.checkLength(this.output.length);
    this.budget.spend(text.length >> 6);
  }

  mark(): number {
    return this.#top;
  }

  /** Forgets the variables declared since a mark. */
  pop(mark: number): void {
    this.#top = mark;
  }

  push(name: string, value: Slot): void {
    this.#names[this.#top] = name;
    this.#values[this.#top++] = value;
  }

  /** Sets the variable so many places from the top. */
  setTop(place: number, value: Slot): void {
    this.#values[this.#top - place] = value;
  }

  /** Sets the innermost variable of a name. */
  set(name: string, value: Slot): void {
    this.#values[this.#placeOf(name)] = value;
  }

  get(name: string): Slot {
    return this.#values[this.#placeOf(name)] ?? null;
  }

  #placeOf(name: string): number {
    for (let place = this.#top - 1; place >= this.#base; place--) {
      if (this.#names[place] === name) return place;
    }
    return this.fail(`undefined variable: ${name}`);
  }

  fail(reason: string): never {
    throw new ExecutionFailure(this.errorAt(reason));
  }

  /** An error at the node last looked at. */
  errorAt(reason: string): TemplateError {
    const { name, source } = this.#program.tree;
    const before = source.text.slice(0, this.node?.pos ?? 0);
    const line = 1 + before.split('\n').length - 1;
    const column = byteLength(before.slice(before.lastIndexOf('\n') + 1));
    const context = this.node === null ? '' : nodeText(this.node);
    const place = `${source.name}:${line}:${column}`;
    const message = `template: ${place}: executing ${quote(name)} at <${context}>: ${reason}`;
    return { message: wellFormed(message), reason: wellFormed(reason), name: source.name, line, column };
  }

  /** The error that something thrown stands for; null for what is no business of templates. */
  errorOf(thrown: unknown): TemplateError | null {
    if (thrown instanceof ExecutionFailure) return thrown.error;
    if (thrown instanceof LimitExceeded) return this.errorAt(thrown.message);
    if (thrown instanceof RangeError) return this.errorAt(`exceeded what the program can hold: ${thrown.message}`);
    return null;
  }
}

/** Statements in each other, over all templates that are running: keeps the stack from overflowing. */
const MAX_HEIGHT = 2000;
