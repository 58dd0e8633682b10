import { type ReceiverData } from '../pipeline/notification-record';

/** How one attempt to deliver a notification ended. */
export type DeliveryOutcome =
  Delivered | ({ kind: 'retryable'; retryAfterMs?: number } & Failure) | ({ kind: 'rejected' } & Failure);

/** The receiver has accepted it. */
export interface Delivered {
  kind: 'delivered';
  /** A plain message went out because a template failed, or made what the receiver cannot read: which one, and how. */
  degraded?: string;
  /** What to keep for the next notification. Absent: what was kept before. */
  receiverData?: ReceiverData;
}

/** A receiver that asks for more is tried again after this all the same, ms: it must not keep pages back for a day. */
const LONGEST_WAIT_MS = 300_000;

/** How long the receiver asked to be left alone, ms; 0: it did not. */
export function askedWaitMs(outcome: DeliveryOutcome): number {
  return outcome.kind === 'retryable' ? Math.min(outcome.retryAfterMs ?? 0, LONGEST_WAIT_MS) : 0;
}

interface Failure {
  reason: FailureReason;
  message: string;
  /** It was sent and no answer came: the receiver may have taken it. */
  mayBeHeard?: true;
}

/** Source: Alertmanager, label `reason` of `alertmanager_notifications_failed_total`. */
export type FailureReason =
  'authError' | 'rateLimited' | 'clientError' | 'serverError' | 'contextCanceled' | 'contextDeadlineExceeded' | 'other';
