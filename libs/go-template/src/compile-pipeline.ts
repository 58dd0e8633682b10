// Turns pipelines into functions. Source of what they do: Go `text/template`.
import type { CommandNode, IdentifierNode, Operand, PipeNode } from './ast';
import { REFLECT, typeOf } from './basic-types';
import { BUILTINS, callValue, lengthOf } from './builtins';
import { type ArgEval, callArgs, type CallSite, checkCount, invoke } from './call';
import type { Execution } from './execution';
import { fieldOf, type MissingKey } from './fields';
import { quote } from './go/quote';
import { sliceValue } from './index-slice';
import { nodeText } from './print-node';
import { type Slot, unbox } from './slot';
import { isTrue } from './truth';
import { canBeNil, literal, literalArg, validateArg } from './validate-arg';
import { type Failure, type GoFunc, Scalar, type Value } from './value';

/** The value of a pipeline. */
export type PipeEval = (execution: Execution, dot: Slot) => Value;

/** The value of a command or operand; `piped` is what the command before gave. */
type CommandEval = (execution: Execution, dot: Slot, piped?: Value) => Slot;

/** Compiles pipelines for one set of functions. */
export class PipelineCompiler {
  constructor(
    readonly functions: ReadonlyMap<string, GoFunc>,
    readonly missingKey: MissingKey,
  ) {}

  pipeline(pipe: PipeNode): PipeEval {
    const commands = pipe.cmds.map((command) => this.#command(command));
    const [only] = commands;
    const run: PipeEval =
      only !== undefined && commands.length === 1
        ? (execution, dot) => {
            execution.node = pipe;
            return unbox(only(execution, dot));
          }
        : (execution, dot) => {
            execution.node = pipe;
            let value: Value | undefined;
            for (const command of commands) value = unbox(command(execution, dot, value));
            return value ?? null;
          };
    return pipe.decl.length === 0 ? run : withVariables(pipe, run);
  }

  #command(command: CommandNode): CommandEval {
    const [first, ...rest] = command.args;
    if (first === undefined) return () => null;
    switch (first.kind) {
      case 'identifier':
        return this.#function(first, command, rest);
      case 'field':
      case 'chain':
      case 'variable':
        return this.#path(first, rest);
      case 'pipe': {
        const run = this.pipeline(first);
        return (execution, dot, piped) => {
          checkNoArgs(execution, first, rest, piped);
          return run(execution, dot);
        };
      }
      default: {
        const run = this.#constant(first);
        return (execution, dot, piped) => {
          execution.node = first;
          checkNoArgs(execution, first, rest, piped);
          return run(execution, dot);
        };
      }
    }
  }

