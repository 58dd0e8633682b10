// The functions every template has. Source: Go `text/template`.
import {
  ANY,
  BOOL,
  goFunc,
  INT,
  isAssignable,
  pointeeName,
  REFLECT,
  scalar,
  signature,
  STRING,
  typeOf,
  zeroOf,
} from './basic-types';
import type { Budget } from './budget';
import { isAtMost, isEqual, isLess, negated } from './compare';
import { indirect } from './fmt/print-value';
import { sprint, sprintln } from './fmt/sprint';
import { sprintf } from './fmt/sprintf';
import { escapeHtml, escapeJs } from './go/escape';
import { queryEscape } from './go/url-escape';
import { byteLength } from './go-string';
import { indexValue } from './index-slice';
import { isIntKind, wrapInt } from './integers';
import { Boxed, type Slot } from './slot';
import { isTrue } from './truth';
import { canBeNil } from './validate-arg';
import { Failure, GoFunc, GoList, GoMap, type GoType, Scalar, type ScalarType, textOf, type Value } from './value';

const variadic = { isVariadic: true, mayFail: true };
const anyNumber = signature([REFLECT, REFLECT], REFLECT, variadic);
const compared = signature([REFLECT, REFLECT], BOOL, { mayFail: true });
const printed = signature([ANY], STRING, { isVariadic: true });

/** By their names; `and`, `or`, `call`, `len` and `slice` are worked out where they are called and have but their types here. */
export const BUILTINS: ReadonlyMap<string, GoFunc> = new Map([
  ['and', goFunc(anyNumber, unreachable)],
  ['or', goFunc(anyNumber, unreachable)],
  ['call', goFunc(anyNumber, unreachable)],
  ['len', goFunc(signature([REFLECT], INT, { mayFail: true }), unreachable)],
  ['not', goFunc(signature([REFLECT], BOOL), ([value = null]) => !isTrue(value))],
  ['index', goFunc(anyNumber, indexValue)],
  ['slice', goFunc(anyNumber, unreachable)],
  ['print', goFunc(printed, sprint)],
  ['println', goFunc(printed, sprintln)],
  [
    'printf',
    goFunc(signature([STRING, ANY], STRING, { isVariadic: true }), ([format, ...args], budget) =>
      sprintf(textOf(format), args, budget),
    ),
  ],
  ['html', goFunc(printed, escaping(escapeHtml, 5))],
  ['js', goFunc(printed, escaping(escapeJs, 6))],
  ['urlquery', goFunc(printed, escaping(queryEscape, 9))],
  ['eq', goFunc(signature([REFLECT, REFLECT], BOOL, variadic), isEqual)],
  ['ne', goFunc(compared, (args, budget) => negated(isEqual(args, budget)))],
  ['lt', goFunc(compared, isLess)],
  ['le', goFunc(compared, isAtMost)],
  ['gt', goFunc(compared, (args, budget) => negated(isAtMost(args, budget)))],
  ['ge', goFunc(compared, (args) => negated(isLess(args)))],
]);

function unreachable(): Failure {
  return new Failure('unreachable');
}

function escaping(escape: (text: string) => string, longest: number) {
  return (args: readonly Value[], budget: Budget): string => {
    const text = sprint(
      args.map((arg) => (arg === null ? '<no value>' : indirect(arg))),
      budget,
    );
    budget.allowLength(text.length * longest);
    return escape(text);
  };
}

/** The length of a value that has one. */
export function lengthOf(slot: Slot): Value | Failure {
  const value = slot instanceof Boxed ? slot.value : slot;
  if (value === null) {
    return new Failure(slot === null ? 'reflect: call of reflect.Value.Type on zero Value' : 'len of nil pointer');
  }
  if (value instanceof GoList) return BigInt(value.items.length);
  if (value instanceof GoMap) return BigInt(value.size);
  const plain = value instanceof Scalar ? value.value : value;
  return typeof plain === 'string' ? BigInt(byteLength(plain)) : new Failure(`len of type ${pointeeName(value)}`);
}

/** Calls a function that is a value; `name` is what the template calls it. */
export function callValue(name: string, [func = null, ...args]: readonly Value[], budget: Budget): Value | Failure {
  if (func === null) return new Failure('call of nil');
  if (!(func instanceof GoFunc)) return new Failure(`non-function ${name} of type ${typeOf(func).name}`);
  const { params, isVariadic } = func.type;
  if (isVariadic && args.length < params.length - 1) {
    return new Failure(`wrong number of args for ${name}: got ${args.length} want at least ${params.length - 1}`);
  }
  if (!isVariadic && args.length !== params.length) {
    return new Failure(`wrong number of args for ${name}: got ${args.length} want ${params.length}`);
  }
  const prepared: Value[] = [];
  for (const [place, arg] of args.entries()) {
    const type = params[isVariadic ? Math.min(place, params.length - 1) : place] ?? ANY;
    const value = prepareArg(arg, type);
    if (value instanceof Failure) return new Failure(`arg ${place}: ${value.message}`);
    prepared.push(value);
  }
  return func.call(prepared, budget);
}

function prepareArg(value: Value, type: GoType): Value | Failure {
  if (value === null) {
    return canBeNil(type) ? zeroOf(type) : new Failure(`value is nil; should be of type ${type.name}`);
  }
  const from = typeOf(value);
  if (isAssignable(from, type)) return value;
  const plain = value instanceof Scalar ? value.value : value;
  if (typeof plain === 'bigint' && isIntType(type)) return scalar(type, wrapInt(plain, type.kind));
  return new Failure(`value has type ${from.name}; should be ${type.name}`);
}

function isIntType(type: GoType): type is ScalarType {
  return isIntKind(type.kind);
}
