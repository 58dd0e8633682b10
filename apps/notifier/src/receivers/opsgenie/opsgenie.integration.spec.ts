import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { BROKEN_SECRET, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

const accepted: Answer = (_, response) => response.writeHead(202).end('{"result":"Request will be processed"}');

httpIntegrationContract({
  kind: 'opsgenie',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'opsgenie',
      {
        api_url: `${address}/${secret}`,
        api_key: secret,
        message: '{{ huge }}',
        description: broken ? '{{ broken }}' : '{{ huge }}',
        update_alerts: true,
      },
      { templates },
    ),
  success: accepted,
  retried: [429, 500, 503],
  rejected: [400, 401, 403, 404, 422],
});

describe('opsgenie', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  let answer: Answer;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    answer = accepted;
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-opsgenie-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it('reads the key from its file each time, and renders it', async () => {
    const file = join(folder, 'key');
    const templates = fakeTemplates({ key: ' second ' });
    integration = builtIntegration('opsgenie', { api_url: peer.origin(), api_key_file: file }, { templates });
    for (const key of ['first\n', '{{ key }}']) {
      writeFileSync(file, key);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    const keys = peer.requests.map(({ headers }) => headers.authorization);
    expect(keys).toEqual(['GenieKey first', 'GenieKey second']);
  });

  it('takes its own key, and not that of `http_config`', async () => {
    const http_config = { authorization: { credentials: 'another' } };
    integration = builtIntegration('opsgenie', { api_url: peer.origin(), api_key: 'own', http_config });
    await integration.notify(aNotification(), signal);
    expect(peer.only.headers).toMatchObject({ authorization: 'GenieKey own', 'content-type': 'application/json' });
  });

  it('says so when the template of its key fails', async () => {
    integration = builtIntegration('opsgenie', { api_url: peer.origin(), api_key: '{{ broken }}' });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'other',
      message: `failed to template API key: ${BROKEN_SECRET}`,
    });
  });

  it('ends with the first request that fails, and begins again with the first', async () => {
    const methods = (): string[] => peer.requests.map(({ method, target }) => `${method} ${target.slice(0, 11)}`);
    answer = (request, response) => response.writeHead(request.method === 'PUT' ? 500 : 202).end();
    integration = builtIntegration('opsgenie', { api_url: peer.origin(), api_key: 'k', update_alerts: true });
    expect(await integration.notify(aNotification(), signal)).toMatchObject({ kind: 'retryable' });
    expect(methods()).toEqual(['POST /v2/alerts', 'PUT /v2/alerts/']);
    answer = accepted;
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.requests).toHaveLength(5);
  });
});
