import type { AnyNode, CommandNode, Operand, PipeNode } from './ast';
import { quote } from './go/quote';

/** A node as Go prints it in errors: as it was written, but for spaces. */
export function nodeText(node: AnyNode): string {
  switch (node.kind) {
    case 'list':
      return node.nodes.map(nodeText).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${pipeText(node.pipe)}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe === null ? '' : ` ${pipeText(node.pipe)}`}}}`;
    case 'if':
    case 'range':
    case 'with': {
      const elseText = node.elseList === null ? '' : `{{else}}${nodeText(node.elseList)}`;
      return `{{${node.kind} ${pipeText(node.pipe)}}}${nodeText(node.list)}${elseText}{{end}}`;
    }
    case 'command':
      return commandText(node);
    default:
      return operandText(node);
  }
}

function pipeText({ decl, isAssign, cmds }: PipeNode): string {
  const variables = decl.map(operandText).join(', ');
  return `${decl.length === 0 ? '' : `${variables} ${isAssign ? '=' : ':='} `}${cmds.map(commandText).join(' | ')}`;
}

function commandText({ args }: CommandNode): string {
  return args.map(innerText).join(' ');
}

function innerText(operand: Operand): string {
  return operand.kind === 'pipe' ? `(${pipeText(operand)})` : operandText(operand);
}

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'identifier':
      return operand.name;
    case 'variable':
      return operand.ident.join('.');
    case 'field':
      return `.${operand.ident.join('.')}`;
    case 'chain':
      return `${innerText(operand.node)}.${operand.fields.join('.')}`;
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(operand.value);
    case 'number':
      return operand.text;
    case 'string':
      return operand.quoted;
    case 'pipe':
      return pipeText(operand);
  }
}
