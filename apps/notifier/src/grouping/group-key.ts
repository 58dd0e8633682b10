import { createHash } from 'node:crypto';
import { type Labels, labelSetText } from '@tocsin/common/labels/label-set';
import { type Route } from '../routing/route';

/** Alertmanager's name of a group: `{}/{severity="critical"}:{alertname="x"}`. Equal siblings share it. */
export function groupKey(route: Pick<Route, 'key'>, groupLabels: Labels): string {
  return `${route.key}:${labelSetText(groupLabels)}`;
}

/** SHA-256 of a group key, hex: the dedup key, alias or label by which receivers know a group. */
export function groupKeyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
