import { type ActiveConfig } from '../config/active-config';
import { type KnownGroups } from './state-ports';

/** The groups of the running configuration. */
export function knownGroups(active: Pick<ActiveConfig, 'config' | 'groups'>): KnownGroups {
  const { config, groups } = active;
  const longestMs = [...config.routes.byId.values()].reduce(
    (longest, { repeatIntervalMs, groupIntervalMs }) => Math.max(longest, repeatIntervalMs, groupIntervalMs),
    0,
  );
  return {
    lane: config.routes.lane,
    *ids() {
      for (const { id } of groups.groups()) yield id;
    },
    has: (id) => groups.group(id) !== undefined,
    recordsKeptMs: 2 * longestMs,
  };
}

/** Before there is a configuration. */
export const NO_GROUPS: KnownGroups = { lane: '', ids: () => [], has: () => false, recordsKeptMs: 0 };
