import { type Matcher, matchersText } from '@tocsin/common/matchers/matcher';
import { type YamlPath } from '@tocsin/common/config/yaml-document';
import { formatDuration } from '@tocsin/common/time/duration';
import { type RouteFields } from '../routing/route.schema';
import { allMatchers } from './all-matchers';
import { ROOT_DEFAULTS } from './compile-config';
import { type ReportLint } from './lint-finding';
import { MatcherFacts } from './matcher-logic';

interface Timers {
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
}

/** Below this, alerts that come again a little late end and begin groups. */
const SHORT_GROUP_INTERVAL_MS = 10_000;

/** Routes no alert gets to, and timers that do not go together. */
export function lintRoutes(root: RouteFields, retentionMs: number, report: ReportLint): void {
  lintRoute(root, ROOT_DEFAULTS);

  function lintRoute(
    route: RouteFields,
    inherited: Timers,
    path: YamlPath = ['route'],
    above: readonly Matcher[] = [],
  ) {
    const timers = {
      groupIntervalMs: route.groupIntervalMs ?? inherited.groupIntervalMs,
      repeatIntervalMs: route.repeatIntervalMs ?? inherited.repeatIntervalMs,
    };
    if (path.length === 1 || route.groupIntervalMs !== null || route.repeatIntervalMs !== null) {
      lintTimers(route, timers, path);
    }
    const siblings: Sibling[] = [];
    for (const [at, child] of route.children.entries()) {
      const own = allMatchers(child);
      const matchers = [...above, ...own];
      const childPath = [...path, 'routes', at];
      const reason = whyUnreachable(matchers, siblings);
      siblings.push({ matchers: own, position: at + 1, continues: child.continue });
      if (reason === null) lintRoute(child, timers, childPath, matchers);
      else report('route-unreachable', childPath, `no alert gets to this route: ${reason}`);
    }
  }

  function lintTimers(route: RouteFields, { groupIntervalMs, repeatIntervalMs }: Timers, path: YamlPath): void {
    const group = `group_interval ${formatDuration(groupIntervalMs)}`;
    const repeat = `repeat_interval ${formatDuration(repeatIntervalMs)}`;
    const at = (key: string, isOwn: boolean): YamlPath => (isOwn ? [...path, key] : path);
    const groupPath = at('group_interval', route.groupIntervalMs !== null);
    const repeatPath = route.repeatIntervalMs === null ? groupPath : [...path, 'repeat_interval'];
    if (groupIntervalMs < SHORT_GROUP_INTERVAL_MS) {
      const what = 'a storm of notifications may follow when senders are late';
      report('group-interval-short', groupPath, `${group} is under 10s: ${what}`);
    }
    if (repeatIntervalMs < groupIntervalMs) {
      report('repeat-below-group-interval', repeatPath, `${repeat} has no effect below ${group}`);
    } else if (repeatIntervalMs % groupIntervalMs !== 0) {
      const nextMs = Math.ceil(repeatIntervalMs / groupIntervalMs) * groupIntervalMs;
      const effect = `so repeats come every ${formatDuration(nextMs)}`;
      report('repeat-off-grid', repeatPath, `${repeat} is no multiple of ${group}, ${effect}`);
    }
    if (repeatIntervalMs > retentionMs) {
      const retention = `--data.retention (${formatDuration(retentionMs)})`;
      const effect = 'Alertmanager would repeat after that already';
      report('repeat-above-retention', repeatPath, `${repeat} is longer than ${retention}: ${effect}`);
    }
  }
}

interface Sibling {
  readonly matchers: readonly Matcher[];
  /** From 1. */
  readonly position: number;
  readonly continues: boolean;
}

/** `matchers` are those of the route and all above it. */
function whyUnreachable(matchers: readonly Matcher[], before: readonly Sibling[]): string | null {
  const facts = new MatcherFacts(matchers);
  if (facts.contradict()) return `${matchersText(matchers)} contradict each other`;
  const taker = before.find((sibling) => !sibling.continues && facts.imply(sibling.matchers));
  if (taker === undefined) return null;
  const place = `route ${taker.position} of the same list`;
  return `${place}, ${matchersText(taker.matchers)}, takes all it matches and does not continue`;
}
