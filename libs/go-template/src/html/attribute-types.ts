/** What an attribute's value is. `unsafe` changes how others are read: a value may stand in it, but its name may not be computed. */
export type AttributeType = 'plain' | 'css' | 'html' | 'js' | 'url' | 'srcset' | 'unsafe';

const words = (text: string) => text.trim().split(/\s+/);

const urls = `action archive background cite classid codebase data formaction href icon longdesc manifest poster profile
  src usemap xmlns`;

const unsafe = `accept-charset async challenge charset content crossorigin defer enctype form formenctype formmethod
  formnovalidate http-equiv keytype language method novalidate pattern rel sandbox type value`;

const plain = `accept alt autocomplete autofocus autoplay border checked class cols colspan contenteditable contextmenu
  controls coords datetime default dir dirname disabled draggable dropzone for formtarget headers height hidden high
  hreflang id ismap kind label lang list loop low max maxlength media mediagroup min multiple name open optimum
  placeholder preload pubdate radiogroup readonly required reversed rows rowspan spellcheck scope scoped seamless
  selected shape size sizes span srclang start step tabindex target title width wrap`;

const known: ReadonlyMap<string, AttributeType> = new Map<string, AttributeType>([
  ...words(plain).map((name) => [name, 'plain'] as const),
  ...words(unsafe).map((name) => [name, 'unsafe'] as const),
  ...words(urls).map((name) => [name, 'url'] as const),
  ['srcdoc', 'html'],
  ['srcset', 'srcset'],
  ['style', 'css'],
]);

/** The type of an attribute by its lower-case name. Unknown names that look like a URL's count as one, to be safe. */
export function attributeType(name: string): AttributeType {
  const bare = withoutPrefix(name);
  if (bare === null) return 'url';
  const type = known.get(bare);
  if (type !== undefined) return type;
  if (bare.startsWith('on')) return 'js';
  return /src|uri|url/.test(bare) ? 'url' : 'plain';
}

/** `data-href` and `xlink:href` hold what `href` holds; a name space (null) is a URL. */
function withoutPrefix(name: string): string | null {
  if (name.startsWith('data-')) return name.slice('data-'.length);
  const colon = name.indexOf(':');
  if (colon === -1) return name;
  return name.slice(0, colon) === 'xmlns' ? null : name.slice(colon + 1);
}
