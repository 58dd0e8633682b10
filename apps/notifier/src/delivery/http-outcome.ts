import { headerOf, type HttpResponse, type HttpResult } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome, type FailureReason } from './delivery-outcome';

/** What an answer means for the notification. Source: Alertmanager: 2xx is success, 5xx is tried again, all else is
 *  final unless the receiver type names it in `retryCodes`. Ours: a 429 that says when to come back is tried again then. */
export function httpOutcome(
  result: HttpResult,
  nowMs: number,
  retryCodes: ReadonlySet<number> = NO_CODES,
  explain: Explain = () => '',
): DeliveryOutcome {
  if (result.kind === 'error') {
    const { code, message, isSent } = result;
    // Trying again would find the same rule.
    if (code === 'refused') return { kind: 'rejected', reason: 'other', message };
    return { kind: 'retryable', reason: errorReasons[code], message, ...(isSent && { mayBeHeard: true }) };
  }
  const { status } = result;
  if (status >= 200 && status <= 299) return { kind: 'delivered' };
  const message = `unexpected status code ${status}: ${explain(result) || result.body}`;
  const failure = { reason: statusReason(status), message };
  const retryAfterMs = retryAfter(result, nowMs);
  const isAskedAgain = status === 429 && retryAfterMs !== null;
  if (status < 500 && !retryCodes.has(status) && !isAskedAgain) return { kind: 'rejected', ...failure };
  return { kind: 'retryable', ...failure, ...(retryAfterMs !== null && { retryAfterMs }) };
}

/** What an answer that is no success says, in a few words; '' where it cannot be told: all of it is shown then. */
export type Explain = (response: HttpResponse) => string;

const NO_CODES: ReadonlySet<number> = new Set();

const errorReasons = {
  timeout: 'contextDeadlineExceeded',
  aborted: 'contextCanceled',
  network: 'other',
  tls: 'other',
  credentials: 'other',
} as const satisfies Record<string, FailureReason>;

/** Source: Alertmanager, label `reason` of `alertmanager_notifications_failed_total`. */
function statusReason(status: number): FailureReason {
  if (status === 401 || status === 403) return 'authError';
  if (status === 429) return 'rateLimited';
  if (status >= 500) return 'serverError';
  return status >= 400 ? 'clientError' : 'other';
}

/** How long the receiver asks us to wait, ms: seconds or a date; null when it says nothing sensible. */
function retryAfter(response: HttpResponse, nowMs: number): number | null {
  const value = headerOf(response, 'retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // `Date.parse` takes much that is no date of HTTP, such as a bare number.
  const dateMs = /^[A-Za-z]{3,9},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
}
