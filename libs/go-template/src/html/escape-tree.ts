import type { ActionNode, AnyNode, BranchNode, BreakNode, ListNode, Node, TemplateNode, TextNode, Tree } from '../ast';
import type { Lookup } from '../escaper';
import { quote } from '../go/quote';
import { nodeText } from '../print-node';
import { type Context, contextOf, errorContext, mangledName, type Place, sameContext, textContext } from './context';
import { calledFunction, escapedPipeline, isPredefinedEscaper } from './escaped-pipeline';
import { escapersFor, isInUrl } from './escapers-for';
import { escapeText } from './escape-text';
import { type Findings } from './findings';
import { joinContexts, nudge } from './join-contexts';
import { placeOf } from './place';

/** Where a loop's body was left early. */
type Exits = { readonly context: Context; readonly node: BreakNode }[];

/** Walks a template from plain text on, and with it all that it calls; gives where it leaves off. */
export function walkEntry(entry: Tree, lookup: Lookup, findings: Findings): Context {
  return new TemplateWalk(lookup, entry, entry.name, findings, []).walkCalled(textContext, entry.name, entry.root)[0];
}

/** One walk through one template for one start context. */
class TemplateWalk {
  constructor(
    readonly lookup: Lookup,
    readonly tree: Tree,
    /** Mangled. */
    readonly name: string,
    readonly findings: Findings,
    /** Of the innermost loop. */
    readonly exits: Exits,
  ) {}

  walkList(start: Context, list: ListNode | null): Context {
    let c = start;
    for (const node of list?.nodes ?? []) {
      c = this.#walkNode(c, node);
      if (c.state === 'stateDead') break;
    }
    return c;
  }

