import { goUnquote } from '@tocsin/common/labels/go-quote';
import { type Labels, labelsOf, NO_LABELS } from '@tocsin/common/labels/label-set';
import { groupId } from '../grouping/group-id';
import { type Route, type RouteTree } from '../routing/route';

/** Finds groups by Alertmanager's name for them, `{}/{severity="critical"}:{alertname="x", job="y"}`. */
export class GroupKeyLookup {
  private readonly byKey = new Map<string, Route[]>();

  constructor(tree: RouteTree) {
    for (const route of tree.byId.values()) {
      const twins = this.byKey.get(route.key);
      if (twins === undefined) this.byKey.set(route.key, [route]);
      else twins.push(route);
    }
  }

  /** Ids of the groups with this key that tell this receiver: several where routes look the same. */
  groupIds(key: string, receiver: string): string[] {
    const found: string[] = [];
    // A route key ends where a label set begins, but matchers may hold that text as well.
    for (let end = key.indexOf(':{'); end !== -1; end = key.indexOf(':{', end + 1)) {
      const routes = this.byKey.get(key.slice(0, end));
      const labels = routes && parseLabelSet(key.slice(end + 1));
      if (!routes || !labels) continue;
      for (const route of routes) {
        if (route.receiver === receiver && isGrouping(route, labels)) found.push(groupId(route, labels));
      }
    }
    return found;
  }
}

/** Whether the route makes groups with these labels; another one was written under an older configuration. */
function isGrouping({ groupBy }: Route, labels: Labels): boolean {
  return groupBy === 'all' || Object.keys(labels).every((name) => groupBy.includes(name));
}

/** Reads `{name="value", …}` as `labelSetText` writes it; null where it is something else. */
export function parseLabelSet(text: string): Labels | null {
  if (text === '{}') return NO_LABELS;
  if (!text.startsWith('{')) return null;
  const pairs: [string, string][] = [];
  let at = 1;
  while (at < text.length) {
    const [whole, name = '', quoted = ''] = pair.exec(text.slice(at)) ?? [''];
    const value = goUnquote(quoted);
    if (!value.ok) return null;
    pairs.push([name, value.text]);
    at += whole.length;
  }
  return text.endsWith('}') ? labelsOf(pairs) : null;
}

/** A name, which may hold anything, up to its value in quotes; then a comma or the end. */
const pair = /^(.+?)=("(?:[^"\\]|\\.)*")(?:, |}$)/s;
