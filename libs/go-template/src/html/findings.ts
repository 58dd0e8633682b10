import type { ActionNode, TemplateNode, TextNode, Tree } from '../ast';
import { editTree } from '../edit-tree';
import type { Context } from './context';

/** What is to be changed in one template for one start context. */
class Edits {
  readonly texts = new Map<TextNode, TextNode>();
  readonly actions = new Map<ActionNode, ActionNode>();
  readonly templates = new Map<TemplateNode, TemplateNode>();

  addAll(others: Edits): void {
    for (const [node, edited] of others.texts) this.texts.set(node, edited);
    for (const [node, edited] of others.actions) this.actions.set(node, edited);
    for (const [node, edited] of others.templates) this.templates.set(node, edited);
  }

  applyTo(tree: Tree, name: string): Tree {
    return editTree(
      tree,
      {
        text: (node) => this.texts.get(node) ?? node,
        action: (node) => this.actions.get(node) ?? node,
        template: (node) => this.templates.get(node) ?? node,
      },
      name,
    );
  }
}

/** What is known of templates while they are walked; templates go by their mangled names. */
export class Findings {
  /** Where templates that were walked, or are being walked, leave off. */
  readonly outputs: Map<string, Context>;
  readonly called = new Set<string>();
  readonly #trees = new Map<string, Tree>();
  readonly #edits = new Map<string, Edits>();

  constructor(outputs: ReadonlyMap<string, Context> = new Map()) {
    this.outputs = new Map(outputs);
  }

  /** A trial: knows where templates leave off, and keeps what it finds to itself. */
  trial(): Findings {
    return new Findings(this.outputs);
  }

  /** Takes over what a trial found. */
  accept(trial: Findings): void {
    for (const [name, output] of trial.outputs) this.outputs.set(name, output);
    for (const name of trial.called) this.called.add(name);
    for (const [name, tree] of trial.#trees) this.#trees.set(name, tree);
    for (const [name, edits] of trial.#edits) this.editsOf(name).addAll(edits);
  }

  /** Notes which tree stands behind a mangled name. */
  addTree(name: string, tree: Tree): void {
    this.#trees.set(name, tree);
  }

  /** The edits of a template, to add to. */
  editsOf(name: string): Edits {
    const known = this.#edits.get(name);
    if (known !== undefined) return known;
    const edits = new Edits();
    this.#edits.set(name, edits);
    return edits;
  }

  /** The templates with their edits. */
  editedTrees(): Map<string, Tree> {
    return new Map([...this.#trees].map(([name, tree]) => [name, this.editsOf(name).applyTo(tree, name)]));
  }
}
