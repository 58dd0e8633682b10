import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

const says =
  (body: string): Answer =>
  (_, response) =>
    response.end(body);

httpIntegrationContract({
  kind: 'rocketchat',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'rocketchat',
      {
        api_url: address,
        token: secret,
        token_id: `id-${secret}`,
        title: '{{ huge }}',
        text: broken ? '{{ broken }}' : '{{ huge }}',
      },
      { templates },
    ),
  success: says('{"success":true}'),
  retried: [500, 503],
  rejected: [400, 401, 404, 429],
  refusals: [
    ['JSON that says no', says('{"success":false,"error":"[invalid-channel]"}'), 'rejected'],
    ['JSON that says nothing', says('{}'), 'rejected'],
    ['no JSON', says('hello'), 'retryable'],
  ],
});

describe('rocketchat', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  let answer: Answer;
  const { signal } = new AbortController();

  beforeEach(async () => {
    answer = says('{"success":true}');
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-rocketchat-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['', '/', '/chat', '/chat/'])('calls the API at %j, with a token and its id from files', async (path) => {
    const [token_file, token_id_file] = [join(folder, 'token'), join(folder, 'id')];
    writeFileSync(token_file, 'tok\n');
    writeFileSync(token_id_file, 'me\n');
    integration = builtIntegration('rocketchat', { api_url: peer.origin() + path, token_file, token_id_file });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({
      method: 'POST',
      target: `${path.replace(/\/$/, '')}/api/v1/chat.postMessage`,
      headers: { 'x-auth-token': 'tok', 'x-user-id': 'me' },
    });
  });

  it('takes an answer for a yes that repeats more than it reads', async () => {
    answer = says(`{"message":"${'x'.repeat(1_100_000)}","success":true}`);
    integration = builtIntegration('rocketchat', { api_url: peer.origin(), token: 't', token_id: 'i' });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
  });

  it('names the channel that refuses', async () => {
    answer = says('{"success":false,"error":"[invalid-channel]"}');
    const entry = { api_url: peer.origin(), token: 't', token_id: 'i', channel: '#ops' };
    integration = builtIntegration('rocketchat', entry);
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'clientError',
      message: 'channel "#ops": error response from Rocketchat: [invalid-channel]',
    });
  });
});
