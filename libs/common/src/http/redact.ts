import { percentDecoded } from './percent-decoded';

const HIDDEN = '<redacted>';

/** Shorter parts of an address are words, not secrets. */
const LEAST_SECRET = 8;

/** Shorter secrets are parts of too many words to be taken out of them. */
const LEAST_ANYWHERE = 4;

/** Takes secrets out of a text, longest first, so that no part of one is left over. */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text;
  for (const secret of new Set(secrets.flatMap(spellings).sort((a, b) => b.length - a.length))) {
    if (secret !== '') redacted = redacted.replaceAll(secret.length < LEAST_ANYWHERE ? asWord(secret) : secret, HIDDEN);
  }
  return redacted;
}

/** A secret that is no part of a longer word. */
function asWord(secret: string): RegExp {
  const literal = secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`${/^\w/.test(secret) ? '(?<!\\w)' : ''}${literal}${/\w$/.test(secret) ? '(?!\\w)' : ''}`, 'g');
}

/** A server that shows what it was sent may encode it. */
function spellings(secret: string): string[] {
  return [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
}

/** The parts of an address that may be secret: credentials, path and query, whole and in parts. */
export function secretsOfUrl(url: URL): string[] {
  const words = [url.username, ...url.pathname.split('/'), ...url.searchParams.values()];
  const long = words.filter((word) => word.length >= LEAST_SECRET);
  const whole = [url.href, url.pathname + url.search, url.pathname, url.search].filter((part) => part.length > 1);
  return [url.password, ...whole, ...long].flatMap((secret) => [secret, percentDecoded(secret)]);
}
