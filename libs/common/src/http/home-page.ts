/** What a server says of itself. */
export interface Home {
  /** What listens here: `Tocsin notifier`. */
  readonly name: string;
  readonly version: string;
  /** Paths worth a look, below the route prefix and without a slash at their beginning. */
  readonly links: readonly string[];
}

/** A page without scripts and styles. Its links are relative, so that they lead back through any proxy; `path` is the one
 *  it was asked for by, with or without a slash at its end. */
export function homePage({ name, version, links }: Home, path: string): string {
  const base = path.endsWith('/') ? '' : `${path.slice(path.lastIndexOf('/') + 1)}/`;
  const items = links.map((link) => `<li><a href="./${base}${link}">/${link}</a></li>`);
  return [
    '<!DOCTYPE html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${name}</title></head><body>`,
    `<h1>${name} ${version}</h1>`,
    `<ul>${items.join('')}</ul>`,
    '</body></html>',
    '',
  ].join('\n');
}
