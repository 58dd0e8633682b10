import { parseClassicMatcher, parseClassicMatchers, type ParsedList } from './classic-parser';
import { compareMatchers, type Matcher, matcherText } from './matcher';
import { parseUtf8Matchers } from './utf8-parser';

/** Which grammar counts. Source: Alertmanager `--enable-feature=classic-mode` and `utf8-strict-mode`. */
export type MatcherMode = 'fallback' | 'classic' | 'utf8';

/** The classic grammar won: the other refuses the text (`reason`) or reads it differently; `suggestion` suits both. */
export type MatcherWarning =
  { kind: 'classic-only'; suggestion: string; reason: string } | { kind: 'disagreement'; suggestion: string };

export type ParsedMatchers =
  { ok: true; matchers: readonly Matcher[]; warning?: MatcherWarning } | { ok: false; error: string };

export type ParsedMatcher = { ok: true; matcher: Matcher; warning?: MatcherWarning } | { ok: false; error: string };

/** Any number of matchers in the order given, with or without braces (configuration). */
export function parseMatchers(text: string, mode: MatcherMode): ParsedMatchers {
  if (mode === 'classic') return parseClassicMatchers(text);
  if (mode === 'utf8') return parseUtf8Matchers(text);
  return preferUtf8(parseUtf8Matchers(text), parseClassicMatchers(text));
}

/** Exactly one matcher (API filters, command line). */
export function parseMatcher(text: string, mode: MatcherMode): ParsedMatcher {
  if (mode === 'classic') return parseClassicMatcher(text);
  if (text.startsWith('{') || text.endsWith('}')) {
    return { ok: false, error: `unexpected open or close brace: ${text}` };
  }
  const utf8 = exactlyOne(parseUtf8Matchers(text));
  if (mode === 'utf8') return single(utf8);
  const classic = parseClassicMatcher(text);
  return single(preferUtf8(utf8, classic.ok ? { ok: true, matchers: [classic.matcher] } : classic));
}

/** Source: Alertmanager `matcher/compat`: what both accept and read differently keeps its classic meaning. */
function preferUtf8(utf8: ParsedList, classic: ParsedList): ParsedMatchers {
  if (!classic.ok) return utf8.ok ? utf8 : classic;
  const suggestion = classic.matchers.map(matcherText).join(',');
  if (!utf8.ok) return { ...classic, warning: { kind: 'classic-only', suggestion, reason: utf8.error } };
  if (sameMatchers(utf8.matchers, classic.matchers)) return utf8;
  return { ...classic, warning: { kind: 'disagreement', suggestion } };
}

function sameMatchers(a: readonly Matcher[], b: readonly Matcher[]): boolean {
  return a.length === b.length && a.every((matcher, at) => compareMatchers(matcher, b[at]!) === 0);
}

function exactlyOne(parsed: ParsedList): ParsedList {
  if (!parsed.ok || parsed.matchers.length === 1) return parsed;
  const found = parsed.matchers.length;
  return { ok: false, error: found === 0 ? 'no matchers' : `expected 1 matcher, found ${found}` };
}

function single(parsed: ParsedMatchers): ParsedMatcher {
  if (!parsed.ok) return parsed;
  const { matchers, ...rest } = parsed;
  return { ...rest, matcher: matchers[0]! };
}
