// Fields, keys and methods of values. Source: Go `text/template`.
import type { AnyNode } from './ast';
import { STRING, typeOf, zeroOf } from './basic-types';
import { type ArgEval, callArgs, checkCount, invoke } from './call';
import type { Execution } from './execution';
import { quote } from './go/quote';
import { Boxed, type Slot } from './slot';
import { GoMap, GoStruct, type GoType, type Method, receiverOf, type Value } from './value';

/** What a key that a map does not have is: no value at all, the zero of the map's elements, or an error. */
export type MissingKey = 'default' | 'zero' | 'error';

/** What the last field of a chain may be called with. */
export interface FieldCall {
  readonly node: AnyNode;
  readonly args: readonly ArgEval[];
  readonly missingKey: MissingKey;
}

/** The field, key or method of a value; methods are called. */
export function fieldOf(
  execution: Execution,
  dot: Slot,
  receiver: Slot,
  name: string,
  site: FieldCall,
  piped: Value | undefined,
): Slot {
  if (receiver === null) {
    if (site.missingKey === 'error') execution.fail(`nil data; no entry for key ${quote(name)}`);
    return null;
  }
  const value = receiver instanceof Boxed ? receiver.value : receiver;
  if (value === null) return execution.fail(`nil pointer evaluating interface {}.${name}`);
  const type = typeOf(value);
  const method: Method | undefined = type.methods.get(name);
  if (method !== undefined) {
    const call = { name, node: site.node, args: site.args };
    checkCount(execution, method, call, piped !== undefined);
    const args = callArgs(execution, dot, method, call, piped);
    return invoke(execution, method, call, () => method.call(receiverOf(value), args, execution.budget));
  }
  const hasArgs = site.args.length > 0 || piped !== undefined;
  if (value instanceof GoStruct) {
    const place = value.type.places.get(name);
    if (place !== undefined) {
      if (hasArgs) execution.fail(`${name} has arguments but cannot be invoked as function`);
      return slotOf(value.type.fields[place]?.type, value.field(place));
    }
  }
  if (value instanceof GoMap && value.type.key === STRING) {
    if (hasArgs) execution.fail(`${name} is not a method but has arguments`);
    return entryOf(execution, value, name, site.missingKey);
  }
  const shown = receiver instanceof Boxed ? 'interface {}' : type.name;
  return execution.fail(`can't evaluate field ${name} in type ${shown}`);
}

function entryOf(execution: Execution, map: GoMap, name: string, missingKey: MissingKey): Slot {
  const entry = map.get(name);
  if (entry !== undefined) return slotOf(map.type.elem, entry);
  if (missingKey === 'error') execution.fail(`map has no entry for key ${quote(name)}`);
  return missingKey === 'zero' ? slotOf(map.type.elem, zeroOf(map.type.elem)) : null;
}

/** What a place of a type holds. */
export function slotOf(type: GoType | undefined, value: Value): Slot {
  return type?.kind === 'interface' ? new Boxed(value) : value;
}
