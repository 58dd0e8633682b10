/** What a reader of a mail sees of it. */
export interface SeenMail {
  readonly subject: string;
  /** The text of its HTML: without head and tags, white space collapsed. */
  readonly text: string;
  /** Where its links lead, in order. */
  readonly links: readonly string[];
}

/** Reads a mail as it went over the wire. */
export function readMail(raw: string): SeenMail {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const subject = /^Subject: ?((?:.*\r\n[ \t])*.*)/im.exec(head)?.[1] ?? '';
  const html = htmlPart(head, rest.join('\r\n\r\n'));
  const body = html.replace(/<head[\s>][\s\S]*?<\/head>/i, '').replace(/<(style|script)[\s>][\s\S]*?<\/\1>/gi, '');
  const links = [...body.matchAll(/<a\s[^>]*href="([^"]*)"/gi)].map(([, link]) => unescapeHtml(link ?? ''));
  // Of the elements only those that make a line of their own part words.
  const spaced = body.replace(/<(?:br|p|div|td|tr|table|h\d|hr)[\s>/]/gi, ' $&').replace(/<[^>]*>/g, '');
  return { subject: decodeHeader(subject), text: unescapeHtml(spaced).replace(/\s+/g, ' ').trim(), links };
}

function htmlPart(head: string, body: string): string {
  const boundary = /boundary="?([^";\r\n]+)/i.exec(head)?.[1];
  const parts = boundary === undefined ? [`${head}\r\n\r\n${body}`] : body.split(`--${boundary}`);
  const part = parts.find((text) => /^Content-Type: text\/html/im.test(text));
  if (part === undefined) throw new Error(`the mail has no HTML: ${head}\n${body.slice(0, 500)}`);
  const content = part.slice(part.indexOf('\r\n\r\n') + 4);
  return /^Content-Transfer-Encoding: quoted-printable/im.test(part) ? decodeQuoted(content) : content;
}

function decodeQuoted(text: string): string {
  return decodeBytes(text.replace(/=\r\n/g, ''));
}

/** `=C3=A9`, anything else as it is. */
function decodeBytes(text: string): string {
  const bytes = Buffer.from(text);
  const decoded: number[] = [];
  for (let place = 0; place < bytes.length; place++) {
    const hex = bytes[place] === 0x3d ? bytes.toString('latin1', place + 1, place + 3) : '';
    decoded.push(/^[\dA-F]{2}$/i.test(hex) ? parseInt(hex, 16) : (bytes[place] ?? 0));
    if (/^[\dA-F]{2}$/i.test(hex)) place += 2;
  }
  return Buffer.from(decoded).toString();
}

/** Source: RFC 2047. */
function decodeHeader(value: string): string {
  const unfolded = value.replace(/\r\n[ \t]+/g, ' ').replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1');
  const words = /(?:=\?utf-8\?([bq])\?([^?]*)\?=)/gi;
  return unfolded.replace(words, (_, form: string, text: string) =>
    form.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString() : decodeBytes(text.replaceAll('_', ' ')),
  );
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', copy: '©' };

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? all;
    return String.fromCodePoint(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal));
  });
}
