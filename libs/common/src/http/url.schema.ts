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
  // The address itself stays out of the message: it may hold credentials.
  return URL.canParse(text) ? { ok: true, url: text } : { ok: false, error: 'cannot parse URL: invalid host or port' };
}

/** An absolute http or https address, as written. */
export const httpUrl: Decoder<string> = custom(string, (text, report) => {
  const checked = checkHttpUrl(text);
  return checked.ok ? checked.url : report(checked.error);
});
