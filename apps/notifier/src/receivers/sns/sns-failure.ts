import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';

/** What a service said when it refused. */
export interface SnsRefusal {
  /** `AuthorizationError`, `Throttling`, … */
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly headers: HttpResponse['headers'];
}

/** Codes for having asked too often; their status is 400. */
const THROTTLED = /throttl|toomanyrequests|requestlimitexceeded|slowdown/i;

/** What a refusal means. Source: Alertmanager, `sns`: its status counts. */
export function snsRefusal({ code, message, status, headers }: SnsRefusal, nowMs: number): DeliveryOutcome {
  const response = { kind: 'response', status, headers, body: message, truncated: false } as const;
  if (!THROTTLED.test(code)) return httpOutcome(response, nowMs);
  const outcome = httpOutcome(response, nowMs, new Set([status]));
  return outcome.kind === 'delivered' ? outcome : { ...outcome, reason: 'rateLimited' };
}
