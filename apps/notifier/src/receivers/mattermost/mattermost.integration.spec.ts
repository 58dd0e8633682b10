import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { describe, expect, it } from 'vitest';
import { aNotification, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'mattermost',
  create: (address, secret, templates, broken) =>
    builtIntegration(
      'mattermost',
      {
        webhook_url: `${address}/hooks/${secret}`,
        text: broken ? '{{ broken }}' : '{{ huge }}',
        attachments: [{ title: 'a' }],
        http_config: { authorization: { credentials: secret } },
      },
      { templates },
    ),
  success: (_, response) => response.end('ok'),
  retried: [500, 503],
  rejected: [400, 401, 404, 429],
});

describe('mattermost', () => {
  it('reads the address from its file each time, and names the channel that refuses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-mattermost-'));
    const peer = await HttpPeer.start((_, response) => response.writeHead(404).end('no such channel'));
    const webhook_url_file = join(folder, 'url');
    const integration = builtIntegration('mattermost', { webhook_url_file, channel: 'ops' });
    const { signal } = new AbortController();
    writeFileSync(webhook_url_file, '\n');
    expect(await integration.notify(aNotification(), signal)).toMatchObject({
      kind: 'retryable',
      message: `read webhook_url_file ${webhook_url_file}: it is empty`,
    });
    writeFileSync(webhook_url_file, `${peer.origin()}/x\n`);
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'clientError',
      message: 'channel "ops": unexpected status code 404: no such channel',
    });
    expect(peer.only.target).toBe('/x');
    await integration.close();
    await peer.stop();
    rmSync(folder, { recursive: true });
  });
});
