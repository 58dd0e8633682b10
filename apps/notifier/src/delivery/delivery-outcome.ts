/** How one attempt to deliver a notification ended. */
export type DeliveryOutcome =
  | { kind: 'delivered' }
  | { kind: 'retryable'; reason: FailureReason; message: string; retryAfterMs?: number }
  | { kind: 'rejected'; reason: FailureReason; message: string };

/** Source: Alertmanager, label `reason` of `alertmanager_notifications_failed_total`. */
export type FailureReason =
  'authError' | 'rateLimited' | 'clientError' | 'serverError' | 'contextCanceled' | 'contextDeadlineExceeded' | 'other';
