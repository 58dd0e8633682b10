// The tree of a template. It is never changed: edit-tree.ts makes changed copies that share what stayed the same.

/** The text trees were read from; positions are places in it, in UTF-16 units. */
export interface Source {
  /** The name errors are reported under: that of the file, or of the template parsed on its own. */
  readonly name: string;
  readonly text: string;
}

/** One template. */
export interface Tree {
  readonly name: string;
  readonly source: Source;
  readonly root: ListNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly pos: number;
  readonly nodes: readonly Node[];
}

export interface TextNode {
  readonly kind: 'text';
  readonly pos: number;
  readonly text: string;
}

/** `{{pipeline}}`; prints unless it declares variables. */
export interface ActionNode {
  readonly kind: 'action';
  readonly pos: number;
  readonly line: number;
  readonly pipe: PipeNode;
}

/** `{{if}}`, `{{range}}` and `{{with}}`; `else if` is an `if` alone in the else list. */
export interface BranchNode {
  readonly kind: 'if' | 'range' | 'with';
  readonly pos: number;
  readonly line: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | null;
}

/** `{{template "name" pipeline}}`, and what is left of a `{{block}}`. */
export interface TemplateNode {
  readonly kind: 'template';
  readonly pos: number;
  readonly line: number;
  readonly name: string;
  readonly pipe: PipeNode | null;
}

export interface BreakNode {
  readonly kind: 'break' | 'continue';
  readonly pos: number;
  readonly line: number;
}

/** What a list holds. Comments are dropped while parsing. */
export type Node = TextNode | ActionNode | BranchNode | TemplateNode | BreakNode;

/** `$x := command | command`. */
export interface PipeNode {
  readonly kind: 'pipe';
  readonly pos: number;
  readonly line: number;
  /** Whether the variables are assigned (`=`), not declared (`:=`). */
  readonly isAssign: boolean;
  readonly decl: readonly VariableNode[];
  readonly cmds: readonly CommandNode[];
}

/** `operand operand …`; has at least one. */
export interface CommandNode {
  readonly kind: 'command';
  readonly pos: number;
  readonly args: readonly Operand[];
}

/** The name of a function. */
export interface IdentifierNode {
  readonly kind: 'identifier';
  readonly pos: number;
  readonly name: string;
}

/** `$x.a.b`: the variable, with its dollar sign, then the fields. */
export interface VariableNode {
  readonly kind: 'variable';
  readonly pos: number;
  readonly ident: readonly [string, ...string[]];
}

/** `.a.b`. */
export interface FieldNode {
  readonly kind: 'field';
  readonly pos: number;
  readonly ident: readonly [string, ...string[]];
}

/** `(pipeline).a.b` or `function.a.b`. */
export interface ChainNode {
  readonly kind: 'chain';
  readonly pos: number;
  readonly node: Operand;
  readonly fields: readonly [string, ...string[]];
}

export interface DotNode {
  readonly kind: 'dot';
  readonly pos: number;
}

export interface NilNode {
  readonly kind: 'nil';
  readonly pos: number;
}

export interface BoolNode {
  readonly kind: 'bool';
  readonly pos: number;
  readonly value: boolean;
}

/** A number under each kind that can hold it. */
export interface NumberNode {
  readonly kind: 'number';
  readonly pos: number;
  /** As written. */
  readonly text: string;
  readonly int: bigint | null;
  readonly uint: bigint | null;
  readonly float: number | null;
}

export interface StringNode {
  readonly kind: 'string';
  readonly pos: number;
  /** As written, with its quotes. */
  readonly quoted: string;
  readonly text: string;
}

/** What a command is made of. */
export type Operand =
  | IdentifierNode
  | VariableNode
  | FieldNode
  | ChainNode
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode
  | PipeNode;

/** Whatever can be named by an error. */
export type AnyNode = ListNode | Node | CommandNode | Operand;
