// Calls of functions and methods. Source: Go `text/template`.
import type { AnyNode } from './ast';
import { ANY } from './basic-types';
import { LimitExceeded } from './budget';
import { type Execution, ExecutionFailure } from './execution';
import { Boxed, type Slot } from './slot';
import { validateArg } from './validate-arg';
import { Failure, type GoType, type Signature, type Value } from './value';

/** An argument, worked out as a parameter of a type takes it; without a type, as it is. */
export type ArgEval = (execution: Execution, dot: Slot, type: GoType) => Value;

/** What there is to know of a call besides the values. */
export interface CallSite {
  readonly name: string;
  /** Where errors of the function itself are reported. */
  readonly node: AnyNode;
  readonly args: readonly ArgEval[];
}

/** Checks how many arguments there are; the value piped in, if any, is the last one. */
export function checkCount(execution: Execution, of: Signature, { name, args }: CallSite, isPiped: boolean): void {
  const given = args.length + (isPiped ? 1 : 0);
  const wanted = of.params.length;
  if (of.isVariadic) {
    // Go does not count the value piped in here.
    if (given < wanted - 1)
      execution.fail(`wrong number of args for ${name}: want at least ${wanted - 1} got ${args.length}`);
  } else if (given !== wanted) {
    execution.fail(`wrong number of args for ${name}: want ${wanted} got ${given}`);
  }
}

/** The arguments of a call, each as its parameter takes it. */
export function callArgs(
  execution: Execution,
  dot: Slot,
  of: Signature,
  { args }: CallSite,
  piped: Value | undefined,
): Value[] {
  const values: Value[] = [];
  for (const arg of args) values.push(arg(execution, dot, paramType(of, values.length)));
  if (piped !== undefined) values.push(validateArg(execution, piped, paramType(of, values.length)));
  return values;
}

function paramType({ params, isVariadic }: Signature, place: number): GoType {
  return params[isVariadic ? Math.min(place, params.length - 1) : place] ?? ANY;
}

/** Calls; what the function throws is what Go's would panic with, and ends the execution like an error of its own. */
export function invoke(
  execution: Execution,
  of: Signature,
  { name, node }: CallSite,
  call: () => Value | Failure,
): Slot {
  let result: Value | Failure;
  try {
    result = call();
  } catch (error) {
    if (error instanceof LimitExceeded || error instanceof ExecutionFailure) throw error;
    result = new Failure(error instanceof Error ? error.message : String(error));
  }
  if (result instanceof Failure) {
    execution.node = node;
    return execution.fail(`error calling ${name}: ${result.message}`);
  }
  return of.result === ANY ? new Boxed(result) : result;
}
