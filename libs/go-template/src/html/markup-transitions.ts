import { attributeType } from './attribute-types';
import {
  type Attr,
  type Context,
  contextOf,
  type Element,
  errorContext,
  isComment,
  isInScriptLiteral,
  type State,
  textContext,
  valueState,
  type Step,
} from './context';
import { quote } from '../go/quote';
import { quotedStart } from './quoted-start';
import { hasWordAt, htmlSpaces, indexOfAny, isAsciiAlnum, isAsciiLetter, skipSpaces } from './scan';

const commentStart = '<!--';
const commentEnd = '-->';

/** Between tags. */
export function inText(c: Context, text: string): Step {
  let from = 0;
  for (;;) {
    const open = text.indexOf('<', from);
    if (open === -1 || open + 1 === text.length) return [c, text.length];
    if (text.startsWith(commentStart, open)) {
      return [contextOf({ state: 'stateHTMLCmt' }), open + commentStart.length];
    }
    const closing = text.charAt(open + 1) === '/';
    const nameAt = closing ? open + 2 : open + 1;
    if (nameAt === text.length) return [c, text.length];
    const nameEnd = skipTagName(text, nameAt);
    if (nameEnd !== nameAt) {
      const element = closing ? 'elementNone' : elementNamed(text.slice(nameAt, nameEnd));
      return [contextOf({ state: 'stateTag', element }), nameEnd];
    }
    from = nameEnd;
  }
}

/** The end of the tag name at `from`: a letter, then letters, digits and single `-` or `:` between them. */
function skipTagName(text: string, from: number): number {
  if (!isAsciiLetter(text.charAt(from))) return from;
  let i = from + 1;
  for (;;) {
    if (isAsciiAlnum(text.charAt(i))) i++;
    else if (/[-:]/.test(text.charAt(i)) && isAsciiAlnum(text.charAt(i + 1))) i += 2;
    else return i;
  }
}

const specialElements: ReadonlyMap<string, Element> = new Map<string, Element>([
  ['script', 'elementScript'],
  ['style', 'elementStyle'],
  ['textarea', 'elementTextarea'],
  ['title', 'elementTitle'],
  ['meta', 'elementMeta'],
]);

function elementNamed(name: string): Element {
  return specialElements.get(name.toLowerCase()) ?? 'elementNone';
}

const bodyStates: Readonly<Record<Element, State>> = {
  elementNone: 'stateText',
  elementScript: 'stateJS',
  elementStyle: 'stateCSS',
  elementTextarea: 'stateRCDATA',
  elementTitle: 'stateRCDATA',
  elementMeta: 'stateText',
};

/** In a tag, before a name or the end of the tag. */
export function inTag(c: Context, text: string): Step {
  const start = skipSpaces(text, 0);
  if (start === text.length) return [c, text.length];
  if (text.charAt(start) === '>') {
    // A meta element has no end tag, so nothing of it may stay.
    const element = c.element === 'elementMeta' ? 'elementNone' : c.element;
    return [contextOf({ state: bodyStates[element], element }), start + 1];
  }
  const end = skipAttributeName(text, start);
  if (end === 'bad') return [badName(text, start), text.length];
  if (end === start) {
    const found = quote(text.slice(start));
    return [errorContext(`expected space, attr name, or end of tag, but got ${found}`), text.length];
  }
  const state = end === text.length ? 'stateAttrName' : 'stateAfterName';
  const attr = attributeKind(c.element, text.slice(start, end).toLowerCase());
  return [contextOf({ state, element: c.element, attr }), end];
}

function attributeKind(element: Element, name: string): Attr {
  if (element === 'elementScript' && name === 'type') return 'attrScriptType';
  if (element === 'elementMeta' && name === 'content') return 'attrMetaContent';
  switch (attributeType(name)) {
    case 'url':
      return 'attrURL';
    case 'css':
      return 'attrStyle';
    case 'js':
      return 'attrScript';
    case 'srcset':
      return 'attrSrcset';
    default:
      return 'attrNone';
  }
}

