import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';

/** Asked too often, Teams says 429. */
const RETRY_CODES: ReadonlySet<number> = new Set([429]);

/** What an answer with status 2xx means: connectors say that Teams itself has refused a message only in its text.
 *  Source: Microsoft, rate limiting for connectors. */
export function msteamsAnswer(response: HttpResponse, nowMs: number): DeliveryOutcome {
  const [, status] = /Microsoft Teams endpoint returned HTTP error (\d{3})/.exec(response.body) ?? [];
  if (status === undefined) return { kind: 'delivered' };
  return httpOutcome({ ...response, status: Number(status) }, nowMs, RETRY_CODES);
}
