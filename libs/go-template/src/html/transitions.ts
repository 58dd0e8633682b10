import type { Delim, State, Transition } from './context';
import {
  afterName,
  beforeValue,
  inAttrName,
  inHtmlComment,
  inMetaContent,
  inMetaContentUrl,
  inSpecialBody,
  inTag,
  inText,
  unchanged,
} from './markup-transitions';
import { inBlockComment, inLineComment, inScript, inScriptLiteral, inTemplateLiteral } from './script-transitions';
import { inStyle, inStyleString, inUrl } from './style-transitions';

const transitions: Readonly<Record<State, Transition>> = {
  stateText: inText,
  stateTag: inTag,
  stateAttrName: inAttrName,
  stateAfterName: afterName,
  stateBeforeValue: beforeValue,
  stateHTMLCmt: inHtmlComment,
  stateRCDATA: inSpecialBody,
  stateAttr: unchanged,
  stateURL: inUrl,
  stateSrcset: inUrl,
  stateMetaContent: inMetaContent,
  stateMetaContentURL: inMetaContentUrl,
  stateJS: inScript,
  stateJSDqStr: inScriptLiteral,
  stateJSSqStr: inScriptLiteral,
  stateJSRegexp: inScriptLiteral,
  stateJSTmplLit: inTemplateLiteral,
  stateJSBlockCmt: inBlockComment,
  stateJSLineCmt: inLineComment,
  stateJSHTMLOpenCmt: inLineComment,
  stateJSHTMLCloseCmt: inLineComment,
  stateCSS: inStyle,
  stateCSSDqStr: inStyleString,
  stateCSSSqStr: inStyleString,
  stateCSSDqURL: inStyleString,
  stateCSSSqURL: inStyleString,
  stateCSSURL: inStyleString,
  stateCSSBlockCmt: inBlockComment,
  stateCSSLineCmt: inLineComment,
  stateError: unchanged,
  stateDead: unchanged,
};

/** What text does to a context in this state. */
export function transition(state: State): Transition {
  return transitions[state];
}

/** The characters that end an attribute's value. */
export const delimiterEnds: Readonly<Record<Exclude<Delim, 'delimNone'>, string>> = {
  delimDoubleQuote: '"',
  delimSingleQuote: "'",
  delimSpaceOrTagEnd: ' \t\n\f\r>',
};

/** Where the tag goes on behind a value that ended at `end`: a quote belongs to the value. */
export function afterDelimiter(delim: Delim, end: number): number {
  return delim === 'delimSpaceOrTagEnd' ? end : end + 1;
}
