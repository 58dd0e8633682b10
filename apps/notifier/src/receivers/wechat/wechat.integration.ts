import { redact } from '@tocsin/common/http/redact';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Rendering } from '../../templates/rendering';
import { withPath } from '../go-url';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { WECHAT_RETRY_CODES, wechatAnswer, type WechatToken, wechatToken } from './wechat-answer';
import { wechatMessage } from './wechat-message';
import { type WechatConfig } from './wechat.schema';
import { type WechatCaller, WechatTokens } from './wechat-tokens';

/** Sends messages by WeChat Work. */
export class WechatSender implements Sender<HttpAttempt> {
  private readonly tokens = new WechatTokens();

  constructor(private readonly config: WechatConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const setting = await settingOf(config.apiSecret, config.apiSecretFile, 'api_secret_file');
    if (!setting.ok) return setting.outcome;
    const make = (rendering: Rendering): { caller: WechatCaller; body: object } => ({
      caller: {
        secret: rendering.secret(setting.text, 'API secret'),
        corpId: rendering.required(config.corpId, 'corp_id'),
      },
      body: wechatMessage(config, rendering),
    });
    const made = attempt.message(make);
    if (!made.ok) return rejected(made.error);
    const { caller, body } = made.message;
    const access = await this.tokenFor(attempt, caller);
    if (!access.ok) return access.outcome;
    const { token } = access;
    const url = withPath(config.apiUrl, 'message/send', { access_token: token });
    return postJson(attempt, url, body, {
      secrets: [token, caller.secret],
      retryCodes: WECHAT_RETRY_CODES,
      accepted: (response) => {
        const { outcome, isTokenOver } = wechatAnswer(response);
        if (isTokenOver) this.tokens.forget(caller, token);
        return outcome;
      },
    });
  }

  /** Asks for one when there is none that is good. */
  private async tokenFor(attempt: HttpAttempt, caller: WechatCaller): Promise<WechatToken> {
    const { secret, corpId } = caller;
    const nowMs = attempt.nowMs();
    const kept = this.tokens.of(caller, nowMs);
    if (kept !== null) return { ok: true, token: kept };
    const url = withPath(this.config.apiUrl, 'gettoken', { corpid: corpId, corpsecret: secret });
    const result = await attempt.request('GET', url, { onlyAsks: true, secrets: [secret] });
    const access = wechatToken(result, nowMs, corpId);
    if (access.ok) this.tokens.keep(caller, access.token, nowMs);
    return access.ok ? access : withoutSecret(access, secret);
  }
}

/** The client hides nothing in an answer that is to be read. */
function withoutSecret(refused: Extract<WechatToken, { ok: false }>, secret: string): WechatToken {
  const { outcome } = refused;
  return outcome.kind === 'delivered'
    ? refused
    : { ok: false, outcome: { ...outcome, message: redact(outcome.message, [secret]) } };
}
