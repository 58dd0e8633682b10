import { type Labels } from '@tocsin/common/labels/label-set';
import { type DeliveryLimits, type OnMuted } from '../delivery/delivery-limits';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type FrozenAlert, type NotifyReason, type ReceiverData, type Told } from '../pipeline/notification-record';

/** One entry of a receiver's `<kind>_configs`: a way to tell somebody. */
export interface Integration {
  /** `webhook`, `email`, …: the label of Alertmanager's metrics. */
  readonly kind: string;
  readonly receiver: string;
  /** Position in its own list. */
  readonly index: number;
  /** `receiver/kind/index`: identity in notification records, lanes and metrics. */
  readonly key: string;
  readonly sendResolved: boolean;
  /** Null: the route says. */
  readonly onMuted: OnMuted | null;
  readonly limits: DeliveryLimits;
  /** Sends one notification; never throws for what a receiver or network does. Ends when `signal` aborts. */
  notify(notification: Notification, signal: AbortSignal): Promise<DeliveryOutcome>;
  /** Closes connections; no call follows. */
  close(): Promise<void>;
}

/** One message to one integration. */
export interface Notification {
  readonly reason: NotifyReason;
  /** Grows with every notification of this (group, integration): the idempotency key. */
  readonly sequence: number;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly routeLabels: Labels;
  /** In flush order; without the resolved ones where the integration does not send them. */
  readonly alerts: readonly FrozenAlert[];
  /** What the integration kept of the notification before; nothing for a first one. */
  readonly receiverData: ReceiverData;
  /** What the receiver was told before; null: nothing. */
  readonly before: Told | null;
  /** Earlier tries never came to an end: without templates, the plainest message there is. */
  readonly plain?: true;
}
