// Arguments and the types wanted of them. Source: Go `text/template`.
import type { BoolNode, NumberNode, StringNode } from './ast';
import { ANY, isAssignable, REFLECT, scalar, STRING, typeOf, zeroOf } from './basic-types';
import type { Execution } from './execution';
import { wrapInt } from './integers';
import { nodeText } from './print-node';
import { Boxed, type Slot } from './slot';
import { type GoType, type Value } from './value';

/** The value as a parameter of a type takes it; ends the execution where it does not. */
export function validateArg(execution: Execution, slot: Slot, type: GoType): Value {
  if (typeof slot === 'string' && type === STRING) return slot;
  const boxed = slot instanceof Boxed;
  const value = boxed ? slot.value : slot;
  if (type === ANY || type === REFLECT) return value;
  if (value === null) {
    if (boxed) return execution.fail(`wrong type for value; expected ${type.name}; got interface {}`);
    return canBeNil(type) ? zeroOf(type) : execution.fail(`invalid value; expected ${type.name}`);
  }
  const from = typeOf(value);
  if (isAssignable(from, type)) return value;
  return execution.fail(`wrong type for value; expected ${type.name}; got ${from.name}`);
}

/** Whether nil may be written where a type is wanted. */
export function canBeNil(type: GoType): boolean {
  return /^(?:interface|error|map|slice|func)$/.test(type.kind) || (type.kind === 'struct' && type.isPointer);
}

/** A literal as a parameter of a type takes it. */
export function literalArg(execution: Execution, node: BoolNode | NumberNode | StringNode, type: GoType): Value {
  execution.node = node;
  switch (type.kind) {
    case 'bool':
      return node.kind === 'bool' ? scalar(type, node.value) : wanted(execution, 'bool', node);
    case 'string':
      return node.kind === 'string' ? scalar(type, node.text) : wanted(execution, 'string', node);
    case 'float32':
    case 'float64':
      return node.kind === 'number' && node.float !== null
        ? scalar(type, type.kind === 'float32' ? Math.fround(node.float) : node.float)
        : wanted(execution, 'float', node);
    case 'interface':
      if (type !== ANY && type !== REFLECT) break;
      return literal(execution, node);
    case 'slice':
    case 'map':
    case 'struct':
    case 'func':
    case 'error':
      break;
    case 'uint':
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return node.kind === 'number' && node.uint !== null
        ? scalar(type, wrapInt(node.uint, type.kind))
        : wanted(execution, 'unsigned integer', node);
    default:
      return node.kind === 'number' && node.int !== null
        ? scalar(type, wrapInt(node.int, type.kind))
        : wanted(execution, 'integer', node);
  }
  return execution.fail(`can't handle ${nodeText(node)} for arg of type ${type.name}`);
}

/** A literal where nothing is known of the type wanted. */
export function literal(execution: Execution, node: BoolNode | NumberNode | StringNode): Value {
  if (node.kind === 'bool') return node.value;
  if (node.kind === 'string') return node.text;
  execution.node = node;
  const { text, float, int } = node;
  const isHex = /^0x/i.test(text) && text.length > 2 && !/p/i.test(text);
  if (float !== null && !isHex && !text.startsWith("'") && /[.eEpP]/.test(text)) return float;
  return int ?? execution.fail(`${text} overflows int`);
}

function wanted(execution: Execution, what: string, node: BoolNode | NumberNode | StringNode): never {
  return execution.fail(`expected ${what}; found ${nodeText(node)}`);
}
