import { decodeCss, isCssNameCharacter } from './css-text';
import { type Context, errorContext, type State, type Step } from './context';
import { quote } from '../go/quote';
import { containsAny, hasWordAt, indexOfAny, skipSpaces, skipSpacesBack } from './scan';

/** In a URL: behind `?` or `#` its reserved characters are escaped, too. */
export function inUrl(c: Context, text: string): Step {
  return [{ ...c, urlPart: urlPartAfter(c, text) }, text.length];
}

function urlPartAfter(c: Context, text: string): Context['urlPart'] {
  if (containsAny(text, '#?')) return 'urlPartQueryOrFrag';
  // White space may stand before the URL.
  const started = skipSpaces(text, 0) !== text.length;
  return started && c.urlPart === 'urlPartNone' ? 'urlPartPreQuery' : c.urlPart;
}

/**
 * In CSS, outside strings, URLs and comments. Every string counts as a URL: those that are none (fonts, separators) do
 * not mind.
 */
export function inStyle(c: Context, text: string): Step {
  for (let at = indexOfAny(text, `("'/`); at !== -1; at = indexOfAny(text, `("'/`, at + 1)) {
    switch (text.charAt(at)) {
      case '"':
        return [{ ...c, state: 'stateCSSDqStr' }, at + 1];
      case "'":
        return [{ ...c, state: 'stateCSSSqStr' }, at + 1];
      case '/':
        if (text.charAt(at + 1) === '/') return [{ ...c, state: 'stateCSSLineCmt' }, at + 2];
        if (text.charAt(at + 1) === '*') return [{ ...c, state: 'stateCSSBlockCmt' }, at + 2];
        break;
      default:
        if (isUrl(text, at)) return cssUrl(c, text, skipSpaces(text, at + 1));
    }
  }
  return [c, text.length];
}

/** Whether `url` stands before a parenthesis, and not as the end of a longer name. */
function isUrl(text: string, parenthesis: number): boolean {
  const end = skipSpacesBack(text, parenthesis);
  return hasWordAt(text, 'url', end - 3) && !isCssNameCharacter(characterBefore(text, end - 3));
}

function characterBefore(text: string, end: number): string {
  return [...text.slice(Math.max(0, end - 2), end)].at(-1) ?? '';
}

function cssUrl(c: Context, text: string, at: number): Step {
  switch (text.charAt(at)) {
    case '"':
      return [{ ...c, state: 'stateCSSDqURL' }, at + 1];
    case "'":
      return [{ ...c, state: 'stateCSSSqURL' }, at + 1];
    default:
      return [{ ...c, state: 'stateCSSURL' }, at];
  }
}

function stringMarks(state: State): string {
  switch (state) {
    case 'stateCSSDqStr':
    case 'stateCSSDqURL':
      return '\\"';
    case 'stateCSSSqStr':
    case 'stateCSSSqURL':
      return "\\'";
    default:
      return '\\\t\n\f\r )';
  }
}

/** In a string or URL of CSS. */
export function inStyleString(start: Context, text: string): Step {
  const marks = stringMarks(start.state);
  let c = start;
  let from = 0;
  for (let at = indexOfAny(text, marks); at !== -1; at = indexOfAny(text, marks, from)) {
    if (text.charAt(at) !== '\\') return [{ ...c, state: 'stateCSS' }, at + 1];
    at++;
    if (at === text.length) {
      return [errorContext(`unfinished escape sequence in CSS string: ${quote(text)}`), text.length];
    }
    [c] = inUrl(c, decodeCss(text.slice(0, at + 1)));
    from = at + 1;
  }
  [c] = inUrl(c, decodeCss(text.slice(from)));
  return [c, text.length];
}
