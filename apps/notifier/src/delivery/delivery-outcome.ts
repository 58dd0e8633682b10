/** How one attempt to deliver a notification ended. */
export type DeliveryOutcome =
  { kind: 'delivered' } | ({ kind: 'retryable'; retryAfterMs?: number } & Failure) | ({ kind: 'rejected' } & Failure);

interface Failure {
  reason: FailureReason;
  message: string;
  /** It was sent and no answer came: the receiver may have taken it. */
  mayBeHeard?: true;
}

/** Source: Alertmanager, label `reason` of `alertmanager_notifications_failed_total`. */
export type FailureReason =
  'authError' | 'rateLimited' | 'clientError' | 'serverError' | 'contextCanceled' | 'contextDeadlineExceeded' | 'other';
