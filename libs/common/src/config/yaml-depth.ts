import { CST, Lexer } from 'yaml';

/** How deep lists and maps can stand within each other in a text, without parsing it: a parser calls itself for each level.
 *  May count some too many, and takes a list in the column of the map that it stands in for one level with it. */
export function yamlDepth(text: string): number {
  const columns: number[] = [];
  let flow = 0;
  let deepest = 0;
  let column = 0;
  let startsLine = true;
  let isScalar = false;
  let before = '';
  for (const token of new Lexer().lex(text)) {
    if (!isScalar && MARKS.has(token)) {
      isScalar = token === CST.SCALAR;
      continue;
    }
    const kind = isScalar ? 'scalar' : (CST.tokenType(token) ?? '');
    isScalar = false;
    // The text of a block begins with its indentation: it ends nothing.
    const isBlock = kind === 'scalar' && /^\s/.test(token);
    if (flow === 0 && !isBlock && !BLANK.has(kind)) {
      if (startsLine) while ((columns.at(-1) ?? -1) >= column) columns.pop();
      // The colon after a key begins nothing.
      if (startsLine || kind !== 'map-value-ind' || OPENING.has(before)) columns.push(column);
      startsLine = false;
      before = kind;
    }
    if (kind === 'flow-seq-start' || kind === 'flow-map-start') flow++;
    if (kind === 'flow-seq-end' || kind === 'flow-map-end') flow = Math.max(0, flow - 1);
    deepest = Math.max(deepest, columns.length + flow);
    if (kind === 'newline' || isBlock) startsLine = true;
    const lineEnd = token.lastIndexOf('\n');
    column = lineEnd === -1 ? column + token.length : token.length - lineEnd - 1;
  }
  return deepest;
}

/** What the lexer puts between tokens. */
const MARKS: ReadonlySet<string> = new Set([CST.BOM, CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
const BLANK: ReadonlySet<string> = new Set(['space', 'newline', 'comment']);
/** What may have a list or map after it in its line. */
const OPENING: ReadonlySet<string> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind', 'anchor', 'tag']);
