import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

const json =
  (status: number, body: object): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const success = json(200, { ok: true, result: { message_id: 1 } });

httpIntegrationContract({
  kind: 'telegram',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'telegram',
      {
        api_url: address,
        bot_token: `123:${secret}`,
        chat_id: 5,
        message: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success,
  retried: [500, 502, 400, 401, 403, 404, 429, 302],
  rejected: [],
  refusals: [
    ['JSON that says no', json(200, { ok: false, description: 'no' }), 'retryable'],
    ['JSON that says nothing', json(200, {}), 'retryable'],
    ['no JSON', (_, response) => response.end('hello'), 'retryable'],
  ],
});

describe('telegram', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  let answer: Answer;
  const { signal } = new AbortController();

  beforeEach(async () => {
    answer = success;
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-telegram-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it('calls the API of its bot', async () => {
    integration = builtIntegration('telegram', { api_url: peer.origin(), bot_token: '1:x', chat_id: 5 });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ method: 'POST', target: '/bot1:x/sendMessage' });
  });

  it('reads token and chat from their files each time', async () => {
    const [token, chat] = [join(folder, 'token'), join(folder, 'chat')];
    integration = builtIntegration('telegram', { api_url: peer.origin(), bot_token_file: token, chat_id_file: chat });
    writeFileSync(token, '1:x\n');
    writeFileSync(chat, 'ops');
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: 'chat_id_file holds no number',
    });
    writeFileSync(chat, ' -7\n');
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ target: '/bot1:x/sendMessage', body: expect.stringContaining('"chat_id":"-7"') });
  });

  it('says what Telegram says, and waits as long as it is asked to', async () => {
    integration = builtIntegration('telegram', { api_url: peer.origin(), bot_token: '1:x', chat_id: 5 });
    answer = json(429, { ok: false, description: 'Too Many Requests: retry after 9', parameters: { retry_after: 9 } });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'retryable',
      reason: 'rateLimited',
      message: 'unexpected status code 429: Too Many Requests: retry after 9',
      retryAfterMs: 9_000,
    });
  });

  describe('where Telegram cannot read the markup', () => {
    const description = "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 5";
    const refusal = json(400, { ok: false, error_code: 400, description });
    const sent = (): { parse_mode?: string; text: string }[] => peer.requests.map(({ body }) => JSON.parse(body));

    it.each(['HTML', 'Markdown', 'MarkdownV2'])('sends without it what was in %s', async (mode) => {
      const own = { parse_mode: mode, message: '*a', bot_token: '1:x', chat_id: 5 };
      integration = builtIntegration('telegram', { api_url: peer.origin(), ...own });
      answer = (request, ...rest) => (request.body.includes('parse_mode') ? refusal : success)(request, ...rest);
      expect(await integration.notify(aNotification(), signal)).toEqual({
        kind: 'delivered',
        degraded: `Telegram refuses its markup: ${description}`,
      });
      const [first, second] = sent();
      expect(peer.requests).toHaveLength(2);
      expect(first).toMatchObject({ parse_mode: mode, text: '*a' });
      expect(second?.text).toMatch(/^\[FIRING:1\] DiskFull\n\n[^]*can't parse entities/);
      expect(second).not.toHaveProperty('parse_mode');
    });

    it('does so once', async () => {
      integration = builtIntegration('telegram', { api_url: peer.origin(), bot_token: '1:x', chat_id: 5 });
      answer = refusal;
      expect(await integration.notify(aNotification(), signal)).toMatchObject({ kind: 'retryable' });
      expect(peer.requests).toHaveLength(2);
    });

    it.each([
      ['there is none', { parse_mode: '' }, refusal],
      ['it is not what is wrong', {}, json(400, { ok: false, description: 'Bad Request: chat not found' })],
    ])('does not where %s', async (_, own, given) => {
      integration = builtIntegration('telegram', { api_url: peer.origin(), bot_token: '1:x', chat_id: 5, ...own });
      answer = given;
      expect(await integration.notify(aNotification(), signal)).toMatchObject({ kind: 'retryable' });
      expect(peer.requests).toHaveLength(1);
    });
  });
});
