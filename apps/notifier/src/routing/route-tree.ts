import { createHash } from 'node:crypto';
import { compareBytes, type Labels } from '@tocsin/common/labels/label-set';
import { matchersText, matchesLabels } from '@tocsin/common/matchers/matcher';
import { type Route, type RouteTree } from './route';

/** A route as configured, everything inherited, before it has an identity. */
export interface RouteSpec extends Omit<Route, 'id' | 'key' | 'children'> {
  readonly children: readonly RouteSpec[];
}

/** Gives every route its key and its stable id. */
export function buildRouteTree(root: RouteSpec): RouteTree {
  const byId = new Map<string, Route>();
  const shape = shapeOf(root);
  const rootRoute = place(shape, digest('root', shape.own), '{}', byId);
  const lane = digest(...[...byId.keys()].sort());
  return Object.freeze({ root: rootRoute, lane, byId });
}

/** The routes that notify about an alert, in order. Source: Alertmanager: a route of which no child matched matches
 *  itself; the first child that matched ends the search unless it says `continue`. `asked` takes down which routes below
 *  the root were asked, and whether they match. */
export function matchRoutes(tree: RouteTree, labels: Labels, asked?: Map<Route, boolean>): Route[] {
  const matched: Route[] = [];
  collect(tree.root, labels, matched, asked);
  return matched;
}

function collect(route: Route, labels: Labels, matched: Route[], asked: Map<Route, boolean> | undefined): void {
  const before = matched.length;
  for (const child of route.children) {
    const matches = matchesLabels(child.matchers, labels);
    asked?.set(child, matches);
    if (!matches) continue;
    collect(child, labels, matched, asked);
    if (!child.continue) break;
  }
  if (matched.length === before) matched.push(route);
}

/** A route with what identity is made of: `own` of it alone, `whole` of everything from it down, whatever the order. */
interface Shape {
  readonly spec: RouteSpec;
  readonly own: string;
  readonly whole: string;
  readonly children: readonly Shape[];
}

function shapeOf(spec: RouteSpec): Shape {
  const groupBy = spec.groupBy === 'all' ? 'all' : [...spec.groupBy].sort(compareBytes);
  // Matchers are sorted by whoever parsed them, so their order in the file does not count.
  const own = JSON.stringify([matchersText(spec.matchers), spec.receiver, groupBy]);
  const children = spec.children.map(shapeOf);
  return { spec, own, whole: digest(own, ...children.map(({ whole }) => whole).sort()), children };
}

function place({ spec, children }: Shape, id: string, key: string, byId: Map<string, Route>): Route {
  const ids = childIds(children, id);
  const placed = children.map((child) =>
    place(child, ids.get(child)!, `${key}/${matchersText(child.spec.matchers)}`, byId),
  );
  const route: Route = Object.freeze({ ...spec, id, key, children: Object.freeze(placed) });
  byId.set(id, route);
  return route;
}

/** Siblings that look the same are told apart by an ordinal, counted in the order of what is below them, then of the
 *  file, so that moving siblings about moves no ids. */
function childIds(children: readonly Shape[], parentId: string): Map<Shape, string> {
  const twins = new Map<string, number>();
  const ids = new Map<Shape, string>();
  for (const child of [...children].sort((a, b) => compareBytes(a.whole, b.whole))) {
    const ordinal = twins.get(child.own) ?? 0;
    twins.set(child.own, ordinal + 1);
    ids.set(child, digest(parentId, child.own, String(ordinal)));
  }
  return ids;
}

/** 16 hex digits. The parts are told apart by NUL, which none of them holds outside of JSON quotes. */
function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}
