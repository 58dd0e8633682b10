/** The address with `path` after its own, and these parameters among its own. Source: Go, `URL.JoinPath` without cleaning:
 *  what is no part of a path, such as `?`, is escaped. */
export function withPath(base: string, path: string, parameters: Readonly<Record<string, string>> = {}): string {
  // Whoever asks for it says that it is none.
  if (!URL.canParse(base)) return base;
  const url = new URL(base);
  url.pathname += escapePath(path);
  const entries = Object.entries(parameters);
  if (entries.length === 0) return url.href;
  const all = new Map([...url.searchParams, ...entries]);
  url.search = goQuery(Object.fromEntries(all));
  return url.href;
}

/** Parameters as a query, sorted by name. Source: Go, `url.Values.Encode`. */
export function goQuery(parameters: Readonly<Record<string, string>>): string {
  const names = Object.keys(parameters).sort();
  return names.map((name) => `${escapeQuery(name)}=${escapeQuery(parameters[name] ?? '')}`).join('&');
}

function escapeQuery(text: string): string {
  return escapeAll(text).replaceAll('%20', '+');
}

/** Leaves what a path may hold. */
function escapePath(path: string): string {
  return escapeAll(path).replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g, decodeURIComponent);
}

/** JavaScript leaves some characters that Go escapes. */
function escapeAll(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
