import { createHash } from 'node:crypto';
import { type Labels, sortedNames } from '@tocsin/common/labels/label-set';
import { type Route } from '../routing/route';

/** Identity of a group: hash of the route's identity and the group labels, 24 hex digits. */
export function groupId(route: Pick<Route, 'id'>, groupLabels: Labels): string {
  const pairs = sortedNames(groupLabels).map((name) => [name, groupLabels[name]]);
  return createHash('sha256')
    .update(JSON.stringify([route.id, pairs]))
    .digest('hex')
    .slice(0, 24);
}
