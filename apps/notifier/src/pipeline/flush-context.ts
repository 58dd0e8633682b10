import { type Labels } from '@tocsin/common/labels/label-set';
import { type AlertView, type StoredAlert } from '../alerts/alert-book';
import { flushOrder } from '../grouping/flush-order';
import { type GroupIndex, type GroupRef } from '../grouping/groups';
import { type Integration } from '../receivers/integration';
import { type FlushContext } from './decide-flush';
import { muteAlerts } from './mute-alerts';
import { type Muting } from './muting';

/** What is known of a group that is to be flushed. */
export interface FlushInput {
  readonly nowMs: number;
  readonly group: GroupRef;
  /** In flush order. */
  readonly members: readonly StoredAlert[];
  /** Of the group's receiver. */
  readonly integrations: readonly Integration[];
  readonly records: FlushContext['records'];
  readonly muting: Muting;
  /** Default: as they stand in the file. */
  readonly routeLabels?: Labels;
  /** Of the due queue `groups`. */
  readonly claim: { readonly lane: string; readonly revision: number };
}

/** Everything the flush is decided from. */
export function flushContext({
  nowMs,
  group,
  members,
  integrations,
  records,
  muting,
  routeLabels = group.route.labels,
  claim,
}: FlushInput): FlushContext {
  const { route } = group;
  return {
    nowMs,
    members,
    muted: muteAlerts(members, route, muting),
    integrations: integrations.map(({ key, sendResolved, onMuted, limits }) => ({
      key,
      sendResolved,
      onMuted: onMuted ?? route.onMuted,
      limits,
    })),
    records,
    groupIntervalMs: route.groupIntervalMs,
    group: {
      receiver: route.receiver,
      groupKey: group.key,
      groupLabels: group.labels,
      routeLabels,
      repeatIntervalMs: route.repeatIntervalMs,
      lane: claim.lane,
      revision: claim.revision,
    },
  };
}

/** The alerts of a group in flush order. It depends on their labels only, so they are sorted when one joined. */
export function groupMembers(
  groups: Pick<GroupIndex, 'members' | 'isInOrder' | 'keepOrder'>,
  alerts: AlertView,
  groupId: string,
): StoredAlert[] {
  const members: StoredAlert[] = [];
  for (const fingerprint of groups.members(groupId)) {
    const alert = alerts.get(fingerprint);
    if (alert !== undefined) members.push(alert);
  }
  if (groups.isInOrder(groupId)) return members;
  members.sort(flushOrder);
  groups.keepOrder(groupId, members);
  return members;
}
