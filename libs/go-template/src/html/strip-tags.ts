import { type Context, contextOf, isInTag, textContext } from './context';
import { indexOfAny } from './scan';
import { afterDelimiter, delimiterEnds, transition } from './transitions';

/** The text of HTML without its tags and comments. */
export function stripTags(html: string): string {
  let text = '';
  let c = textContext;
  let isAllText = true;
  let at = 0;
  while (at !== html.length) {
    if (c.delim !== 'delimNone') {
      const end = indexOfAny(html, delimiterEnds[c.delim], at);
      if (end === -1) break;
      [c, at] = [contextOf({ state: 'stateTag', element: c.element }), afterDelimiter(c.delim, end)];
      continue;
    }
    const [next, read] = step(c, html.slice(at));
    if (isPlain(c)) text += upToTag(html.slice(at, at + read), next.state !== c.state);
    else isAllText = false;
    [c, at] = [next, at + read];
  }
  if (isAllText) return html;
  return isPlain(c) ? text + html.slice(at) : text;
}

/** The bodies of script and style are skipped whole, so that nothing in them is taken for a tag. */
function step(c: Context, rest: string): readonly [Context, number] {
  const state = c.element !== 'elementNone' && !isInTag(c.state) ? 'stateRCDATA' : c.state;
  return transition(state)(c, rest);
}

function isPlain(c: Context): boolean {
  return c.state === 'stateText' || c.state === 'stateRCDATA';
}

/** The piece before the tag or comment that ended it. */
function upToTag(piece: string, hasEnded: boolean): string {
  const open = hasEnded ? piece.lastIndexOf('<') : -1;
  return open === -1 ? piece : piece.slice(0, open);
}
