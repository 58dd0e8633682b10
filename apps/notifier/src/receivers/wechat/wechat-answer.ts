import { type HttpResponse, type HttpResult } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { httpOutcome } from '../../delivery/http-outcome';
import { jsonObject, textIn } from '../json-object';

/** All that is no success is tried again. Source: Alertmanager, `wechat`. */
const RETRIED: ReadonlySet<number> = new Set(Array.from({ length: 400 }, (_, index) => 100 + index));

/** Codes for a token that is over or never was one. Source: WeChat, global error codes. */
const TOKEN_OVER: ReadonlySet<number> = new Set([40_014, 42_001]);

/** WeChat is busy. */
const BUSY = -1;

/** An access token, or why there is none. */
export type WechatToken =
  { readonly ok: true; readonly token: string } | { readonly ok: false; readonly outcome: DeliveryOutcome };

/** What an answer to a message means, and whether the token is still good. */
export interface WechatAnswer {
  readonly outcome: DeliveryOutcome;
  readonly isTokenOver: boolean;
}

/** Reads the answer to a question for a token. */
export function wechatToken(result: HttpResult, nowMs: number, corpId: string): WechatToken {
  const outcome = httpOutcome(result, nowMs, RETRIED);
  if (outcome.kind !== 'delivered' || result.kind === 'error') return { ok: false, outcome };
  const answer = jsonObject(result.body);
  const token = textIn(answer ?? {}, 'access_token');
  if (token !== '') return { ok: true, token };
  if (answer === null || answer['errcode'] === BUSY) {
    return {
      ok: false,
      outcome: { kind: 'retryable', reason: 'other', message: 'no token in the response from WeChat' },
    };
  }
  const message = `invalid APISecret for CorpID: ${corpId}: ${textIn(answer, 'errmsg')}`;
  return { ok: false, outcome: { kind: 'rejected', reason: 'other', message } };
}

/** Reads the answer to a message. */
export function wechatAnswer({ body }: HttpResponse): WechatAnswer {
  const answer = jsonObject(body);
  const code = answer?.['errcode'] ?? (answer === null ? BUSY : 0);
  if (code === 0) return { outcome: { kind: 'delivered' }, isTokenOver: false };
  const isTokenOver = typeof code === 'number' && TOKEN_OVER.has(code);
  const kind = isTokenOver || code === BUSY ? 'retryable' : 'rejected';
  const message = answer === null ? `no JSON in the response from WeChat: ${body}` : textIn(answer, 'errmsg');
  return {
    outcome: { kind, reason: 'other', message: message || `error response from WeChat: ${String(code)}` },
    isTokenOver,
  };
}

/** Statuses after which a message is sent again. */
export { RETRIED as WECHAT_RETRY_CODES };
