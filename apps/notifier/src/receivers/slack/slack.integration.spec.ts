import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@tocsin/common/config/secret';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration, builtWith } from '../testing/built-integration';
import { SlackSender } from './slack.integration';

const json =
  (body: string, type = 'application/json; charset=utf-8'): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-type': type }).end(body);

const text: Answer = (_, response) => response.end('ok');

const refusals = [
  ['another word', (_, response) => response.end('invalid_token'), 'rejected'],
  ['JSON that says no', json('{"ok":false,"error":"channel_not_found"}'), 'rejected'],
  ['JSON that says nothing', json('{}'), 'rejected'],
  ['broken JSON', json('{"ok":true'), 'retryable'],
  ['JSON that is called a text', json('{"ok":true}', 'text/plain'), 'rejected'],
] as const satisfies readonly (readonly [string, Answer, 'retryable' | 'rejected'])[];

httpIntegrationContract({
  kind: 'slack',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'slack',
      {
        api_url: `${address}/${secret}?key=${secret}`,
        title: '{{ huge }}',
        text: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: text,
  retried: [500, 503],
  rejected: [400, 403, 404, 429],
  refusals,
});

describe('slack', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  let answer: Answer;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    answer = text;
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-slack-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it('names the channel that refuses', async () => {
    answer = json('{"ok":false,"error":"channel_not_found"}');
    integration = builtIntegration('slack', { api_url: peer.origin(), channel: '#ops' });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'clientError',
      message: 'channel "#ops": error response from Slack: channel_not_found',
    });
  });

  it('speaks as an app where it has a token, also one from a file', async () => {
    answer = json('{"ok":true,"ts":"1","channel":"C"}');
    const file = join(folder, 'token');
    writeFileSync(file, 'from-file\n');
    for (const token of [{ app_token: 'xoxb-1' }, { app_token_file: file }]) {
      integration = builtIntegration('slack', { ...token, app_url: `${peer.origin()}/app`, channel: 'c' });
      // Nothing is kept without `update_message`.
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target, headers }) => [target, headers.authorization])).toEqual([
      ['/app', 'Bearer xoxb-1'],
      ['/app', 'Bearer from-file'],
    ]);
  });

  it('reads the address from its file each time', async () => {
    const file = join(folder, 'url');
    integration = builtIntegration('slack', { api_url_file: file });
    for (const path of ['/old', '/new']) {
      writeFileSync(file, `${peer.origin()}${path}\n`);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target }) => target)).toEqual(['/old', '/new']);
  });

  it('has a time-out of its own', async () => {
    answer = () => {};
    integration = builtIntegration('slack', { api_url: peer.origin(), timeout: '50ms' });
    const outcome = await integration.notify(aNotification(), signal);
    expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('timed out after 50 ms') });
  });

  it('reads an answer that repeats a long message', async () => {
    answer = json(`{"message":"${'x'.repeat(500_000)}","ok":true}`);
    integration = builtIntegration('slack', { api_url: peer.origin() });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
  });

  it('changes the message that it posted', async () => {
    const entry = { api_url: 'https://slack.com/api/chat.postMessage', update_message: true, channel: '#ops' };
    integration = builtWith('slack', entry, (config) => {
      return new SlackSender({ ...config, apiUrl: new Secret(`${peer.origin()}/post`) }, `${peer.origin()}/update`);
    });
    answer = json('{"ok":true,"ts":"1700.5","channel":"C1"}');
    const receiverData = { threadTs: '1700.5', channelId: 'C1' };
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered', receiverData });
    // An answer that names no message: what was kept stays.
    answer = json('{"ok":true}');
    expect(await integration.notify(aNotification({ receiverData }), signal)).toEqual({ kind: 'delivered' });
    const requests = peer.requests.map(({ target, body }) => [target, JSON.parse(body)]);
    expect(requests).toEqual([
      ['/post', expect.objectContaining({ channel: '#ops' })],
      ['/update', expect.objectContaining({ channel: 'C1', ts: '1700.5' })],
    ]);
  });

  it.each([
    ['thread', 'thread_not_found', '/post', { thread_ts: '1700.5' }],
    ['update_message', 'message_not_found', '/update', { ts: '1700.5' }],
    ['update_message', 'edit_window_closed', '/update', { ts: '1700.5' }],
    ['update_message', 'is_inactive', '/update', { ts: '1700.5' }],
  ])('with %s posts anew where the answer is %s', async (key, error, path, named) => {
    const entry = { api_url: 'https://slack.com/api/chat.postMessage', [key]: true, channel: '#ops' };
    integration = builtWith('slack', entry, (config) => {
      return new SlackSender({ ...config, apiUrl: new Secret(`${peer.origin()}/post`) }, `${peer.origin()}/update`);
    });
    answer = (request, response) => {
      const isGone = JSON.parse(request.body).channel === 'C1';
      const body = isGone ? `{"ok":false,"error":"${error}"}` : '{"ok":true,"ts":"1800.5","channel":"C2"}';
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    };
    const receiverData = { threadTs: '1700.5', channelId: 'C1' };
    expect(await integration.notify(aNotification({ receiverData }), signal)).toEqual({
      kind: 'delivered',
      receiverData: { threadTs: '1800.5', channelId: 'C2' },
    });
    const requests = peer.requests.map(({ target, body }) => [target, JSON.parse(body)]);
    expect(requests).toEqual([
      [path, expect.objectContaining({ channel: 'C1', ...named })],
      ['/post', expect.objectContaining({ channel: '#ops' })],
    ]);
  });

  it('keeps the first message of a thread', async () => {
    const entry = { api_url: 'https://slack.com/api/chat.postMessage', thread: true, channel: '#ops' };
    integration = builtWith('slack', entry, (config) => {
      return new SlackSender({ ...config, apiUrl: new Secret(`${peer.origin()}/post`) });
    });
    answer = json('{"ok":true,"ts":"1900.5","channel":"C1"}');
    const receiverData = { threadTs: '1700.5', channelId: 'C1' };
    expect(await integration.notify(aNotification({ receiverData }), signal)).toEqual({ kind: 'delivered' });
    expect(JSON.parse(peer.only.body)).toMatchObject({ channel: 'C1', thread_ts: '1700.5' });
  });
});