  #walkNode(c: Context, node: Node): Context {
    switch (node.kind) {
      case 'text':
        return this.#walkText(c, node);
      case 'action':
        return this.#walkAction(c, node);
      case 'template':
        return this.#walkCall(c, node);
      case 'range':
        return this.#walkRange(c, node);
      case 'if':
      case 'with':
        return this.#join(this.walkList(c, node.list), this.walkList(c, node.elseList), node.kind, node);
      case 'break':
      case 'continue':
        this.exits.push({ context: c, node });
        return contextOf({ state: 'stateDead' });
    }
  }

  #join(a: Context, b: Context, keyword: string, node: Node): Context {
    return joinContexts(a, b, keyword, () => this.#placeOf(node));
  }

  #placeOf(node: AnyNode): Place {
    return placeOf(this.tree.source, node.pos);
  }

  #walkText(c: Context, node: TextNode): Context {
    const { context, text } = escapeText(c, node.text);
    if (text !== node.text) this.findings.editsOf(this.name).texts.set(node, { ...node, text });
    return context;
  }

  #walkAction(before: Context, node: ActionNode): Context {
    // Declarations print nothing.
    if (node.pipe.decl.length > 0) return before;
    const c = nudge(before);
    const misplaced = misplacedEscaper(c, node);
    if (misplaced !== undefined) {
      return errorContext(`predefined escaper ${quote(misplaced)} disallowed in template`, this.#placeOf(node));
    }
    if (c.state === 'stateError') return c;
    if (isInUrl(c.state) && c.urlPart === 'urlPartUnknown') {
      return errorContext(`${nodeText(node)} appears in an ambiguous context within a URL`, this.#placeOf(node));
    }
    const pipe = escapedPipeline(node.pipe, escapersFor(c));
    this.findings.editsOf(this.name).actions.set(node, { ...node, pipe });
    // Behind a value of script a slash divides.
    return c.state === 'stateJS' ? { ...c, jsCtx: 'jsCtxDivOp' } : c;
  }

  #walkRange(c: Context, node: BranchNode): Context {
    const exits: Exits = [];
    const once = this.#joinExits(this.#within(exits).walkList(c, node.list), exits);
    if (once.state === 'stateError') return once;
    // Where a round leads to where it began, the next one leads there, too.
    if (sameContext(once, c)) return this.#join(once, this.walkList(c, node.elseList), 'range', node);
    // A second round must lead where the first one led.
    const laterExits: Exits = [];
    const trial = this.#within(laterExits, this.findings.trial());
    const twice = this.#join(once, trial.walkList(once, node.list), 'range', node);
    if (twice.state === 'stateError') return explained(twice, 'on range loop re-entry', node.line);
    const looped = this.#joinExits(twice, laterExits);
    if (looped.state === 'stateError') return looped;
    return this.#join(looped, this.walkList(c, node.elseList), 'range', node);
  }

  #within(exits: Exits, findings = this.findings): TemplateWalk {
    return new TemplateWalk(this.lookup, this.tree, this.name, findings, exits);
  }

  #joinExits(body: Context, exits: Exits): Context {
    let joined = body;
    if (joined.state === 'stateError') return joined;
    const inOrder = [...exits.filter(isBreak), ...exits.filter((exit) => !isBreak(exit))];
    for (const { context, node } of inOrder) {
      joined = this.#join(joined, context, 'range', node);
      if (joined.state === 'stateError') return explained(joined, `at range loop ${node.kind}`, node.line);
    }
    return joined;
  }

  #walkCall(c: Context, node: TemplateNode): Context {
    const [after, name] = this.walkCalled(c, node.name, node);
    if (name !== node.name) this.findings.editsOf(this.name).templates.set(node, { ...node, name });
    return after;
  }

  /** Where a template leads that is called in this context, and the name under which it is called then. */
  walkCalled(c: Context, name: string, node: AnyNode): readonly [Context, string] {
    const mangled = mangledName(name, c);
    this.findings.called.add(mangled);
    const known = this.findings.outputs.get(mangled);
    if (known !== undefined) return [known, mangled];
    const tree = this.lookup(name);
    if (tree === undefined) return [errorContext(`no such template ${quote(name)}`, this.#placeOf(node)), mangled];
    return [this.#outputOf(tree, mangled, c), mangled];
  }

  #outputOf(tree: Tree, mangled: string, start: Context): Context {
    const first = this.#tryOutput(tree, mangled, start);
    if (first.isSettled || first.output.state === 'stateError') return first.output;
    // A template that calls itself: perhaps it leads there from there, too.
    const second = this.#tryOutput(tree, mangled, first.output);
    if (second.isSettled) return second.output;
    const place = placeOf(tree.source, tree.root.pos);
    return errorContext(`cannot compute output context for template ${mangled}`, place);
  }

  /** Walks a template on the assumption that it leaves off where it starts; that matters where it calls itself. */
  #tryOutput(tree: Tree, mangled: string, assumed: Context): { output: Context; isSettled: boolean } {
    this.findings.outputs.set(mangled, assumed);
    const trial = this.findings.trial();
    trial.addTree(mangled, tree);
    const output = new TemplateWalk(this.lookup, tree, mangled, trial, this.exits).walkList(assumed, tree.root);
    const isSettled = output.state !== 'stateError' && (!trial.called.has(mangled) || sameContext(assumed, output));
    if (isSettled) {
      this.findings.accept(trial);
      // Go keeps the assumption, and so escapes wrongly behind a second call of a template that leaves off elsewhere.
      this.findings.outputs.set(mangled, output);
    }
    return { output, isSettled };
  }
}

function isBreak({ node }: Exits[number]): boolean {
  return node.kind === 'break';
}

/** The predefined escaper of a pipeline that stands where it would not be enough, or where others follow it. */
function misplacedEscaper(c: Context, { pipe }: ActionNode): string | undefined {
  const isUnquoted = c.state === 'stateAttr' && c.delim === 'delimSpaceOrTagEnd';
  return pipe.cmds
    .map(calledFunction)
    .find(
      (name, place): name is string =>
        name !== undefined &&
        isPredefinedEscaper(name) &&
        (place < pipe.cmds.length - 1 || (isUnquoted && name === 'html')),
    );
}

function explained(c: Context, when: string, line: number): Context {
  return c.error === null ? c : { ...c, error: { ...c.error, description: `${when}: ${c.error.description}`, line } };
}
