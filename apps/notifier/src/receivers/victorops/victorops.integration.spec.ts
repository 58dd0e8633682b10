import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { BROKEN, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'victorops',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'victorops',
      {
        api_url: address,
        api_key: secret,
        routing_key: 'team',
        state_message: broken ? '{{ broken }}' : '{{ huge }}',
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: (_, response) => response.end('{"result":"success"}'),
  retried: [500, 503],
  rejected: [400, 403, 404, 429],
});

describe('victorops', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    peer = await HttpPeer.start();
    folder = mkdtempSync(join(tmpdir(), 'tocsin-victorops-'));
  });

  afterEach(async () => {
    await peer.stop();
    await integration.close();
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['as they are', '', 'key', 'team', '/key/team'],
    ['after another path', '/integrations/', 'key', 'team', '/integrations/key/team'],
    ['escaped', '', 'a?b', '{{ team }}', '/a%3Fb/two%20words'],
  ])('puts key and routing key into the address: %s', async (_, path, api_key, routing_key, target) => {
    const entry = { api_url: peer.origin() + path, api_key, routing_key };
    integration = builtIntegration('victorops', entry, { templates: fakeTemplates({ team: 'two words' }) });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only.target).toBe(target);
  });

  it('reads the key from its file each time', async () => {
    const file = join(folder, 'key');
    integration = builtIntegration('victorops', { api_url: peer.origin(), api_key_file: file, routing_key: 'r' });
    for (const key of ['first\n', ' second ']) {
      writeFileSync(file, key);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target }) => target)).toEqual(['/first/r', '/second/r']);
  });

  it('shows no key that is short', async () => {
    await peer.stop();
    peer = await HttpPeer.start((request, response) =>
      response.writeHead(400).end(`no such key: ${request.target.slice(1, 6)}`),
    );
    integration = builtIntegration('victorops', { api_url: peer.origin(), api_key: 'k1234', routing_key: 'r' });
    expect(await integration.notify(aNotification(), signal)).toMatchObject({
      message: 'unexpected status code 400: no such key: <redacted>',
    });
  });

  it('sends nothing when the template of the routing key fails', async () => {
    const entry = { api_url: peer.origin(), api_key: 'k', routing_key: '{{ broken }}' };
    integration = builtIntegration('victorops', entry);
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'other',
      message: `failed to template routing key: ${BROKEN}`,
    });
    expect(peer.requests).toEqual([]);
  });
});
