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

/** In place of a character that no state minds. */
const anyLetter = '\u00e9';

const reference = /&#[xX]?[0-9a-fA-F]*;?|&([A-Za-z0-9]+);|&(QUOT|quot|AMP|amp|LT|lt|GT|gt|nbsp)/g;

/**
 * Text of an attribute as its script, CSS or URL is read, to follow its states; not for output. Other named characters
 * than those above become some letter: they are too many to list, and change no state.
 */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(reference, (found: string, ended?: string, open?: string) => {
    const name = ended ?? open;
    return name === undefined ? numeric(found) : (known.get(name) ?? anyLetter);
  });
}

function numeric(found: string): string {
  const [whole, hexadecimal, decimal] = /^&#(?:[xX]([0-9a-fA-F]*)|([0-9]*));?/.exec(found) ?? [''];
  // A single digit needs its semicolon.
  if (whole.length <= 3) return found;
  const code = hexadecimal === undefined ? Number(decimal) : parseInt(hexadecimal || '0', 16);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return (isCharacter ? String.fromCodePoint(code) : '\ufffd') + found.slice(whole.length);
}
