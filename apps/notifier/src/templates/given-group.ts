import { type Labels } from '@tocsin/common/labels/label-set';
import { epochNsOf, type Instant, isZeroTime } from '@tocsin/go-template/go/instant';
import { type FrozenAlert } from '../pipeline/notification-record';
import { NotificationFacts } from './notification-facts';

/** An alert as templates see it. */
export interface GivenAlert {
  readonly status: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: Instant;
  /** Go's zero time where there is none. */
  readonly endsAt: Instant;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** What templates see of a notification, as somebody wrote it down: nothing of it need follow from the rest.
 *  Source: Alertmanager, `template.Data`. */
export interface GivenGroup {
  readonly receiver: string;
  readonly status: string;
  readonly alerts: readonly GivenAlert[];
  readonly reason: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly routeLabels: Labels;
  readonly externalUrl: string;
}

/** The notification that is most like it, for templates that see more than what was written down. */
export function factsOfGiven(group: GivenGroup): NotificationFacts {
  const alerts = group.alerts.map(frozen);
  const isOver = alerts.every(({ endsAtMs }) => endsAtMs !== 0);
  const notification = {
    reason: isOver ? ('all alerts resolved' as const) : ('first notification' as const),
    sequence: 1,
    groupKey: '{}:{}',
    groupLabels: group.groupLabels,
    routeLabels: group.routeLabels,
    alerts,
    receiverData: {},
    before: null,
  };
  return new NotificationFacts(notification, group.receiver, group.externalUrl);
}

function frozen({ status, startsAt, endsAt, ...alert }: GivenAlert): FrozenAlert {
  const startsAtMs = msOf(startsAt);
  return {
    ...alert,
    startsAtMs,
    endsAtMs: status !== 'resolved' ? 0 : isZeroTime(endsAt) ? startsAtMs : msOf(endsAt),
    startsAtOffsetMin: 0,
    endsAtOffsetMin: 0,
    version: 1,
  };
}

function msOf(instant: Instant): number {
  return Number(epochNsOf(instant) / 1_000_000n);
}
