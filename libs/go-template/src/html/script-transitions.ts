import { type Context, errorContext, type JsCtx, type State, type Step } from './context';
import { quote } from '../go/quote';
import { quotedStart } from './quoted-start';
import { hasWordAt, indexOfAny } from './scan';

/** Words after which an operand follows, so that a `/` starts a regular expression. */
const operandFollows: ReadonlySet<string> = new Set(
  'break case continue delete do else finally in instanceof return throw try typeof void'.split(' '),
);

/** What a `/` behind these tokens starts. The tokens hold no literal, no comment and no division. */
export function slashAfter(tokens: string, before: JsCtx): JsCtx {
  const text = tokens.trimEnd();
  if (text === '') return before;
  const last = text.charAt(text.length - 1);
  if (last === '+' || last === '-') {
    // An even run is made of ++ or --, which end an operand.
    let run = 1;
    while (text.charAt(text.length - 1 - run) === last) run++;
    return run % 2 === 1 ? 'jsCtxRegexp' : 'jsCtxDivOp';
  }
  if (last === '.') return /[0-9]\.$/.test(text) ? 'jsCtxDivOp' : 'jsCtxRegexp';
  // A block is likelier than an object literal before a slash, so `}` is among them; `)` and `]` end an operand.
  if (',<>=*%&|^?!~([:;{}'.includes(last)) return 'jsCtxRegexp';
  const word = /[$\w]*$/.exec(text)?.[0] ?? '';
  return operandFollows.has(word) ? 'jsCtxRegexp' : 'jsCtxDivOp';
}

const scriptMarks = '"`\'/{}<-#';

const literalOpeners: Readonly<Record<string, State>> = {
  '"': 'stateJSDqStr',
  "'": 'stateJSSqStr',
  '`': 'stateJSTmplLit',
};

/** Comments, the old HTML-like ones included: those run to the end of their line, too. */
const scriptComments: readonly (readonly [mark: string, state: State])[] = [
  ['//', 'stateJSLineCmt'],
  ['/*', 'stateJSBlockCmt'],
  ['<!--', 'stateJSHTMLOpenCmt'],
  ['-->', 'stateJSHTMLCloseCmt'],
  ['#!', 'stateJSLineCmt'],
];

/** In script, outside literals and comments. */
export function inScript(c: Context, text: string): Step {
  const at = indexOfAny(text, scriptMarks);
  if (at === -1) return [{ ...c, jsCtx: slashAfter(text, c.jsCtx) }, text.length];
  const jsCtx = slashAfter(text.slice(0, at), c.jsCtx);
  const mark = text.charAt(at);
  const literal = literalOpeners[mark];
  if (literal !== undefined) return [{ ...c, state: literal, jsCtx: 'jsCtxRegexp' }, at + 1];
  const comment = scriptComments.find(([start]) => text.startsWith(start, at));
  if (comment !== undefined) return [{ ...c, state: comment[1], jsCtx }, at + comment[0].length];
  if (mark === '/') return slash({ ...c, jsCtx }, text, at);
  if (mark === '{' || mark === '}') return [brace({ ...c, jsCtx: slashAfter(mark, jsCtx) }, mark, jsCtx), at + 1];
  return [{ ...c, jsCtx }, at + 1];
}

function slash(c: Context, text: string, at: number): Step {
  switch (c.jsCtx) {
    case 'jsCtxRegexp':
      return [{ ...c, state: 'stateJSRegexp' }, at + 1];
    case 'jsCtxDivOp':
      return [{ ...c, jsCtx: 'jsCtxRegexp' }, at + 1];
    case 'jsCtxUnknown': {
      const found = quotedStart(text.slice(at));
      return [errorContext(`'/' could start a division or regexp: ${found}`), text.length];
    }
  }
}

/** Braces count within `${` only, to know which one leads back into the template literal. */
function brace(c: Context, mark: '{' | '}', before: JsCtx): Context {
  const outer = (c.jsBraceDepth ?? []).slice(0, -1);
  const depth = c.jsBraceDepth?.at(-1);
  if (depth === undefined) return c;
  if (mark === '{') return { ...c, jsBraceDepth: [...outer, depth + 1] };
  if (depth > 0) return { ...c, jsBraceDepth: [...outer, depth - 1] };
  return { ...c, state: 'stateJSTmplLit', jsBraceDepth: outer, jsCtx: before };
}

function unfinishedEscape(text: string): Step {
  return [errorContext(`unfinished escape sequence in JS string: ${quote(text)}`), text.length];
}

/** In a template literal. */
export function inTemplateLiteral(c: Context, text: string): Step {
  for (let at = indexOfAny(text, '`\\$'); at !== -1; at = indexOfAny(text, '`\\$', at + 1)) {
    const mark = text.charAt(at);
    if (mark === '`') return [{ ...c, state: 'stateJS' }, at + 1];
    if (mark === '$' && text.charAt(at + 1) === '{') {
      return [{ ...c, state: 'stateJS', jsBraceDepth: [...(c.jsBraceDepth ?? []), 0] }, at + 2];
    }
    if (mark === '\\' && ++at === text.length) return unfinishedEscape(text);
  }
  return [c, text.length];
}

function literalMarks(state: State): string {
  if (state === 'stateJSRegexp') return '\\/[]';
  return state === 'stateJSSqStr' ? "\\'" : '\\"';
}

/** In a string or a regular expression. */
export function inScriptLiteral(c: Context, text: string): Step {
  const marks = literalMarks(c.state);
  let inCharset = false;
  for (let at = indexOfAny(text, marks); at !== -1; at = indexOfAny(text, marks, at + 1)) {
    const mark = text.charAt(at);
    if (mark === '\\') {
      if (++at === text.length) return unfinishedEscape(text);
    } else if (mark === '[' || mark === ']') {
      inCharset = mark === '[';
    } else if (mark === '/' && at > 0 && hasWordAt(text, '</script', at - 1)) {
      // This slash will be escaped with its tag, and does not end the expression.
      at++;
    } else if (!inCharset) {
      return [{ ...c, state: 'stateJS', jsCtx: 'jsCtxDivOp' }, at + 1];
    }
  }
  if (inCharset) return [errorContext(`unfinished JS regexp charset: ${quote(text)}`), text.length];
  return [c, text.length];
}

/** In a comment that an asterisk and a slash end, of script or CSS. */
export function inBlockComment(c: Context, text: string): Step {
  const end = text.indexOf('*/');
  if (end === -1) return [c, text.length];
  return [{ ...c, state: c.state === 'stateJSBlockCmt' ? 'stateJS' : 'stateCSS' }, end + 2];
}

/** In a comment that the end of the line ends, of script or CSS. The line's end belongs to what follows. */
export function inLineComment(c: Context, text: string): Step {
  const isCss = c.state === 'stateCSSLineCmt';
  const end = indexOfAny(text, isCss ? '\n\f\r' : '\n\r\u2028\u2029');
  return end === -1 ? [c, text.length] : [{ ...c, state: isCss ? 'stateCSS' : 'stateJS' }, end];
}
