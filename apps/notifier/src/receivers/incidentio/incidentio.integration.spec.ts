import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, HttpPeer } from '@tocsin/common/http/testing/http-peer';
import { type Integration } from '../integration';
import { aNotification, anAlert, httpIntegrationContract } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

httpIntegrationContract({
  kind: 'incidentio',
  create: (address, secret, templates) =>
    builtIntegration('incidentio', { url: `${address}/${secret}`, alert_source_token: secret }, { templates }),
  hasTemplates: false,
  success: (_, response) => response.writeHead(202).end('{"status":"success"}'),
  retried: [429, 500, 503],
  rejected: [400, 401, 403, 404, 422],
  tooLarge: (requests) =>
    requests.some(({ body }) => Buffer.byteLength(body) > 512 * 1024) ? 'a message larger than 512 KiB' : undefined,
});

describe('incidentio', () => {
  let peer: HttpPeer;
  let folder: string;
  let integration: Integration | undefined;
  let answer: Answer;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    answer = (_, response) => response.end();
    peer = await HttpPeer.start((...rest) => answer(...rest));
    folder = mkdtempSync(join(tmpdir(), 'tocsin-incidentio-'));
    integration = undefined;
  });

  afterEach(async () => {
    await peer.stop();
    await integration?.close();
    rmSync(folder, { recursive: true });
  });

  it.each<[what: string, own: object, global: object, authorization: string | undefined]>([
    ['its own token', { alert_source_token: 'own' }, {}, 'Bearer own'],
    [
      'its own token instead of the global one',
      { alert_source_token: 'own' },
      { http_config: { authorization: { credentials: 'global' } } },
      'Bearer own',
    ],
    ['that of `http_config`', { http_config: { authorization: { credentials: 'http' } } }, {}, 'Bearer http'],
    ['none', {}, {}, undefined],
  ])('takes %s', async (_, own, global, authorization) => {
    integration = builtIntegration('incidentio', { url: `${peer.origin()}/alerts`, ...own }, { global });
    expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    expect(peer.only).toMatchObject({ method: 'POST', target: '/alerts' });
    expect(peer.only.headers.authorization).toBe(authorization);
  });

  it('reads a token file each time, and waits for it', async () => {
    const file = join(folder, 'token');
    integration = builtIntegration('incidentio', { url: peer.origin(), alert_source_token_file: file });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: `read alert_source_token_file ${file}: there is no such file`,
    });
    for (const text of [' first\n', 'second']) {
      writeFileSync(file, text);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it('reads the address from its file each time', async () => {
    const file = join(folder, 'url');
    integration = builtIntegration('incidentio', { url_file: file, alert_source_token: 't' });
    for (const path of ['/old', '/new']) {
      writeFileSync(file, `${peer.origin()}${path}\n`);
      expect(await integration.notify(aNotification(), signal)).toEqual({ kind: 'delivered' });
    }
    expect(peer.requests.map(({ target }) => target)).toEqual(['/old', '/new']);
  });

  it('tells of as many alerts as it may', async () => {
    integration = builtIntegration('incidentio', { url: peer.origin(), alert_source_token: 't', max_alerts: 1 });
    const alerts = [anAlert({ endsAtMs: 1_000 }), anAlert()];
    await integration.notify(aNotification({ alerts }), signal);
    expect(JSON.parse(peer.only.body)).toMatchObject({ status: 'resolved', alerts: { length: 1 }, truncatedAlerts: 1 });
  });

  it.each([
    ['what is wrong', '{"message":"m","error":"e","errors":["a","b"]}', 'm: e: a, b'],
    ['one thing', '{"error":"e"}', 'e'],
    ['the whole answer where there is nothing else', '{"status":422}', '{"status":422}'],
  ])('says %s', async (_, body, said) => {
    answer = (_, response) => response.writeHead(422).end(body);
    integration = builtIntegration('incidentio', { url: peer.origin(), alert_source_token: 't' });
    expect(await integration.notify(aNotification(), signal)).toEqual({
      kind: 'rejected',
      reason: 'clientError',
      message: `unexpected status code 422: ${said}`,
    });
  });

  it('has a time-out of its own', async () => {
    answer = () => {};
    integration = builtIntegration('incidentio', { url: peer.origin(), alert_source_token: 't', timeout: '50ms' });
    const outcome = await integration.notify(aNotification(), signal);
    expect(outcome).toMatchObject({ kind: 'retryable', message: expect.stringContaining('timed out after 50 ms') });
  });
});
