import { type RecordChange } from '../pipeline/notification-log';
import { NO_RECORD, type Told } from '../pipeline/notification-record';
import { type RouteTree } from '../routing/route';
import { type Silence } from '../silences/silence';
import { GroupKeyLookup } from './group-key-lookup';
import { type SavedNotification } from './nflog-snapshot';
import { type SavedSilence } from './silence-snapshot';

/** The silences Alertmanager would still know. */
export function silencesToKeep(saved: readonly SavedSilence[], nowMs: number): Silence[] {
  return saved.filter(({ expiresAtMs }) => expiresAtMs > nowMs).map(({ silence }) => silence);
}

/** Records to write for one group, and when they end unless the group is told again. */
export interface MovedGroup {
  readonly groupId: string;
  readonly changes: RecordChange[];
  expiresAtMs: number;
}

/** What becomes of an Alertmanager's notification log. */
export interface RecordPlan {
  readonly groups: readonly MovedGroup[];
  /** Notifications that Alertmanager would have forgotten. */
  readonly expired: number;
  /** Group keys and integrations that the configuration does not have. */
  readonly unmapped: readonly { readonly groupKey: string; readonly integration: string }[];
}

/** Turns notifications of an Alertmanager into records of the groups that have their keys now. */
export function planRecords(
  saved: readonly SavedNotification[],
  routes: RouteTree,
  isIntegration: (key: string) => boolean,
  nowMs: number,
): RecordPlan {
  const lookup = new GroupKeyLookup(routes);
  const groups = new Map<string, MovedGroup>();
  const unmapped: SavedNotification[] = [];
  let expired = 0;
  for (const notification of saved) {
    const { groupKey, receiver, integration, expiresAtMs } = notification;
    if (expiresAtMs <= nowMs) {
      expired++;
      continue;
    }
    const groupIds = isIntegration(integration) ? lookup.groupIds(groupKey, receiver) : [];
    if (groupIds.length === 0) unmapped.push(notification);
    for (const groupId of groupIds) {
      const group = groups.get(groupId) ?? { groupId, changes: [], expiresAtMs };
      groups.set(groupId, group);
      group.changes.push(recordOf(notification, nowMs));
      group.expiresAtMs = Math.max(group.expiresAtMs, expiresAtMs);
    }
  }
  return {
    groups: [...groups.values()],
    expired,
    unmapped: unmapped.map(({ groupKey, integration }) => ({ groupKey, integration })),
  };
}

function recordOf(
  { integration, atMs, firing, resolved, receiverData }: SavedNotification,
  nowMs: number,
): RecordChange {
  const hasData = Object.keys(receiverData).length > 0;
  const told: Told = {
    sequence: nowMs,
    atMs,
    firing,
    resolved,
    hashing: 'xxhash',
    ...(hasData && { receiverData }),
  };
  return { integration, expectedRevision: 0, record: { ...NO_RECORD, sequence: nowMs, told } };
}
