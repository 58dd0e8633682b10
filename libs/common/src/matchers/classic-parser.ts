import { isValidUtf8 } from '../labels/label-set';
import { createMatcher, type CreatedMatcher, goSpace, type Matcher, type MatchOp } from './matcher';

export type ParsedList = { ok: true; matchers: Matcher[] } | { ok: false; error: string };

// Go's \s has neither \v nor the Unicode spaces.
const head = /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)/;
const asciiSpace = /[\t\n\f\r ]/;

/** A list in the grammar from before UTF-8 names. Source: Alertmanager `pkg/labels.ParseMatchers`. */
export function parseClassicMatchers(text: string): ParsedList {
  const matchers: Matcher[] = [];
  for (const segment of splitAtCommas(text.replace(/^\{/, '').replace(/\}$/, ''))) {
    const parsed = parseClassicMatcher(segment);
    if (!parsed.ok) return parsed;
    matchers.push(parsed.matcher);
  }
  return { ok: true, matchers };
}

/** One matcher in the grammar from before UTF-8 names. Source: Alertmanager `pkg/labels.ParseMatcher`. */
export function parseClassicMatcher(text: string): CreatedMatcher {
  const parts = head.exec(text);
  if (parts === null) return { ok: false, error: `bad matcher format: ${text}` };
  const [whole, name = '', op = ''] = parts;
  const raw = trim(text.slice(whole.length), asciiSpace);
  if (!isValidUtf8(raw)) return { ok: false, error: `matcher value not valid UTF-8: ${raw}` };
  const value = unescapeValue(raw);
  if (value === null) return { ok: false, error: `matcher value contains unescaped double quote: ${raw}` };
  return createMatcher(name, op as MatchOp, value);
}

/** Splits outside unescaped double quotes; what follows the last comma is trimmed and left out when empty. */
function splitAtCommas(text: string): string[] {
  const segments: string[] = [];
  let start = 0;
  let quoted = false;
  let escaped = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === ',' && !quoted) {
      segments.push(text.slice(start, at));
      start = at + 1;
    } else if (char === '"') {
      if (!escaped) quoted = !quoted;
      escaped = false;
    } else if (char !== ',') {
      escaped = char === '\\' && !escaped;
    }
  }
  const last = trim(text.slice(start), goSpace);
  if (last !== '') segments.push(last);
  return segments;
}

/** Without the outer characters that `space` matches; a regex anchored at the end would be quadratic. */
function trim(text: string, space: RegExp): string {
  let from = 0;
  let to = text.length;
  while (from < to && space.test(text.charAt(from))) from++;
  while (from < to && space.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

/** The value without its quotes and escapes; null when a double quote stands where none may. */
function unescapeValue(raw: string): string | null {
  const quoted = raw.startsWith('"');
  const body = quoted ? raw.slice(1) : raw;
  let value = '';
  let at = 0;
  for (; at < body.length; at++) {
    const char = body.charAt(at);
    if (char === '"') break;
    const next = body.charAt(at + 1);
    if (char === '\\' && (next === 'n' || next === '"' || next === '\\')) {
      value += next === 'n' ? '\n' : next;
      at++;
    } else {
      value += char;
    }
  }
  // A quote is met exactly when one opened, and then as the last character.
  return at === (quoted ? body.length - 1 : body.length) ? value : null;
}
