import { quote } from '../go/quote';
import { type Context, contextOf, errorContext, isComment, isInScriptLiteral, type State, type Step } from './context';
import { decodeEntities } from './entities';
import { inSpecialBody } from './markup-transitions';
import { containsAny, indexOfAny } from './scan';
import { afterDelimiter, delimiterEnds, transition } from './transitions';

/** Text of a template as it is to be printed, and the context behind it. */
export interface EscapedText {
  readonly context: Context;
  readonly text: string;
}

/** Reads text in a context; comments are left out of it, and a `<` that opens no tag is escaped. */
export function escapeText(start: Context, text: string): EscapedText {
  const output = new Rewriting(text);
  let c = start;
  let at = 0;
  while (at !== text.length) {
    const [next, read] = contextAfterText(c, text.slice(at));
    if (read === 0 && next.state === c.state) return { context: errorContext(`no end of ${c.state}`), text };
    rewrite(output, c, next, at, at + read);
    [c, at] = [next, at + read];
  }
  if (c.state === 'stateError') return { context: c, text };
  return { context: c, text: isOmitted(c) ? output.withoutRest() : output.withRest() };
}

/** A text of which pieces are replaced, from its start to its end. */
class Rewriting {
  #done = '';
  #read = 0;

  constructor(readonly source: string) {}

  /** What was neither copied nor replaced yet, up to `end`. */
  pending(end: number): string {
    return this.source.slice(this.#read, end);
  }

  /** Copies up to `from`, and puts `piece` in place of what is there up to `to`. */
  replace(from: number, to: number, piece: string): void {
    this.#done += this.pending(from) + piece;
    this.#read = to;
  }

  /** Puts `piece` in place of all that is pending up to `to`. */
  replacePending(to: number, piece: string): void {
    this.replace(this.#read, to, piece);
  }

  withRest(): string {
    return this.#done + this.pending(this.source.length);
  }

  withoutRest(): string {
    return this.#read === 0 ? this.source : this.#done;
  }
}

/** Comments in attributes stay. */
function isOmitted(c: Context): boolean {
  return isComment(c.state) && c.delim === 'delimNone';
}

function rewrite(output: Rewriting, c: Context, next: Context, from: number, to: number): void {
  if (c.state === 'stateText' || c.state === 'stateRCDATA') {
    escapeLooseTags(output, from, to, next.state !== c.state);
  } else if (isOmitted(c)) {
    output.replacePending(to, inPlaceOfComment(c.state, output.pending(to)));
  }
  if (next.state !== c.state && isOmitted(next)) {
    output.replace(to - commentStartLength(next.state), to, '');
  }
  if (isInScriptLiteral(c.state)) {
    const piece = output.source.slice(from, to);
    if (specialTag.test(piece)) output.replace(from, to, piece.replace(specialTags, '\\x3C$1'));
  }
}

/** Browsers take these for tags even in literals of script, so they are written otherwise there. */
const specialTag = /<(script|\/script|!--)/iu;
const specialTags = new RegExp(specialTag.source, 'giu');

const doctype = '<!DOCTYPE';

/** A `<` that starts neither a tag nor a comment nor a document type is text. */
function escapeLooseTags(output: Rewriting, from: number, to: number, hasEnded: boolean): void {
  const { source } = output;
  const opener = hasEnded ? source.lastIndexOf('<', to - 1) : -1;
  const end = opener < from ? to : opener;
  for (let at = source.indexOf('<', from); at !== -1 && at < end; at = source.indexOf('<', at + 1)) {
    if (source.slice(at, at + doctype.length).toUpperCase() !== doctype) output.replace(at, at + 1, '&lt;');
  }
}

/** A comment separates what stands around it; in script one of several lines ends a statement. */
function inPlaceOfComment(state: State, comment: string): string {
  switch (state) {
    case 'stateJSBlockCmt':
      return containsAny(comment, '\n\r\u2028\u2029') ? '\n' : ' ';
    case 'stateCSSBlockCmt':
      return ' ';
    default:
      return '';
  }
}

function commentStartLength(state: State): number {
  if (state === 'stateHTMLCmt' || state === 'stateJSHTMLOpenCmt') return '<!--'.length;
  return state === 'stateJSHTMLCloseCmt' ? '-->'.length : '//'.length;
}

/** Reads at least up to the next change of state. */
function contextAfterText(c: Context, text: string): Step {
  if (c.delim !== 'delimNone') return contextAfterValue(c, c.delim, text);
  const [ended, read] = inSpecialBody(c, text);
  return read === 0 ? [ended, 0] : transition(c.state)(c, text.slice(0, read));
}

const neverInUnquoted = '"\'<=`';

function contextAfterValue(start: Context, delim: keyof typeof delimiterEnds, text: string): Step {
  const found = indexOfAny(text, delimiterEnds[delim]);
  const end = found === -1 ? text.length : found;
  const value = text.slice(0, end);
  const odd = delim === 'delimSpaceOrTagEnd' ? indexOfAny(value, neverInUnquoted) : -1;
  if (odd !== -1) {
    return [errorContext(`${quote(value.charAt(odd))} in unquoted attr: ${quote(value)}`), text.length];
  }
  if (found !== -1) {
    const element = isScriptOfOtherType(start, value) ? 'elementNone' : start.element;
    return [contextOf({ state: 'stateTag', element }), afterDelimiter(delim, found)];
  }
  // The value goes on behind this text. Its script or CSS is what it is without references: `alert(&quot;`.
  let c = start;
  for (let rest = decodeEntities(value); rest !== '';) {
    const [next, read] = transition(c.state)(c, rest);
    [c, rest] = [next, rest.slice(read)];
  }
  return [c, text.length];
}

/** Whether the value is a script element's type, and says that its body is data. */
function isScriptOfOtherType(c: Context, value: string): boolean {
  return c.state === 'stateAttr' && c.element === 'elementScript' && c.attr === 'attrScriptType' && !isScript(value);
}

const scriptTypes = new RegExp(
  `^(?:${[
    '',
    'module',
    '(?:application|text)/(?:x-)?(?:ecmascript|javascript)',
    'application/(?:ld\\+)?json',
    'text/javascript1\\.[0-5]',
    'text/jscript',
    'text/livescript',
  ].join('|')})$`,
);

function isScript(mediaType: string): boolean {
  return scriptTypes.test((mediaType.split(';')[0] ?? '').toLowerCase().trim());
}
