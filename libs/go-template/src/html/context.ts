/** Where an HTML parser is, as far as it decides what a value must be escaped for. The names are Go's: its errors print them. */
export type State =
  | 'stateText'
  | 'stateTag'
  | 'stateAttrName'
  | 'stateAfterName'
  | 'stateBeforeValue'
  | 'stateHTMLCmt'
  | 'stateRCDATA'
  | 'stateAttr'
  | 'stateURL'
  | 'stateSrcset'
  | 'stateJS'
  | 'stateJSDqStr'
  | 'stateJSSqStr'
  | 'stateJSTmplLit'
  | 'stateJSRegexp'
  | 'stateJSBlockCmt'
  | 'stateJSLineCmt'
  | 'stateJSHTMLOpenCmt'
  | 'stateJSHTMLCloseCmt'
  | 'stateCSS'
  | 'stateCSSDqStr'
  | 'stateCSSSqStr'
  | 'stateCSSDqURL'
  | 'stateCSSSqURL'
  | 'stateCSSURL'
  | 'stateCSSBlockCmt'
  | 'stateCSSLineCmt'
  | 'stateMetaContent'
  | 'stateMetaContentURL'
  | 'stateError'
  | 'stateDead';

/** What ends the attribute value. */
export type Delim = 'delimNone' | 'delimDoubleQuote' | 'delimSingleQuote' | 'delimSpaceOrTagEnd';

/** How far into a URL: unknown when branches left off in different parts. */
export type UrlPart = 'urlPartNone' | 'urlPartPreQuery' | 'urlPartQueryOrFrag' | 'urlPartUnknown';

/** What a `/` starts in script: unknown when branches disagree. */
export type JsCtx = 'jsCtxRegexp' | 'jsCtxDivOp' | 'jsCtxUnknown';

/** The element whose tag or body this is, where its body is not plain markup. */
export type Element =
  'elementNone' | 'elementScript' | 'elementStyle' | 'elementTextarea' | 'elementTitle' | 'elementMeta';

/** What kind of attribute this is, from its name until its value starts. */
export type Attr =
  'attrNone' | 'attrScript' | 'attrScriptType' | 'attrStyle' | 'attrURL' | 'attrSrcset' | 'attrMetaContent';

/** A place in a file, or in a template that was compiled on its own; the column in bytes from 0. */
export interface Place {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** Why a template cannot be escaped; `place` wins over `line` when the error is printed. */
export interface EscapeError {
  readonly description: string;
  readonly place: Place | null;
  /** 0: no line known. */
  readonly line: number;
}

/** The context of a place in a template. */
export interface Context {
  readonly state: State;
  readonly delim: Delim;
  readonly urlPart: UrlPart;
  readonly jsCtx: JsCtx;
  /** Open braces in each `${` of the template literals around this place; null when there never was one. */
  readonly jsBraceDepth: readonly number[] | null;
  readonly attr: Attr;
  readonly element: Element;
  readonly error: EscapeError | null;
}

/** A context, and how much of a text was read to get there. */
export type Step = readonly [context: Context, read: number];

/** What text does to a context: it is read at least to where the state changes. */
export type Transition = (c: Context, text: string) => Step;

/** Where every executed template starts: between tags. */
export const textContext: Context = {
  state: 'stateText',
  delim: 'delimNone',
  urlPart: 'urlPartNone',
  jsCtx: 'jsCtxRegexp',
  jsBraceDepth: null,
  attr: 'attrNone',
  element: 'elementNone',
  error: null,
};

/** A fresh context that differs from plain text in what is given. */
export function contextOf(fields: Partial<Context>): Context {
  return { ...textContext, ...fields };
}

/** The context behind what cannot be escaped. */
export function errorContext(description: string, place: Place | null = null): Context {
  return contextOf({ state: 'stateError', error: { description, place, line: 0 } });
}

/** Whether two contexts ask for the same escaping from here on. */
export function sameContext(a: Context, b: Context): boolean {
  return (
    a.state === b.state &&
    a.delim === b.delim &&
    a.urlPart === b.urlPart &&
    a.jsCtx === b.jsCtx &&
    sameDepths(a.jsBraceDepth ?? [], b.jsBraceDepth ?? []) &&
    a.attr === b.attr &&
    a.element === b.element &&
    a.error === b.error
  );
}

function sameDepths(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((depth, i) => depth === b[i]);
}

/** The context as Go's errors print it. None of those printed holds an error, which is the last field. */
export function printContext(c: Context): string {
  const depths = `[${(c.jsBraceDepth ?? []).join(' ')}]`;
  return `{${[c.state, c.delim, c.urlPart, c.jsCtx, depths, c.attr, c.element, '<nil>'].join(' ')}}`;
}

/** The name under which a template escaped for a start context is kept: its own where that is plain text. */
export function mangledName(name: string, c: Context): string {
  if (c.state === 'stateText') return name;
  let mangled = `${name}$htmltemplate_${c.state}`;
  if (c.delim !== 'delimNone') mangled += `_${c.delim}`;
  if (c.urlPart !== 'urlPartNone') mangled += `_${c.urlPart}`;
  if (c.jsCtx !== 'jsCtxRegexp') mangled += `_${c.jsCtx}`;
  if (c.jsBraceDepth !== null) mangled += `_jsBraceDepth([${c.jsBraceDepth.join(' ')}])`;
  if (c.attr !== 'attrNone') mangled += `_${c.attr}`;
  if (c.element !== 'elementNone') mangled += `_${c.element}`;
  return mangled;
}

const commentStates: ReadonlySet<State> = new Set<State>([
  'stateHTMLCmt',
  'stateJSBlockCmt',
  'stateJSLineCmt',
  'stateJSHTMLOpenCmt',
  'stateJSHTMLCloseCmt',
  'stateCSSBlockCmt',
  'stateCSSLineCmt',
]);

/** Whether what stands here is for the author only, so that it is left out. */
export function isComment(state: State): boolean {
  return commentStates.has(state);
}

const tagStates: ReadonlySet<State> = new Set<State>([
  'stateTag',
  'stateAttrName',
  'stateAfterName',
  'stateBeforeValue',
  'stateAttr',
]);

/** Whether this state occurs only between `<` and `>`. */
export function isInTag(state: State): boolean {
  return tagStates.has(state);
}

const literalStates: ReadonlySet<State> = new Set<State>([
  'stateJSDqStr',
  'stateJSSqStr',
  'stateJSTmplLit',
  'stateJSRegexp',
]);

/** Whether this is a literal in script, where `</script` must not end the element. */
export function isInScriptLiteral(state: State): boolean {
  return literalStates.has(state);
}

const valueStates: Readonly<Record<Attr, State>> = {
  attrNone: 'stateAttr',
  attrScript: 'stateJS',
  attrScriptType: 'stateAttr',
  attrStyle: 'stateCSS',
  attrURL: 'stateURL',
  attrSrcset: 'stateSrcset',
  attrMetaContent: 'stateMetaContent',
};

/** The state in which the value of such an attribute starts. */
export function valueState(attr: Attr): State {
  return valueStates[attr];
}
