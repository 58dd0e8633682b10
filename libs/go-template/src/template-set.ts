import type { Tree } from './ast';
import { BUILTINS } from './builtins';
import { Budget, type Limits } from './budget';
import { PipelineCompiler } from './compile-pipeline';
import { compileTree } from './compile-tree';
import type { Escaped, Escaper, Lookup } from './escaper';
import { Execution, type Program } from './execution';
import type { MissingKey } from './fields';
import { wellFormed } from './go-string';
import { isEmptyTree, parse } from './parser';
import type { TemplateError } from './template-error';
import type { GoFunc, Value } from './value';

/** What an execution may do unless a set says otherwise: far more than a notification needs, far less than would be felt. */
export const DEFAULT_LIMITS: Limits = { maxSteps: 5_000_000, maxDepth: 200, maxLength: 4_000_000 };

export interface TemplateSetOptions {
  /** By name; they stand before Go's own. */
  readonly functions?: Readonly<Record<string, GoFunc>>;
  /** Go's `missingkey`. */
  readonly missingKey?: MissingKey;
  readonly limits?: Partial<Limits>;
  /** Makes it a set of html/template. */
  readonly escaper?: Escaper;
}

/** The text, or why there is none. */
export type Executed =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: TemplateError };

/** A template to execute, or why there is none. */
export type Compiled =
  { readonly ok: true; readonly template: Template } | { readonly ok: false; readonly error: TemplateError };

/** Templates that call each other by name. */
export class TemplateSet {
  readonly #functions: ReadonlyMap<string, GoFunc>;
  readonly #pipelines: PipelineCompiler;
  readonly #limits: Limits;
  readonly #escaper: Escaper | null;
  readonly #programs = new WeakMap<Tree, Program>();
  /** Replaced, never changed: compiled templates keep the one they were compiled with. */
  #trees: ReadonlyMap<string, Tree> = new Map();

  constructor({ functions = {}, missingKey = 'default', limits, escaper }: TemplateSetOptions = {}) {
    this.#functions = new Map([...(escaper?.functions ?? []), ...Object.entries(functions)]);
    this.#pipelines = new PipelineCompiler(this.#functions, missingKey);
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#escaper = escaper ?? null;
  }

  /** Adds the templates of a file, whose own text is the template of its name; what it defines again replaces what was
   *  there. Null when all is well; else nothing was added. */
  add(name: string, text: string): TemplateError | null {
    const parsed = this.#parse(name, text);
    if (!parsed.ok) return parsed.error;
    this.#trees = merged(this.#trees, parsed.trees);
    return null;
  }

  /** A template that may call those of the set; what it defines itself only it sees. */
  compile(text: string, name = ''): Compiled {
    const parsed = this.#parse(name, text);
    if (!parsed.ok) return parsed;
    const entry = parsed.trees.get(name);
    if (entry === undefined) throw new Error('a text without a tree');
    const base = this.#trees;
    const lookup: Lookup = (wanted) => {
      const own = parsed.trees.get(wanted);
      const known = base.get(wanted);
      return own === undefined || (known !== undefined && isEmptyTree(own)) ? known : own;
    };
    return { ok: true, template: new Template(entry, lookup, this) };
  }

  /** Names of all templates. */
  names(): string[] {
    return [...this.#trees.keys()];
  }

  /** What is to be run for a template and those it calls. */
  escape(entry: Tree, lookup: Lookup): Escaped | null {
    return this.#escaper?.escape(entry, lookup) ?? null;
  }

  execute(entry: Tree, trees: Lookup, data: Value, budget = new Budget(this.#limits)): Executed {
    const program = this.#program(entry);
    const lookup = (name: string): Program | undefined => {
      const tree = trees(name);
      return tree && this.#program(tree);
    };
    const execution = new Execution(budget, lookup, program);
    try {
      execution.call(program, data);
      return { ok: true, text: wellFormed(execution.output) };
    } catch (thrown) {
      const error = execution.errorOf(thrown);
      if (error === null) throw thrown;
      return { ok: false, error };
    }
  }

  #parse(name: string, text: string): ReturnType<typeof parse> {
    return parse(name, text, (wanted) => this.#functions.has(wanted) || BUILTINS.has(wanted));
  }

  #program(tree: Tree): Program {
    const known = this.#programs.get(tree);
    if (known !== undefined) return known;
    const program = compileTree(tree, this.#pipelines);
    this.#programs.set(tree, program);
    return program;
  }
}

/** A template parsed on its own, together with the set it was compiled for. */
export class Template {
  #escaped: Escaped | null | undefined;

  constructor(
    readonly entry: Tree,
    readonly lookup: Lookup,
    readonly set: TemplateSet,
  ) {}

  /** Renders; may be done any number of times. With a budget, within what is left of it instead of the set's limits. */
  execute(data: Value, budget?: Budget): Executed {
    this.#escaped ??= this.set.escape(this.entry, this.lookup);
    const escaped = this.#escaped;
    if (escaped === null) return this.set.execute(this.entry, this.lookup, data, budget);
    return escaped.ok ? this.set.execute(escaped.entry, (name) => escaped.called.get(name), data, budget) : escaped;
  }
}

/** The newer trees on top of the older; one with nothing in it replaces none. */
function merged(older: ReadonlyMap<string, Tree>, newer: ReadonlyMap<string, Tree>): ReadonlyMap<string, Tree> {
  const trees = new Map(older);
  for (const [name, tree] of newer) if (!trees.has(name) || !isEmptyTree(tree)) trees.set(name, tree);
  return trees;
}
