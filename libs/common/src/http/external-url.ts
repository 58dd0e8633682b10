export type ParsedExternalUrl = { ok: true; externalUrl: string; routePrefix: string } | { ok: false; error: string };

/**
 * The URL others reach this program at, without a trailing slash, and the path all routes begin with ('' for none).
 * Source: Alertmanager, flags `--web.external-url` and `--web.route-prefix`.
 */
export function parseExternalUrl(options: {
  /** '' or undefined: `http://<hostname>:<port>/`. */
  externalUrl: string | undefined;
  /** Undefined: the path of the external URL. */
  routePrefix: string | undefined;
  hostname: string;
  /** Port of the first listener. */
  port: number;
}): ParsedExternalUrl {
  const text = options.externalUrl || `http://${options.hostname}:${options.port}/`;
  const refused = (reason: string): ParsedExternalUrl => ({
    ok: false,
    error: `failed to determine external URL: ${reason}`,
  });
  if (/^["']|["']$/.test(text)) return refused('URL must not begin or end with quotes');
  if (!URL.canParse(text)) return refused(`${JSON.stringify(text)} is not a URL`);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refused(
      `${JSON.stringify(text)}: invalid ${JSON.stringify(url.protocol.slice(0, -1))} scheme, only 'http' and 'https' are supported`,
    );
  }
  const path = trimSlashes(url.pathname);
  const credentials = url.username === '' ? '' : `${url.username}${url.password && `:${url.password}`}@`;
  return {
    ok: true,
    externalUrl: `${url.protocol}//${credentials}${url.host}${path}${url.search}`,
    routePrefix: trimSlashes(options.routePrefix ?? path),
  };
}

/** `/x/y`, or '' for the root. */
function trimSlashes(path: string): string {
  const inner = path.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}
