/** A mailbox with the name that is shown for it, '' for none. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** The mailboxes of a list, at least one, or what is wrong with it. */
export type MailAddresses =
  { readonly ok: true; readonly addresses: readonly MailAddress[] } | { readonly ok: false; readonly error: string };

/** Reads what a `To` or `From` header holds: `Ops <ops@example.org>, oncall@example.org`, with comments and groups.
 *  Source: RFC 5322, `address-list`; empty places in the list do not count, as in Go's `mail.ParseAddressList`. */
export function parseAddresses(text: string): MailAddresses {
  const tokens = tokensOf(text);
  if (tokens === null) return { ok: false, error: `mail: not a list of addresses: ${JSON.stringify(text)}` };
  try {
    const addresses = readList(new Reader(tokens), false);
    return addresses.length > 0 ? { ok: true, addresses } : { ok: false, error: 'mail: no address' };
  } catch (error) {
    if (error instanceof AddressError) return { ok: false, error: `mail: ${error.message}` };
    throw error;
  }
}

/** Ends the reading of one list, and is caught where that began. */
class AddressError extends Error {}

interface Token {
  readonly kind: 'atom' | 'quoted' | 'domain' | 'special';
  readonly text: string;
}

const WORD = /[ \t\r\n]+|"((?:[^"\\]|\\.)*)"|(\[[^[\]\\\s]*\])|([<>,:;@])|([^\s\x00-\x1f\x7f()<>[\]:;@\\,"]+)|(\()/y;

/** Null when something in it belongs nowhere. */
function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (match === null) return null;
    const [whole, quoted, domain, special, atom, comment] = match;
    if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (domain !== undefined) tokens.push({ kind: 'domain', text: domain });
    else if (special !== undefined) tokens.push({ kind: 'special', text: special });
    else if (atom !== undefined) tokens.push({ kind: 'atom', text: atom });
    at = comment === undefined ? at + whole.length : afterComment(text, at);
    if (at < 0) return null;
  }
  return tokens;
}

/** Comments may hold others; -1 when this one has no end. */
function afterComment(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return -1;
}

class Reader {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** Undefined at the end. */
  get next(): Token | undefined {
    return this.tokens[this.at];
  }

  take(): Token | undefined {
    return this.tokens[this.at++];
  }

  /** Whether this special character was next; it is taken then. */
  skip(special: string): boolean {
    const isNext = this.next?.kind === 'special' && this.next.text === special;
    if (isNext) this.at++;
    return isNext;
  }
}

function readList(reader: Reader, inGroup: boolean): MailAddress[] {
  const addresses: MailAddress[] = [];
  for (;;) {
    while (reader.skip(','));
    if (reader.next === undefined) {
      if (inGroup) throw new AddressError('group has no end');
      return addresses;
    }
    if (inGroup && reader.skip(';')) return addresses;
    addresses.push(...readAddress(reader, inGroup));
    const { next } = reader;
    const isOver = next === undefined || next.text === ',' || (inGroup && next.text === ';');
    if (!isOver) throw new AddressError('expected comma');
  }
}

/** A mailbox, or those of a group. */
function readAddress(reader: Reader, inGroup: boolean): MailAddress[] {
  const words: Token[] = [];
  while (reader.next?.kind === 'atom' || reader.next?.kind === 'quoted') words.push(reader.take()!);
  const name = words.map(({ text }) => text).join(' ');
  if (reader.skip('<')) {
    const address = readAddrSpec(reader, reader.take());
    if (!reader.skip('>')) throw new AddressError('unclosed angle-addr');
    return [{ name, address }];
  }
  if (!inGroup && words.length > 0 && reader.skip(':')) return readList(reader, true);
  if (words.length > 1) throw new AddressError('no angle-addr');
  return [{ name: '', address: readAddrSpec(reader, words[0]) }];
}

function readAddrSpec(reader: Reader, local: Token | undefined): string {
  if (local === undefined || !reader.skip('@')) throw new AddressError("missing '@' or angle-addr");
  const domain = reader.take();
  const hasDomain = domain?.kind === 'domain' || (domain?.kind === 'atom' && isDotted(domain.text));
  if (!hasDomain) throw new AddressError('no domain after @');
  return `${localPart(local)}@${domain.text}`;
}

function localPart({ kind, text }: Token): string {
  if (isDotted(text) && /^[^\s"(),:;<>@[\\\]]+$/.test(text)) return text;
  // No line of a mail dialogue may be broken by what a label holds.
  if (kind !== 'quoted' || /[\x00-\x1f\x7f<>]/.test(text)) throw new AddressError('invalid local part');
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Words between single dots. */
function isDotted(text: string): boolean {
  return !/^\.|\.\.|\.$|^$/.test(text);
}
