import { type DeliveryOutcome } from '../delivery/delivery-outcome';

/** How an attempt ends that its signal has ended. */
export function cutOff(signal: AbortSignal, mayBeHeard = false): DeliveryOutcome {
  const reason: unknown = signal.reason;
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError';
  return {
    kind: 'retryable',
    reason: isTimeout ? 'contextDeadlineExceeded' : 'contextCanceled',
    message: isTimeout ? 'timed out' : 'aborted',
    ...(mayBeHeard && { mayBeHeard }),
  };
}
