import { compareMatchers, createMatcher, type Matcher, type MatchOp } from '@tocsin/common/matchers/matcher';

/** Matchers as a route or one side of an inhibit rule has them in the file. */
export interface WrittenMatchers {
  /** Equal values by label name: the older way to write matchers. */
  readonly match: Readonly<Record<string, string>>;
  /** The same with regexes. */
  readonly matchRe: Readonly<Record<string, string>>;
  readonly matchers: readonly Matcher[];
}

/** The matchers of all three ways to write them, in their canonical order. */
export function allMatchers({ match, matchRe, matchers }: WrittenMatchers): readonly Matcher[] {
  const equal = Object.entries(match).map(([name, value]) => matcher(name, '=', value));
  const like = Object.entries(matchRe).map(([name, pattern]) => {
    // Alertmanager anchors these before they become matchers; group keys show it.
    return { ...matcher(name, '=~', pattern), value: `^(?:${pattern})$` };
  });
  return Object.freeze([...equal, ...like, ...matchers].sort(compareMatchers));
}

function matcher(name: string, op: MatchOp, value: string): Matcher {
  const created = createMatcher(name, op, value);
  if (!created.ok) throw new TypeError(`a checked configuration has valid regexes: ${created.error}`);
  return created.matcher;
}
