/** Whether Go's `url.ParseRequestURI` takes it: an absolute URI or a rooted path. Source: go-openapi's format `uri`. */
export function isRequestUri(text: string): boolean {
  if (commonUrl.test(text) || text === '*') return true;
  if (/[\x00-\x1f\x7f]/.test(text)) return false;
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(text)?.[0] ?? '';
  const [rest = ''] = text.slice(scheme.length).split('?', 1);
  if (!rest.startsWith('/')) return scheme !== '';
  if (scheme === '' || !rest.startsWith('//')) return hasValidEscapes(rest);
  const [, authority = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return isAuthority(authority) && hasValidEscapes(path);
}

/** What nearly every sender has: `http(s)://host[:port]/path?query`, escapes only in the query. */
const commonUrl = /^https?:\/\/[\w.-]+(?::\d*)?(?:\/[\w./~+-]*)?(?:\?[!-~]*)?$/;

function hasValidEscapes(path: string): boolean {
  return !/%(?![\da-f]{2})/i.test(path);
}

/** `[user@]host[:port]`; only bytes outside ASCII may be escaped in a host. */
function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  const host = authority.slice(at + 1);
  if (!/^(?:[\w.~!$&'()*+,;=:%-])*$/.test(user) || !hasValidEscapes(user)) return false;
  if (host.startsWith('[')) return /^\[[^\]]*\](?::\d*)?$/.test(host);
  const [, name = '', port = ''] = /^(.*):([^:]*)$/s.exec(host) ?? ['', host];
  return /^\d*$/.test(port) && /^(?:[^\x00-\x20%\\^`{|}/?#@]|%[89a-f][\da-f])*$/i.test(name);
}
