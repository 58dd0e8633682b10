import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../delivery/delivery-outcome';
import { type Explain, httpOutcome } from '../delivery/http-outcome';
import { goJson } from './go-json';
import { type HttpAttempt, type ReceiverRequest } from './sender';

/** What is particular to a kind of receiver. */
export interface PostOptions extends Omit<ReceiverRequest, 'body'> {
  /** Default `POST`. */
  readonly method?: 'POST' | 'PUT';
  /** Statuses below 500 after which it is tried again. */
  readonly retryCodes?: ReadonlySet<number>;
  /** Finds the words in an answer that is no success. */
  readonly explain?: Explain;
  /** What an answer with status 2xx means; default: it was accepted. */
  accepted?(response: HttpResponse): DeliveryOutcome;
}

/** The headers of a message in JSON. */
export const JSON_HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/json' };

/** Posts a message as Go's encoder writes it, see `goJson`; a text is posted as it is. */
export async function postJson(
  attempt: HttpAttempt,
  url: string,
  message: unknown,
  options: PostOptions = {},
): Promise<DeliveryOutcome> {
  const body = typeof message === 'string' ? message : goJson(message);
  const headers = { ...JSON_HEADERS, ...options.headers };
  const result = await attempt.request(options.method ?? 'POST', url, {
    ...options,
    headers,
    body,
    hidesSuccess: options.accepted !== undefined,
  });
  const outcome = httpOutcome(result, attempt.nowMs(), options.retryCodes, options.explain);
  if (outcome.kind !== 'delivered' || result.kind !== 'response') return outcome;
  return options.accepted?.(result) ?? outcome;
}
