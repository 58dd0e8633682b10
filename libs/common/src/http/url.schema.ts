import { custom, type Decoder, string } from '../config/decode';
import { goQuote } from '../labels/go-quote';

export type CheckedUrl = { ok: true; url: string } | { ok: false; error: string };

/** Checks an absolute http or https address. Source: Alertmanager configuration, type `url`. */
export function checkHttpUrl(text: string): CheckedUrl {
  const [, scheme = '', authority = ''] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?/.exec(text) ?? [];
  if (scheme.toLowerCase() !== 'http' && scheme.toLowerCase() !== 'https') {
    return { ok: false, error: `unsupported scheme ${goQuote(scheme.toLowerCase())} for URL` };
  }
  if (authority.replace(/^.*@/, '') === '') return { ok: false, error: 'missing host for URL' };
  const escape = badEscape(text, authority);
  if (escape !== null) return { ok: false, error: `invalid URL escape ${goQuote(escape)}` };
  // The address itself stays out of the message: it may hold credentials.
  return URL.canParse(text) ? { ok: true, url: text } : { ok: false, error: 'cannot parse URL: invalid host or port' };
}

/** The first escape that stands for no byte; null: there is none. Source: Go `url.Parse`, which looks at the host first,
 *  where only bytes outside of ASCII may be escaped, and leaves the query alone. */
function badEscape(text: string, authority: string): string | null {
  const at = authority.lastIndexOf('@');
  const inHost = /%(?![89a-fA-F][0-9a-fA-F]|25).{0,2}/.exec(authority.slice(at + 1));
  if (inHost !== null) return inHost[0];
  const [address = '', ...fragment] = text.split('#');
  const [path = ''] = address.slice(address.indexOf('//') + 2 + authority.length).split('?');
  for (const part of [authority.slice(0, Math.max(at, 0)), path, fragment.join('#')]) {
    const found = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(part);
    if (found !== null) return found[0];
  }
  return null;
}

/** An absolute http or https address, as written. */
export const httpUrl: Decoder<string> = custom(string, (text, report) => {
  const checked = checkHttpUrl(text);
  return checked.ok ? checked.url : report(checked.error);
});