  #constant(node: Operand): CommandEval {
    switch (node.kind) {
      case 'dot':
        return (_, dot) => dot;
      case 'nil':
        return (execution) => execution.fail('nil is not a command');
      case 'bool':
      case 'number':
      case 'string':
        return (execution) => literal(execution, node);
      default:
        return (execution) => execution.fail(`can't evaluate command ${quote(nodeText(node))}`);
    }
  }

  /** Fields behind dot, a variable or a pipeline. */
  #path(node: Extract<Operand, { kind: 'field' | 'chain' | 'variable' }>, rest: readonly Operand[]): CommandEval {
    const args = rest.map((arg) => this.#arg(arg));
    switch (node.kind) {
      case 'field': {
        const walk = this.#walk(node, node.ident, args);
        return (execution, dot, piped) => {
          execution.node = node;
          return walk(execution, dot, dot, piped);
        };
      }
      case 'variable': {
        const [name, ...fields] = node.ident;
        const walk = this.#walk(node, fields, args);
        return (execution, dot, piped) => {
          execution.node = node;
          const value = execution.get(name);
          if (fields.length > 0) return walk(execution, dot, value, piped);
          checkNoArgs(execution, node, rest, piped);
          return value;
        };
      }
      case 'chain': {
        const walk = this.#walk(node, node.fields, args);
        const start = this.#chained(node.node);
        return (execution, dot, piped) => {
          execution.node = node;
          if (node.node.kind === 'nil') execution.fail(`indirection through explicit nil in ${nodeText(node)}`);
          return walk(execution, dot, start(execution, dot), piped);
        };
      }
    }
  }

  #chained(node: Operand): CommandEval {
    const run = this.#command({ kind: 'command', pos: node.pos, args: [node] });
    return (execution, dot) => {
      execution.node = node;
      return run(execution, dot);
    };
  }

  #walk(
    node: Operand,
    fields: readonly string[],
    args: readonly ArgEval[],
  ): (execution: Execution, dot: Slot, start: Slot, piped: Value | undefined) => Slot {
    const { missingKey } = this;
    const alone = { node, args: [], missingKey };
    const called = { node, args, missingKey };
    const last = fields.length - 1;
    return (execution, dot, start, piped) => {
      let value = start;
      for (let place = 0; place < last; place++) {
        value = fieldOf(execution, dot, value, fields[place] ?? '', alone, undefined);
      }
      return fieldOf(execution, dot, value, fields[last] ?? '', called, piped);
    };
  }

  #function(node: IdentifierNode, where: CommandNode | IdentifierNode, rest: readonly Operand[]): CommandEval {
    const { name } = node;
    const site: CallSite = { name, node: where, args: rest.map((arg) => this.#arg(arg)) };
    const own = this.functions.get(name);
    const func = own ?? BUILTINS.get(name);
    if (func === undefined) {
      return (execution) => {
        execution.node = node;
        return execution.fail(`${quote(name)} is not a defined function`);
      };
    }
    const call = own === undefined ? this.#builtin(func, site, rest) : plainCall(func, site);
    return (execution, dot, piped) => {
      execution.node = node;
      execution.budget.spend(1);
      checkCount(execution, func.type, site, piped !== undefined);
      return call(execution, dot, piped);
    };
  }

  #builtin(func: GoFunc, site: CallSite, rest: readonly Operand[]): CommandEval {
    switch (site.name) {
      case 'and':
      case 'or':
        return shortCircuit(site, site.name === 'or');
      case 'call':
        return (execution, dot, piped) => {
          const args = callArgs(execution, dot, func.type, site, piped);
          const callee = rest[0] === undefined ? calleeText(piped ?? null) : nodeText(rest[0]);
          return invoke(execution, func.type, site, () => callValue(callee, args, execution.budget));
        };
      case 'len':
        return this.#slotCall(func, site, rest, ([value = null]) => lengthOf(value));
      case 'slice':
        return this.#slotCall(func, site, rest, sliceValue);
      default:
        return plainCall(func, site);
    }
  }

  /** A call whose function sees what places its arguments came from. */
  #slotCall(
    func: GoFunc,
    site: CallSite,
    rest: readonly Operand[],
    call: (args: readonly Slot[]) => Value | Failure,
  ): CommandEval {
    const slots = rest.map((node) => this.#slot(node));
    return (execution, dot, piped) => {
      const args = slots.map((slot) => slot(execution, dot));
      if (piped !== undefined) args.push(piped);
      return invoke(execution, func.type, site, () => call(args));
    };
  }

  #slot(node: Operand): CommandEval {
    if (/^(?:field|variable|chain|dot|identifier)$/.test(node.kind)) return this.#chained(node);
    const arg = this.#arg(node);
    return (execution, dot) => arg(execution, dot, REFLECT);
  }

  #arg(node: Operand): ArgEval {
    switch (node.kind) {
      case 'bool':
      case 'number':
      case 'string':
        return (execution, _, type) => literalArg(execution, node, type);
      case 'nil':
        return (execution, _, type) => {
          execution.node = node;
          return canBeNil(type)
            ? validateArg(execution, null, type)
            : execution.fail(`cannot assign nil to ${type.name}`);
        };
      case 'dot':
        return (execution, dot, type) => {
          execution.node = node;
          return validateArg(execution, dot, type);
        };
      case 'pipe': {
        const run = this.pipeline(node);
        return (execution, dot, type) => validateArg(execution, run(execution, dot), type);
      }
      case 'identifier': {
        const run = this.#function(node, node, []);
        return (execution, dot, type) => validateArg(execution, run(execution, dot), type);
      }
      default: {
        const run = this.#path(node, []);
        return (execution, dot, type) => validateArg(execution, run(execution, dot), type);
      }
    }
  }
}

function plainCall(func: GoFunc, site: CallSite): CommandEval {
  return (execution, dot, piped) => {
    const args = callArgs(execution, dot, func.type, site, piped);
    return invoke(execution, func.type, site, () => func.call(args, execution.budget));
  };
}

/** `and` and `or` work out no argument behind the one that decides. */
function shortCircuit({ args }: CallSite, stopsAt: boolean): CommandEval {
  return (execution, dot, piped) => {
    let value: Value = null;
    for (const arg of args) {
      value = arg(execution, dot, REFLECT);
      if (isTrue(value) === stopsAt) return value;
    }
    return piped === undefined ? value : piped;
  };
}

function withVariables({ decl, isAssign }: PipeNode, run: PipeEval): PipeEval {
  return (execution, dot) => {
    const value = run(execution, dot);
    for (const { ident } of decl) {
      if (isAssign) execution.set(ident[0], value);
      else execution.push(ident[0], value);
    }
    return value;
  };
}

function checkNoArgs(execution: Execution, first: Operand, rest: readonly Operand[], piped: Value | undefined): void {
  if (rest.length > 0 || piped !== undefined) {
    execution.fail(`can't give argument to non-function ${nodeText(first)}`);
  }
}

/** What names a function that was piped in. Source: Go `reflect.Value.String`. */
function calleeText(value: Value): string {
  const plain = value instanceof Scalar ? value.value : value;
  if (typeof plain === 'string') return plain;
  return value === null ? '<invalid Value>' : `<${typeOf(value).name} Value>`;
}