const nameEnds = `${htmlSpaces}=>`;
const neverInNames = `'"<`;

/** The end of the attribute name at `from`, or `bad` where something stands in it that browsers would read differently. */
function skipAttributeName(text: string, from: number): number | 'bad' {
  const end = indexOfAny(text, nameEnds + neverInNames, from);
  if (end === -1) return text.length;
  return neverInNames.includes(text.charAt(end)) ? 'bad' : end;
}

function badName(text: string, from: number): Context {
  const at = indexOfAny(text, neverInNames, from);
  return errorContext(`${quote(text.charAt(at))} in attribute name: ${quotedStart(text)}`);
}

/** In an attribute's name. */
export function inAttrName(c: Context, text: string): Step {
  const end = skipAttributeName(text, 0);
  if (end === 'bad') return [badName(text, 0), text.length];
  return [end === text.length ? c : { ...c, state: 'stateAfterName' }, end];
}

/** Behind an attribute's name, before any `=`. */
export function afterName(c: Context, text: string): Step {
  const at = skipSpaces(text, 0);
  if (at === text.length) return [c, text.length];
  if (text.charAt(at) !== '=') return [{ ...c, state: 'stateTag' }, at];
  return [{ ...c, state: 'stateBeforeValue' }, at + 1];
}

/** Behind the `=`. */
export function beforeValue(c: Context, text: string): Step {
  const at = skipSpaces(text, 0);
  if (at === text.length) return [c, text.length];
  const state = valueState(c.attr);
  switch (text.charAt(at)) {
    case "'":
      return [{ ...c, state, delim: 'delimSingleQuote' }, at + 1];
    case '"':
      return [{ ...c, state, delim: 'delimDoubleQuote' }, at + 1];
    default:
      return [{ ...c, state, delim: 'delimSpaceOrTagEnd' }, at];
  }
}

/** In a comment between tags. */
export function inHtmlComment(c: Context, text: string): Step {
  const end = text.indexOf(commentEnd);
  return end === -1 ? [c, text.length] : [textContext, end + commentEnd.length];
}

/** In the value of an attribute that is plain text, or behind an error: nothing changes any more. */
export function unchanged(c: Context, text: string): Step {
  return [c, text.length];
}

const endTagNames: Readonly<Record<Element, string>> = {
  elementNone: '',
  elementScript: 'script',
  elementStyle: 'style',
  elementTextarea: 'textarea',
  elementTitle: 'title',
  elementMeta: '',
};

/** In the body of an element that only its own end tag ends. The end tag itself is left to be read as text. */
export function inSpecialBody(c: Context, text: string): Step {
  if (c.element === 'elementNone') return [c, text.length];
  // In literals and comments of script an end tag is escaped or left out, not obeyed.
  if (c.element === 'elementScript' && (isInScriptLiteral(c.state) || isComment(c.state))) return [c, text.length];
  const end = indexOfEndTag(text, endTagNames[c.element]);
  return end === -1 ? [c, text.length] : [textContext, end];
}

const afterEndTagName = '> \t\n\f/';

function indexOfEndTag(text: string, name: string): number {
  for (let at = text.indexOf('</'); at !== -1; at = text.indexOf('</', at + 2)) {
    const after = text.charAt(at + 2 + name.length);
    if (hasWordAt(text, name, at + 2) && after !== '' && afterEndTagName.includes(after)) return at;
  }
  return -1;
}

/** In a meta element's content, where `url=` starts a URL. */
export function inMetaContent(c: Context, text: string): Step {
  for (let at = 0; at + 3 < text.length; at++) {
    if (!hasWordAt(text, 'url', at)) continue;
    const equals = skipSpaces(text, at + 3);
    if (text.charAt(equals) === '=') return [{ ...c, state: 'stateMetaContentURL' }, equals + 1];
  }
  return [c, text.length];
}

/** In the URL of a meta element's content, which `;` ends. */
export function inMetaContentUrl(c: Context, text: string): Step {
  const end = text.indexOf(';');
  return end === -1 ? [c, text.length] : [{ ...c, state: 'stateMetaContent' }, end + 1];
}
