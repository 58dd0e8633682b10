import { labelValue, type Labels } from '@tocsin/common/labels/label-set';
import { matcherText } from '@tocsin/common/matchers/matcher';
import { type Route, type RouteTree } from '../routing/route';
import { matchRoutes } from '../routing/route-tree';

/** What became of one route when an alert looked for its routes. */
export interface RouteTrace {
  readonly route: Route;
  /** `not asked`: a sibling before it matched and does not continue. */
  readonly outcome: 'matched' | 'not matched' | 'not asked';
  /** Empty where it was not asked. */
  readonly matchers: readonly MatcherTrace[];
  /** Whether it is one that notifies: it matched, and none of its children did. */
  readonly notifies: boolean;
  /** Empty unless it matched. */
  readonly children: readonly RouteTrace[];
}

export interface MatcherTrace {
  /** `name="value"` */
  readonly text: string;
  readonly matches: boolean;
}

/** The way of an alert through the routing tree, from the root, which everything matches. */
export function traceRoutes(tree: RouteTree, labels: Labels): RouteTrace {
  const asked = new Map<Route, boolean>([[tree.root, true]]);
  const notifying = new Set(matchRoutes(tree, labels, asked));
  const trace = (route: Route): RouteTrace => {
    const matches = asked.get(route);
    return {
      route,
      outcome: matches === undefined ? 'not asked' : matches ? 'matched' : 'not matched',
      matchers:
        matches === undefined
          ? []
          : route.matchers.map((matcher) => ({
              text: matcherText(matcher),
              matches: matcher.matches(labelValue(labels, matcher.name) ?? ''),
            })),
      notifies: notifying.has(route),
      children: matches === true ? route.children.map(trace) : [],
    };
  };
  return trace(tree.root);
}
