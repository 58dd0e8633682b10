import { headerOf, type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { jsonObject, textIn } from '../json-object';
import { type PostedMessage } from './slack-message';

/** What an answer with status 2xx means, and which message it speaks of. */
export interface SlackAnswer {
  readonly outcome: DeliveryOutcome;
  readonly posted: PostedMessage | null;
}

/** Reads the answer of Slack's API, in JSON, or of an incoming webhook, in one word. Source: Alertmanager, `slack`. */
export function slackAnswer(response: HttpResponse): SlackAnswer {
  const { body } = response;
  const isJson = headerOf(response, 'content-type')?.startsWith('application/json') ?? false;
  if (!isJson) return body === 'ok' ? accepted(null) : refused(`received an error response from Slack: ${body}`);
  const answer = jsonObject(body);
  if (answer === null) return unreadable(body);
  if (answer['ok'] !== true) return refused(`error response from Slack: ${textIn(answer, 'error')}`);
  const posted = { ts: textIn(answer, 'ts'), channel: textIn(answer, 'channel') };
  return accepted(posted.ts === '' || posted.channel === '' ? null : posted);
}

function accepted(posted: PostedMessage | null): SlackAnswer {
  return { outcome: { kind: 'delivered' }, posted };
}

function refused(message: string): SlackAnswer {
  return { outcome: { kind: 'rejected', reason: 'clientError', message }, posted: null };
}

function unreadable(body: string): SlackAnswer {
  const message = `no JSON in the response from Slack: ${body}`;
  return { outcome: { kind: 'retryable', reason: 'clientError', message, mayBeHeard: true }, posted: null };
}
