import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { jsonObject, textIn } from '../json-object';

/** What an answer with status 2xx means. Source: Alertmanager, `rocketchat`. */
export function rocketchatAnswer({ body, truncated }: HttpResponse): DeliveryOutcome {
  // Only one that repeats a message is longer than what is read of it.
  if (truncated) return { kind: 'delivered' };
  const answer = jsonObject(body);
  if (answer === null) {
    const message = `no JSON in the response from Rocketchat: ${body}`;
    return { kind: 'retryable', reason: 'clientError', message, mayBeHeard: true };
  }
  if (answer['success'] === true) return { kind: 'delivered' };
  const message = `error response from Rocketchat: ${textIn(answer, 'error')}`;
  return { kind: 'rejected', reason: 'clientError', message };
}
