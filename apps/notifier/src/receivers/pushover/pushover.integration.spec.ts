import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { BROKEN_SECRET, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Templates } from '../../templates/templates';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtWith } from '../testing/built-integration';
import { PushoverSender } from './pushover.integration';

const built = (apiUrl: string, entry: object, templates: Templates = fakeTemplates()): Integration =>
  builtWith('pushover', { priority: '1', ...entry }, (config) => new PushoverSender(config, apiUrl), { templates });

httpIntegrationContract({
  kind: 'pushover',
  create: (address, secret, templates, broken) =>
    built(
      `${address}/messages.json`,
      {
        token: secret,
        user_key: `${secret}-user`,
        title: '{{ huge }}',
        url: '{{ huge }}',
        message: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      templates,
    ),
  success: (_, response) => response.end('{"status":1}'),
  retried: [500, 503],
  rejected: [400, 403, 404, 429],
  tooLarge: (requests) =>
    requests.some(({ target }) => target.length > 32_000) ? 'a longer address than servers take' : undefined,
});

describe('pushover', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    peer = await HttpPeer.start();
    folder = mkdtempSync(join(tmpdir(), 'tocsin-pushover-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it('asks for all in the address', async () => {
    const entry = { token: 't', user_key: 'u', title: 'a b', message: 'm&n', url: 'http://x.test/?y=*', html: true };
    integration = built(`${peer.origin()}/messages.json`, entry);
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ method: 'POST', body: '' });
    expect(peer.only.headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': '0' });
    expect(peer.only.target).toBe(
      '/messages.json?device=&expire=3600&html=1&message=m%26n&priority=1&retry=60&sound=&title=a+b&token=t' +
        '&url=http%3A%2F%2Fx.test%2F%3Fy%3D%2A&url_title=&user=u',
    );
  });

  it('reads the keys from their files each time as they are, and renders them', async () => {
    const [token_file, user_key_file] = [join(folder, 'token'), join(folder, 'user')];
    integration = built(peer.origin(), { token_file, user_key_file }, fakeTemplates({ who: 'me' }));
    for (const [token, user] of [
      ['t1', 'u1\n'],
      ['t2', '{{ who }}'],
    ] as const) {
      writeFileSync(token_file, token);
      writeFileSync(user_key_file, user);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    const keys = peer.requests.map(({ target }) => new URL(target, 'http://x').searchParams);
    expect(keys.map((query) => [query.get('token'), query.get('user')])).toEqual([
      ['t1', 'u1\n'],
      ['t2', 'me'],
    ]);
  });

  it('does not send what an empty file holds', async () => {
    const user_key_file = join(folder, 'user');
    writeFileSync(user_key_file, '\n');
    integration = built(peer.origin(), { token: 't', user_key_file });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: `read user_key_file ${user_key_file}: it is empty`,
    });
    expect(peer.requests).toEqual([]);
  });

  it('says which file is missing', async () => {
    integration = built(peer.origin(), { token: 't', user_key_file: join(folder, 'none') });
    expect(await integration.notify(aNotification(), signal)).toMatchObject({
      message: `read user_key_file ${join(folder, 'none')}: there is no such file`,
    });
  });

  it('sends nothing when the template of a key fails', async () => {
    integration = built(peer.origin(), { token: 't', user_key: '{{ broken }}' });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'other',
      message: `failed to template user key: ${BROKEN_SECRET}`,
    });
    expect(peer.requests).toEqual([]);
  });

  it('shows no key that is short', async () => {
    await peer.stop();
    peer = await HttpPeer.start((_, response) => response.writeHead(400).end('{"token":"k123","user":"u123"}'));
    integration = built(peer.origin(), { token: 'k123', user_key: 'u123' });
    expect(await integration.notify(aNotification(), signal)).toMatchObject({
      message: 'unexpected status code 400: {"token":"<redacted>","user":"<redacted>"}',
    });
  });
});
