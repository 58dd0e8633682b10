/** Query parameters; repeated ones are lists. */
export type QueryParameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * Reads a query string. Source: Go's `url.ParseQuery` as Alertmanager uses it: what has a `;` or a `%` without two digits
 * is left out, and nothing fails.
 */
export function parseQueryString(text: string): QueryParameters {
  const found = new Map<string, string[]>();
  for (const pair of text.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const at = pair.indexOf('=');
    const name = unescape(at < 0 ? pair : pair.slice(0, at));
    const value = unescape(at < 0 ? '' : pair.slice(at + 1));
    if (name === null || value === null) continue;
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  const entries = [...found].map(([name, values]) => [name, values.length === 1 ? values[0]! : values] as const);
  return Object.fromEntries(entries);
}

/** Null where a `%` begins nothing; bytes that are no UTF-8 become U+FFFD. */
function unescape(text: string): string | null {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  if (/%(?![\da-f]{2})/i.test(spaced)) return null;
  const bytes = [...spaced.matchAll(/%([\da-f]{2})|[^%]+/gi)].map(([piece, hex]) =>
    hex === undefined ? Buffer.from(piece) : Buffer.from(hex, 'hex'),
  );
  return Buffer.concat(bytes).toString('utf8');
}
