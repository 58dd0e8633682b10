import { type ContentType, failsafe } from './content-types';

/** Whether the text is no URL with a scheme that could run script. */
function isSafeUrl(text: string): boolean {
  const colon = text.indexOf(':');
  const scheme = colon === -1 ? '' : text.slice(0, colon);
  return colon === -1 || scheme.includes('/') || /^(?:https?|mailto)$/iu.test(scheme);
}

/** At the start of a URL: only schemes that lead somewhere. */
export function filterUrl(text: string, type: ContentType): string {
  return type === 'url' || isSafeUrl(text) ? text : `#${failsafe}`;
}

const reserved = '!#$&*+,/:;=?@[]';

/** Each character as its UTF-8 bytes; a lone surrogate is a byte that is no UTF-8. */
function percentEncoded(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `%${code.toString(16).padStart(2, '0')}`;
  if (code >= 0xdc80 && code <= 0xdcff) return `%${(code - 0xdc00).toString(16)}`;
  return encodeURIComponent(/\p{Surrogate}/u.test(character) ? '\ufffd' : character).toLowerCase();
}

/** What stands for itself in a URL is kept, and what is encoded already. */
function normalize(text: string): string {
  return text.replace(/%[0-9a-fA-F]{2}|[^-A-Za-z0-9._~]/gu, (found) =>
    found.length === 3 || reserved.includes(found) ? found : percentEncoded(found),
  );
}

/** In the path of a URL: reserved characters keep their meaning. */
export function normalizeUrl(text: string): string {
  return normalize(text);
}

/** In the query of a URL, where reserved characters are data, unless the text is a URL. */
export function escapeUrl(text: string, type: ContentType): string {
  return type === 'url' ? normalize(text) : text.replace(/[^-A-Za-z0-9._~]/gu, percentEncoded);
}

/** In `srcset`: URLs, each with its width or density, separated by commas. */
export function filterSrcset(text: string, type: ContentType): string {
  switch (type) {
    case 'srcset':
      return text;
    case 'url':
      return normalize(text).replaceAll(',', '%2c');
    default:
      return text.split(',').map(filterSource).join(',');
  }
}

function filterSource(source: string): string {
  const [, before = '', url = '', after = ''] = /^([\t\n\f\r ]*)([^\t\n\f\r ]*)([^]*)$/.exec(source) ?? [];
  const isSafe = isSafeUrl(url) && /^[\t\n\f\r 0-9A-Za-z]*$/.test(after);
  return isSafe ? before + normalize(url) + after : `#${failsafe}`;
}
