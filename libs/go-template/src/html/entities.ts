/** The names of characters that mean something to script, CSS or URLs, or are white space there. */
const known: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\t': 'Tab',
    '\n': 'NewLine',
    '!': 'excl',
    '"': 'QUOT quot',
    '#': 'num',
    $: 'dollar',
    '%': 'percnt',
    '&': 'AMP amp',
    "'": 'apos',
    '(': 'lpar',
    ')': 'rpar',
    '*': 'ast midast',
    '+': 'plus',
    ',': 'comma',
    '.': 'period',
    '/': 'sol',
    ':': 'colon',
    ';': 'semi',
    '<': 'LT lt',
    '=': 'equals',
    '>': 'GT gt',
    '?': 'quest',
    '@': 'commat',
    '[': 'lbrack lsqb',
    '\\': 'bsol',
    ']': 'rbrack rsqb',
    '^': 'Hat',
    _: 'UnderBar lowbar',
    '`': 'DiacriticalGrave grave',
    '{': 'lbrace lcub',
    '|': 'VerticalLine verbar vert',
    '}': 'rbrace rcub',
    '\u00a0': 'NonBreakingSpace nbsp',
    '\u2002': 'ensp',
    '\u2003': 'emsp',
    '\u2004': 'emsp13',
    '\u2005': 'emsp14',
    '\u2007': 'numsp',
    '\u2008': 'puncsp',
    '\u2009': 'ThinSpace thinsp',
    '\u200a': 'VeryThinSpace hairsp',
    '\u205f': 'MediumSpace',
  }).flatMap(([character, names]) => names.split(' ').map((name) => [name, character] as const)),
);

/** Other names that authors use, those of HTML 4: letters and signs that no state minds. */
const others: ReadonlySet<string> = new Set(
  `Aacute aacute Acirc acirc acute AElig aelig Agrave agrave alefsym Alpha alpha and ang Aring aring asymp Atilde
  atilde Auml auml bdquo Beta beta brvbar bull cap Ccedil ccedil cedil cent Chi chi circ clubs cong copy crarr cup
  curren Dagger dagger dArr darr deg Delta delta diams divide Eacute eacute Ecirc ecirc Egrave egrave empty Epsilon
  epsilon equiv Eta eta ETH eth Euml euml euro exist fnof forall frac12 frac14 frac34 frasl Gamma gamma ge hArr harr
  hearts hellip Iacute iacute Icirc icirc iexcl Igrave igrave image infin int Iota iota iquest isin Iuml iuml Kappa
  kappa Lambda lambda lang laquo lArr larr lceil ldquo le lfloor lowast loz lrm lsaquo lsquo macr mdash micro middot
  minus Mu mu nabla ndash ne ni not notin nsub Ntilde ntilde Nu nu Oacute oacute Ocirc ocirc OElig oelig Ograve ograve
  oline Omega omega Omicron omicron oplus or ordf ordm Oslash oslash Otilde otilde otimes Ouml ouml para part permil
  perp Phi phi Pi pi piv plusmn pound Prime prime prod prop Psi psi radic rang raquo rArr rarr rceil rdquo real reg
  rfloor Rho rho rlm rsaquo rsquo sbquo Scaron scaron sdot sect shy Sigma sigma sigmaf sim spades sub sube sum sup
  sup1 sup2 sup3 supe szlig Tau tau there4 Theta theta thetasym THORN thorn tilde times trade Uacute uacute uArr uarr
  Ucirc ucirc Ugrave ugrave uml upsih Upsilon upsilon Uuml uuml weierp Xi xi Yacute yacute yen Yuml yuml Zeta zeta zwj
  zwnj`.split(/\s+/),
);

/** In place of one of those. */
const anyLetter = '\u00e9';

const reference = /&#[xX]?[0-9a-fA-F]*;?|&[A-Za-z0-9]+;|&(?:QUOT|quot|AMP|amp|LT|lt|GT|gt|nbsp)/g;
/** These few are also known without their semicolon, whatever follows. */
const open = /^&(QUOT|quot|AMP|amp|LT|lt|GT|gt|nbsp)/;

/**
 * Text of an attribute as its script, CSS or URL is read, to follow its states; not for output. Of HTML 5's two thousand
 * names those are left as they are that neither matter to a state nor were in HTML 4.
 */
export function decodeEntities(text: string): string {
  return text.includes('&') ? text.replace(reference, decodeEntity) : text;
}

function decodeEntity(found: string): string {
  if (found.startsWith('&#')) return numeric(found);
  const name = found.slice(1).replace(';', '');
  if (others.has(name)) return anyLetter;
  return known.get(name) ?? found.replace(open, (_, start: string) => known.get(start) ?? anyLetter);
}

function numeric(found: string): string {
  const [whole, hexadecimal, decimal] = /^&#(?:[xX]([0-9a-fA-F]*)|([0-9]*));?/.exec(found) ?? [''];
  // A single digit needs its semicolon.
  if (whole.length <= 3) return found;
  const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal || '0', 16);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return (isCharacter ? String.fromCodePoint(code) : '\ufffd') + found.slice(whole.length);
}
