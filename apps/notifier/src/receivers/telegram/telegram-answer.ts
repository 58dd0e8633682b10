import { type HttpResult } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';
import { jsonObject, textIn } from '../json-object';

/** All that is no success is tried again. Source: Alertmanager, `telegram`. */
const RETRIED: ReadonlySet<number> = new Set(Array.from({ length: 400 }, (_, index) => 100 + index));

/** What an answer of the Bot API means. */
export function telegramAnswer(result: HttpResult, nowMs: number): DeliveryOutcome {
  const explain = (): string => descriptionOf(result);
  const outcome = httpOutcome(result, nowMs, RETRIED, explain);
  if (result.kind === 'error') return outcome;
  const answer = jsonObject(result.body);
  if (outcome.kind === 'delivered') {
    if (answer?.['ok'] === true) return outcome;
    const message = `error response from Telegram: ${explain() || result.body}`;
    return { kind: 'retryable', reason: 'other', message, ...(answer === null && { mayBeHeard: true }) };
  }
  const retryAfterMs = secondsToWait(answer?.['parameters']) * 1000;
  return outcome.kind === 'retryable' && retryAfterMs > 0 ? { ...outcome, retryAfterMs } : outcome;
}

/** How Telegram refused the markup of a message; null: it did not. */
export function refusedMarkup(result: HttpResult): string | null {
  const description = descriptionOf(result);
  const isRefused = result.kind === 'response' && result.status === 400 && /can't parse entities/i.test(description);
  return isRefused ? `Telegram refuses its markup: ${description}` : null;
}

function descriptionOf(result: HttpResult): string {
  return result.kind === 'response' ? textIn(jsonObject(result.body) ?? {}, 'description') : '';
}

/** How long a bot that has sent too much should wait; 0: it is not said. */
function secondsToWait(parameters: unknown): number {
  if (typeof parameters !== 'object' || parameters === null || !('retry_after' in parameters)) return 0;
  return typeof parameters.retry_after === 'number' ? parameters.retry_after : 0;
}
