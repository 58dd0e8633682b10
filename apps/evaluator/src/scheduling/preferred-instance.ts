import { type Instance } from '@tocsin/common/cluster/instance-registry';
import { fnv1a64Hex } from '@tocsin/common/labels/fingerprint';

/** Which live instance evaluates a group: rendezvous hashing, so that one that comes or goes moves only its share. */
export function preferredInstance(groupId: string, live: readonly Instance[]): string | null {
  let best: string | null = null;
  let bestWeight = '';
  for (const { name } of live) {
    const weight = fnv1a64Hex(`${name} ${groupId}`);
    if (best !== null && (weight < bestWeight || (weight === bestWeight && name < best))) continue;
    best = name;
    bestWeight = weight;
  }
  return best;
}
