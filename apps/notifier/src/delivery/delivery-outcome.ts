import { type ReceiverData } from '../pipeline/notification-record';

/** How one attempt to deliver a notification ended. */
export type DeliveryOutcome =
  Delivered | ({ kind: 'retryable'; retryAfterMs?: number } & Failure) | ({ kind: 'rejected' } & Failure);

/** The receiver has accepted it. */
export interface Delivered {
  kind: 'delivered';
  /** A plain message went out because a template failed: which one, and how. */
  degraded?: string;
  /** What to keep for the next notification. Absent: what was kept before. */
  receiverData?: ReceiverData;
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
