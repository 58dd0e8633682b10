import { labelValue, type Labels, pickLabels } from '@tocsin/common/labels/label-set';
import { type AlertChange, type StoredAlert } from '../alerts/alert-book';
import { type Route, type RouteTree } from '../routing/route';
import { matchRoutes } from '../routing/route-tree';
import { groupId } from './group-id';
import { groupKey } from './group-key';

/** A group of a route. */
export interface GroupRef {
  readonly id: string;
  readonly route: Route;
  readonly labels: Labels;
  /** Alertmanager's group key, made anew on each read: with `group_by: ['...']` it repeats every label of an alert. */
  readonly key: string;
}

type Routable = Pick<StoredAlert, 'fingerprint' | 'labels'>;

/**
 * Which alerts are in which group, kept up to date from the alert book's changes.
 *
 * An alert is a member of every group its labels route to, except of those that are done with it (`settledIn`). A
 * group exists as long as it has a member.
 */
export class GroupIndex {
  private tree: RouteTree;
  private byId = new Map<string, Group>();
  /** The same groups by route and group labels, which spares each new alert the hashing. */
  private byPlace = new Map<string, Group>();
  /** Where known alerts route to, by fingerprint. */
  private routed = new Map<string, readonly Group[]>();

  constructor(tree: RouteTree, alerts: Iterable<StoredAlert> = []) {
    this.tree = tree;
    this.rebuild(tree, alerts);
  }

  /** Starts over with another tree and these alerts. */
  rebuild(tree: RouteTree, alerts: Iterable<StoredAlert>): void {
    this.tree = tree;
    this.byId = new Map();
    this.byPlace = new Map();
    this.routed = new Map();
    for (const alert of alerts) this.put(alert);
  }

  /** Follows the alert book. Applying a change twice is harmless. */
  apply(changes: readonly AlertChange[]): void {
    for (const { fingerprint, before, after } of changes) {
      if (after === null) this.forget(fingerprint);
      else if (before === null || !isSamePlace(before, after)) this.put(after);
    }
  }

  /** The groups an alert routes to, in route order, a member or not. Remembered until the book forgets the alert, so
   *  ask only for alerts that are in the book or about to be. */
  groupsOf(alert: Routable): readonly GroupRef[] {
    return this.route(alert);
  }

  group(id: string): GroupRef | undefined {
    const group = this.byId.get(id);
    return group !== undefined && group.members.size > 0 ? group : undefined;
  }

  /** Fingerprints of a group's alerts; changes with the next `apply`. */
  members(id: string): ReadonlySet<string> {
    return this.byId.get(id)?.members ?? NO_MEMBERS;
  }

  /** Whether `members` lists them in the order that was kept last: none joined since. */
  isInOrder(id: string): boolean {
    return this.byId.get(id)?.isInOrder ?? true;
  }

  /** Lists the members in this order until another one joins; one that leaves changes nothing about it. */
  keepOrder(id: string, ordered: readonly { readonly fingerprint: string }[]): void {
    const group = this.byId.get(id);
    if (group === undefined || group.members.size !== ordered.length) return;
    group.members.clear();
    for (const { fingerprint } of ordered) group.members.add(fingerprint);
    group.isInOrder = true;
  }

  /** Whether any group has something left to do with an alert. */
  isMember(fingerprint: string): boolean {
    return this.routed.get(fingerprint)?.some((group) => group.members.has(fingerprint)) ?? false;
  }

  /** All groups. */
  *groups(): IterableIterator<GroupRef> {
    for (const group of this.byId.values()) {
      if (group.members.size > 0) yield group;
    }
  }

  private put(alert: StoredAlert): void {
    const { fingerprint, settledIn } = alert;
    for (const group of this.route(alert)) {
      if (settledIn.includes(group.id)) group.members.delete(fingerprint);
      else group.join(fingerprint);
    }
  }

  private forget(fingerprint: string): void {
    for (const group of this.routed.get(fingerprint) ?? []) {
      group.members.delete(fingerprint);
      group.alerts--;
      if (group.alerts > 0) continue;
      this.byId.delete(group.id);
      this.byPlace.delete(group.place);
    }
    this.routed.delete(fingerprint);
  }

  private route(alert: Routable): readonly Group[] {
    const known = this.routed.get(alert.fingerprint);
    if (known !== undefined) return known;
    const groups = matchRoutes(this.tree, alert.labels).map((route) => this.groupIn(route, alert));
    for (const group of groups) group.alerts++;
    const [first] = groups;
    const routed = first !== undefined && groups.length === 1 ? first.alone : groups;
    this.routed.set(alert.fingerprint, routed);
    return routed;
  }

  private groupIn(route: Route, alert: Routable): Group {
    const place = placeOf(route, alert);
    const existing = this.byPlace.get(place);
    if (existing !== undefined) return existing;
    const labels = route.groupBy === 'all' ? alert.labels : pickLabels(alert.labels, route.groupBy);
    const group = new Group(route, labels, place);
    this.byPlace.set(place, group);
    this.byId.set(group.id, group);
    return group;
  }
}

/** Whether only times moved, which is by far the most frequent change: membership is the same. */
function isSamePlace(before: StoredAlert, after: StoredAlert): boolean {
  return before.version === after.version && before.settledIn === after.settledIn;
}

const NO_MEMBERS: ReadonlySet<string> = new Set();

class Group implements GroupRef {
  readonly id: string;
  /** Fingerprints. */
  readonly members = new Set<string>();
  isInOrder = false;
  /** Alerts that route here, members or not. */
  alerts = 0;
  /** One array for all alerts that route to this group only, which is most of them. */
  readonly alone: readonly Group[] = [this];

  constructor(
    readonly route: Route,
    readonly labels: Labels,
    readonly place: string,
  ) {
    this.id = groupId(route, labels);
  }

  get key(): string {
    return groupKey(this.route, this.labels);
  }

  join(fingerprint: string): void {
    if (this.members.has(fingerprint)) return;
    this.members.add(fingerprint);
    this.isInOrder = false;
  }
}

/** Tells groups apart: the route and, unambiguously, the values of its group labels. */
function placeOf(route: Route, alert: Routable): string {
  let place = route.id;
  if (route.groupBy === 'all') return place + alert.fingerprint;
  for (const name of route.groupBy) {
    const value = labelValue(alert.labels, name);
    place += value === undefined ? ',' : `,${value.length}:${value}`;
  }
  return place;
}
