import { type Context, errorContext, type Place, printContext, sameContext, valueState } from './context';

/** The context once something that is not text follows: an action after `name=` is an unquoted value, one in a tag a name. */
export function nudge(c: Context): Context {
  switch (c.state) {
    case 'stateTag':
      return { ...c, state: 'stateAttrName' };
    case 'stateBeforeValue':
      return { ...c, state: valueState(c.attr), delim: 'delimSpaceOrTagEnd', attr: 'attrNone' };
    case 'stateAfterName':
      return { ...c, state: 'stateAttrName', attr: 'attrNone' };
    default:
      return c;
  }
}

/** The one context behind two branches, or an error where they leave off in different ones. `place` is the branch's. */
export function joinContexts(a: Context, b: Context, keyword: string, place: () => Place): Context {
  if (a.state === 'stateError') return a;
  if (b.state === 'stateError') return b;
  if (a.state === 'stateDead') return b;
  if (b.state === 'stateDead') return a;
  return (
    reconciled(a, b) ??
    errorContext(`{{${keyword}}} branches end in different contexts: ${printContext(a)}, ${printContext(b)}`, place())
  );
}

function reconciled(a: Context, b: Context): Context | null {
  if (sameContext(a, b)) return a;
  if (sameContext({ ...a, urlPart: b.urlPart }, b)) return { ...a, urlPart: 'urlPartUnknown' };
  if (sameContext({ ...a, jsCtx: b.jsCtx }, b)) return { ...a, jsCtx: 'jsCtxUnknown' };
  // `title={{if .C}}x{{end}}`: the empty branch stands before the value, the other one in it.
  const [nudgedA, nudgedB] = [nudge(a), nudge(b)];
  if (sameContext(nudgedA, a) && sameContext(nudgedB, b)) return null;
  return reconciled(nudgedA, nudgedB);
}
