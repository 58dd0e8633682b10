// Turns trees into programs. Source of what they do: Go `text/template`.
import type { ActionNode, BranchNode, ListNode, Node, TemplateNode, Tree } from './ast';
import { keyValue, scalar, typeOf } from './basic-types';
import { type PipelineCompiler, type PipeEval } from './compile-pipeline';
import type { Execution, Program, Signal } from './execution';
import { slotOf } from './fields';
import { indirect } from './fmt/print-value';
import { sprint } from './fmt/sprint';
import { quote } from './go/quote';
import { sortedKeys } from './map-order';
import { nodeText } from './print-node';
import type { Slot } from './slot';
import { isTrue } from './truth';
import { GoError, GoFunc, GoList, GoMap, Scalar, type Value } from './value';

type Statement = (execution: Execution, dot: Slot) => Signal;

/** The program of a tree. */
export function compileTree(tree: Tree, pipelines: PipelineCompiler): Program {
  const run = new TreeCompiler(pipelines).list(tree.root);
  return { tree, height: heightOf(tree.root), run };
}

function heightOf({ nodes }: ListNode): number {
  let height = 0;
  for (const node of nodes) {
    if ('list' in node) height = Math.max(height, heightOf(node.list), node.elseList ? heightOf(node.elseList) : 0);
  }
  return height + 1;
}

class TreeCompiler {
  constructor(readonly pipelines: PipelineCompiler) {}

  list({ nodes }: ListNode): Statement {
    const statements = nodes.map((node) => this.#statement(node));
    const [only] = statements;
    if (only !== undefined && statements.length === 1) return only;
    return (execution, dot) => {
      for (const statement of statements) {
        const signal = statement(execution, dot);
        if (signal !== 'next') return signal;
      }
      return 'next';
    };
  }

  #statement(node: Node): Statement {
    switch (node.kind) {
      case 'text':
        return (execution) => {
          execution.budget.spend(1);
          execution.write(node.text);
          return 'next';
        };
      case 'action':
        return this.#action(node);
      case 'if':
      case 'with':
        return this.#branch(node);
      case 'range':
        return this.#range(node);
      case 'template':
        return this.#template(node);
      case 'break':
      case 'continue':
        return () => node.kind;
    }
  }

  #action(node: ActionNode): Statement {
    const value = this.pipelines.pipeline(node.pipe);
    const isPrinted = node.pipe.decl.length === 0;
    return (execution, dot) => {
      execution.budget.spend(1);
      const result = value(execution, dot);
      if (isPrinted) print(execution, node, result);
      return 'next';
    };
  }

  #branch(node: BranchNode): Statement {
    const value = this.pipelines.pipeline(node.pipe);
    const list = this.list(node.list);
    const elseList = node.elseList === null ? null : this.list(node.elseList);
    const movesDot = node.kind === 'with';
    return (execution, dot) => {
      execution.budget.spend(1);
      const mark = execution.mark();
      const result = value(execution, dot);
      let signal: Signal = 'next';
      if (isTrue(result)) signal = list(execution, movesDot ? result : dot);
      else if (elseList !== null) signal = elseList(execution, dot);
      execution.pop(mark);
      return signal;
    };
  }

  #range(node: BranchNode): Statement {
    const value = this.pipelines.pipeline(node.pipe);
    const list = this.list(node.list);
    const elseList = node.elseList === null ? null : this.list(node.elseList);
    const loop = rangeLoop(node, list);
    return (execution, dot) => {
      execution.budget.spend(1);
      const outer = execution.mark();
      const ran = loop(execution, value(execution, dot));
      let signal: Signal = 'next';
      if (!ran && elseList !== null) signal = elseList(execution, dot);
      execution.pop(outer);
      // A `break` in the else branch ends this range, which is over anyway.
      return signal === 'break' ? 'next' : signal;
    };
  }

  #template(node: TemplateNode): Statement {
    const value: PipeEval = node.pipe === null ? () => null : this.pipelines.pipeline(node.pipe);
    return (execution, dot) => {
      execution.budget.spend(1);
      execution.node = node;
      const program = execution.lookup(node.name);
      if (program === undefined) return execution.fail(`template ${quote(node.name)} not defined`);
      execution.checkDepth(program);
      execution.call(program, value(execution, dot));
      return 'next';
    };
  }
}

function print(execution: Execution, node: ActionNode, value: Value): void {
  execution.node = node;
  if (typeof value === 'string') return execution.write(value);
  if (value === null) return execution.write('<no value>');
  if (value instanceof GoFunc) execution.fail(`can't print ${nodeText(node)} of type ${typeOf(value).name}`);
  execution.write(sprint([indirect(value)], execution.budget));
}

/** One turn; false to end the loop. */
type Turn = (index: Slot, item: Slot) => boolean;

/** Goes over the value; false where there is nothing in it. */
function rangeLoop(node: BranchNode, list: Statement): (execution: Execution, value: Value) => boolean {
  return (execution, value) => {
    const inner = execution.mark();
    return eachItem(execution, node, value, (index, item) => {
      execution.budget.spend(1);
      setVariables(execution, node, index, item);
      const signal = list(execution, item);
      execution.pop(inner);
      return signal !== 'break';
    });
  };
}

function setVariables(execution: Execution, { pipe }: BranchNode, index: Slot, item: Slot): void {
  const [first, second] = pipe.decl;
  if (first === undefined) return;
  if (!pipe.isAssign) {
    execution.setTop(1, item);
    if (second !== undefined) execution.setTop(2, index);
    return;
  }
  execution.set(first.ident[0], second === undefined ? item : index);
  if (second !== undefined) execution.set(second.ident[0], item);
}

function eachItem(execution: Execution, node: BranchNode, value: Value, turn: Turn): boolean {
  if (value === null) return false;
  if (value instanceof GoList) {
    const { items, type } = value;
    for (let place = 0; place < items.length; place++) {
      if (!turn(BigInt(place), slotOf(type.elem, items[place] ?? null))) break;
    }
    return items.length > 0;
  }
  if (value instanceof GoMap) {
    const keys = sortedKeys(value);
    execution.budget.spend(keys.length);
    for (const key of keys) {
      if (!turn(keyValue(value.type, key), slotOf(value.type.elem, value.get(key) ?? null))) break;
    }
    return keys.length > 0;
  }
  const count = value instanceof Scalar ? value.value : value;
  if (typeof count !== 'bigint') {
    const shown = value instanceof GoError ? `{${value.message}}` : sprint([indirect(value)], execution.budget);
    return execution.fail(`range can't iterate over ${shown}`);
  }
  if (node.pipe.decl.length > 1) {
    execution.fail(`can't use ${sprint([value], execution.budget)} to iterate over more than one variable`);
  }
  for (let turnNumber = 0n; turnNumber < count; turnNumber++) {
    const item = value instanceof Scalar ? scalar(value.type, turnNumber) : turnNumber;
    if (!turn(null, item)) break;
  }
  return count > 0n;
}
