import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

/** Gives tokens and answers messages so. */
const wechat =
  (message: string, token = '{"access_token":"tok-0123456789","errcode":0}'): Answer =>
  ({ target }, response) =>
    response.end(target.includes('/gettoken') ? token : message);

httpIntegrationContract({
  kind: 'wechat',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'wechat',
      {
        api_url: address,
        api_secret: secret,
        corp_id: 'corp',
        to_user: '@all',
        message: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: wechat('{"errcode":0,"errmsg":"ok"}'),
  retried: [500, 503, 400, 401, 404, 429],
  rejected: [],
  refusals: [
    ['a token that is over', wechat('{"errcode":42001,"errmsg":"access_token expired"}'), 'retryable'],
    ['a token that is none', wechat('{"errcode":40014,"errmsg":"invalid access_token"}'), 'retryable'],
    ['busy', wechat('{"errcode":-1,"errmsg":"system error"}'), 'retryable'],
    ['nobody', wechat('{"errcode":81013,"errmsg":"user & party & tag all invalid"}'), 'rejected'],
    ['no JSON', wechat('hello'), 'retryable'],
    ['no token', wechat('', '{"errcode":40001,"errmsg":"invalid credential"}'), 'rejected'],
    ['busy instead of a token', wechat('', '{"errcode":-1}'), 'retryable'],
    ['no JSON instead of a token', wechat('', 'hello'), 'retryable'],
  ],
});

describe('wechat', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  let answer: Answer;
  const { signal } = new AbortController();
  const ok = '{"errcode":0,"errmsg":"ok"}';

  beforeEach(async () => {
    answer = wechat(ok);
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-wechat-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it('asks for a token with its secret, and sends with the token', async () => {
    const api_secret_file = join(folder, 'secret');
    writeFileSync(api_secret_file, 'a b\n');
    integration = builtIntegration('wechat', { api_url: `${peer.origin()}/cgi-bin`, api_secret_file, corp_id: 'c' });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.requests.map(({ method, target }) => `${method} ${target}`)).toEqual([
      'GET /cgi-bin/gettoken?corpid=c&corpsecret=a+b',
      'POST /cgi-bin/message/send?access_token=tok-0123456789',
    ]);
  });

  it('keeps a token for two hours, and until it is over', async () => {
    const clock = new FakeClock();
    const entry = { api_url: peer.origin(), api_secret: 's', corp_id: 'c' };
    integration = builtIntegration('wechat', entry, { clock });
    const tokens = (): number => peer.requests.filter(({ method }) => method === 'GET').length;
    const told = () => integration.notify(aNotification(), signal);
    await told();
    await clock.advance(2 * 3_600_000);
    await told();
    expect(tokens()).toBe(1);
    await clock.advance(1);
    await told();
    expect(tokens()).toBe(2);
    answer = wechat('{"errcode":42001,"errmsg":"access_token expired"}');
    expect(await told()).toEqual({ kind: 'retryable', reason: 'other', message: 'access_token expired' });
    answer = wechat(ok);
    expect(await told()).toEqual({ kind: 'delivered' });
    expect(tokens()).toBe(3);
  });

  it('keeps a token for each caller', async () => {
    answer = ({ target }, response) => {
      const corp = new URL(target, peer.origin()).searchParams.get('corpid');
      response.end(corp === null ? ok : JSON.stringify({ access_token: `tok-of-${corp}`, errcode: 0 }));
    };
    const values = { corp: 'a' };
    const entry = { api_url: peer.origin(), api_secret: 's', corp_id: '{{ corp }}' };
    integration = builtIntegration('wechat', entry, { templates: fakeTemplates(values) });
    for (const corp of ['a', 'b', 'a']) {
      values.corp = corp;
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target }) => target.replace(/.*(?:corpid|access_token)=/, ''))).toEqual([
      'a&corpsecret=s',
      'tok-of-a',
      'b&corpsecret=s',
      'tok-of-b',
      'tok-of-a',
    ]);
  });

  it('shows no secret that is repeated where there is no token', async () => {
    answer = wechat('', '{"errcode":40001,"errmsg":"invalid credential canary-0123456789"}');
    integration = builtIntegration('wechat', { api_url: peer.origin(), api_secret: 'canary-0123456789', corp_id: 'c' });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'other',
      message: 'invalid APISecret for CorpID: c: invalid credential <redacted>',
    });
  });
});
