import { type Context, type Delim, isComment, type State, type UrlPart } from './context';

/** The escapers for a value in a context, in the order they are applied; the context is a nudged one. */
export function escapersFor(c: Context): string[] {
  return [...inState(c), ...inDelimiter(c.delim)].map((name) => `_html_template_${name}`);
}

function inDelimiter(delim: Delim): string[] {
  if (delim === 'delimNone') return [];
  return [delim === 'delimSpaceOrTagEnd' ? 'nospaceescaper' : 'attrescaper'];
}

function inState({ state, urlPart }: Context): string[] {
  if (inUrls.has(state)) return inUrl(urlPart, 'urlnormalizer');
  // A string of CSS may be a URL.
  if (state === 'stateCSSDqStr' || state === 'stateCSSSqStr') return inUrl(urlPart, 'cssescaper');
  return isComment(state) ? ['commentescaper'] : (escapers[state] ?? []);
}

/** Whether a value here is part of a URL, of which it must be known whether the query has begun. */
export function isInUrl(state: State): boolean {
  return inUrls.has(state) || state === 'stateCSSDqStr' || state === 'stateCSSSqStr';
}

const inUrls: ReadonlySet<State> = new Set<State>(['stateURL', 'stateCSSDqURL', 'stateCSSSqURL', 'stateCSSURL']);

function inUrl(part: UrlPart, inPath: string): string[] {
  switch (part) {
    case 'urlPartNone':
      return ['urlfilter', inPath];
    case 'urlPartPreQuery':
      return [inPath];
    default:
      return ['urlescaper'];
  }
}

const escapers: Readonly<Partial<Record<State, string[]>>> = {
  stateText: ['htmlescaper'],
  stateRCDATA: ['rcdataescaper'],
  stateAttrName: ['htmlnamefilter'],
  stateSrcset: ['srcsetescaper'],
  stateMetaContentURL: ['urlfilter'],
  stateJS: ['jsvalescaper'],
  stateJSDqStr: ['jsstrescaper'],
  stateJSSqStr: ['jsstrescaper'],
  stateJSTmplLit: ['jstmpllitescaper'],
  stateJSRegexp: ['jsregexpescaper'],
  stateCSS: ['cssvaluefilter'],
};
