import { compareStrings } from './go-string';
import { type GoMap, type MapKey } from './value';

/** The keys of a map in the order in which Go prints and ranges over them. */
export function sortedKeys(map: GoMap): MapKey[] {
  return [...map.keys()].sort(compareKeys);
}

function compareKeys(left: MapKey, right: MapKey): number {
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right);
  if (typeof left === 'boolean' || typeof right === 'boolean') return Number(left) - Number(right);
  if (Number.isNaN(left)) return Number.isNaN(right) ? 0 : -1;
  if (Number.isNaN(right)) return 1;
  return left < right ? -1 : left > right ? 1 : 0;
}
