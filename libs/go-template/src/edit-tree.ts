import type { ActionNode, ListNode, Node, TemplateNode, TextNode, Tree } from './ast';

/** What becomes of nodes; a node given back as it came is shared with the tree it came from. */
export interface TreeEdits {
  text?(node: TextNode): TextNode;
  action?(node: ActionNode): ActionNode;
  template?(node: TemplateNode): TemplateNode;
}

/** A copy of a tree with edits, under another name if one is given; parts without edits are shared. */
export function editTree(tree: Tree, edits: TreeEdits, name = tree.name): Tree {
  return { name, source: tree.source, root: editList(tree.root, edits) };
}

function editList(list: ListNode, edits: TreeEdits): ListNode {
  const nodes = list.nodes.map((node) => editNode(node, edits));
  return nodes.every((node, place) => node === list.nodes[place]) ? list : { ...list, nodes };
}

function editNode(node: Node, edits: TreeEdits): Node {
  switch (node.kind) {
    case 'text':
      return edits.text?.(node) ?? node;
    case 'action':
      return edits.action?.(node) ?? node;
    case 'template':
      return edits.template?.(node) ?? node;
    case 'if':
    case 'range':
    case 'with': {
      const list = editList(node.list, edits);
      const elseList = node.elseList && editList(node.elseList, edits);
      return list === node.list && elseList === node.elseList ? node : { ...node, list, elseList };
    }
    default:
      return node;
  }
}
